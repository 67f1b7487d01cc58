import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import type { TelemetryRecord } from '../src/extension/records.ts';

/** A bucket on 127.0.0.1 that keeps what is put, as long as it is told to. */
export async function startS3() {
  const objects = new Map<string, Buffer>();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    if (s3.answer === 'hang') return;
    if (s3.answer === 'deny') {
      response.writeHead(403).end('<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>');
      return;
    }
    if (request.method === 'PUT') objects.set(request.url ?? '', Buffer.concat(chunks));
    response.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const s3 = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    objects,
    answer: 'accept' as 'accept' | 'deny' | 'hang',
    records: () =>
      [...objects.values()].flatMap((body) => {
        const lines = gunzipSync(body).toString().trimEnd().split('\n');
        return lines.map((line) => JSON.parse(line) as TelemetryRecord);
      }),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return s3;
}
