import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { Redis } from 'ioredis';

/** Whether `redis-server` is on PATH. */
export function hasRedis(): boolean {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** A Redis of its own, on loopback, that keeps nothing. */
export async function startRedis() {
  const port = await freePort();
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const server: ChildProcess = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'ignore'] });
  const { promise: ready, resolve, reject } = Promise.withResolvers<void>();
  server.stdout?.on('data', (text: Buffer) => text.includes('Ready to accept') && resolve());
  server.once('exit', () => reject(new Error('redis-server ended before it was ready')));
  await ready;
  const client = new Redis({ port, host: '127.0.0.1', maxRetriesPerRequest: 0 });
  return {
    port,
    client,
    async close() {
      client.disconnect();
      server.kill('SIGKILL');
      await once(server, 'exit');
    },
  };
}
