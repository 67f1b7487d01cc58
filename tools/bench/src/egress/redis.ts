import { execFileSync } from 'node:child_process';
import { Redis } from 'ioredis';
import { freePorts } from '../ports.ts';
import { start } from '../processes.ts';

/** A Redis of its own on loopback; undefined when `redis-server` is not on PATH. */
export async function startRedis() {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  const [port = 0] = await freePorts(1);
  const server = start('redis-server', [
    '--port',
    `${port}`,
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
  ]);
  await server.prints(/Ready to accept/);
  const clients: Redis[] = [];
  const connect = () => {
    const client = new Redis({ port, host: '127.0.0.1' });
    clients.push(client);
    return client;
  };
  const own = connect();
  return {
    port,
    connect,
    /** Commands that clients have sent until now; those that scripts run count, too. */
    async commands(): Promise<number> {
      const [, count] = /total_commands_processed:(\d+)/.exec(await own.info('stats')) ?? [];
      return Number(count);
    },
    async close() {
      for (const client of clients) client.disconnect();
      await server.kill();
    },
  };
}

export type RunningRedis = NonNullable<Awaited<ReturnType<typeof startRedis>>>;
