import { createApp } from './app.ts';

const server = createApp();
server.listen(Number(process.env['PORT'] ?? 8080));

// Before an environment goes, Lambda tells the process, as any platform for containers does.
process.once('SIGTERM', () => server.close());
