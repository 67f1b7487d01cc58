import { createApp } from './app.ts';
import { log } from './log.ts';

const app = createApp();
app.listen(Number(process.env['PORT'] ?? 8080), () => log('INFO', 'listening'));

// ECS takes the task out of the load balancer first. What is under way is answered, then the process ends by itself.
process.once('SIGTERM', () => {
  log('INFO', 'stopping');
  // Nor are connections kept after that.
  app.keepAliveTimeout = 1;
  app.close(() => log('INFO', 'stopped'));
});
