import { createServer } from 'node:http';
import type { Properties } from './properties.ts';

/** "Monitoring", Fluent Bit manual: what health checks ask. Metrics are not here. */
export function startMonitoring(service: Properties): void {
  if (!service.flag('http_server', false)) return;
  const started = Date.now();
  const server = createServer((request, response) => {
    const seconds = Math.floor((Date.now() - started) / 1000);
    const answers: Readonly<Record<string, string>> = {
      '/': JSON.stringify({ 'fluent-bit': { edition: 'Community' } }),
      '/api/v1/health': 'ok\n',
      '/api/v1/uptime': JSON.stringify({
        uptime_sec: seconds,
        uptime_hr: `Fluent Bit has been running: ${seconds} seconds`,
      }),
    };
    const answer = answers[request.url ?? ''];
    response.writeHead(answer === undefined ? 404 : 200).end(answer);
  });
  server.listen(service.number('http_port', 2020), service.text('http_listen') ?? '0.0.0.0');
}
