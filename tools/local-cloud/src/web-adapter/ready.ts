import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { send } from './http.ts';
import type { Settings } from './settings.ts';

/** The adapter looks every 10 ms. */
const intervalMs = 10;

/** Resolves when the server answers its readiness check; false when `signal` aborts before. */
export async function serverReady(readiness: Settings['readiness'], signal?: AbortSignal): Promise<boolean> {
  while (!signal?.aborted) {
    if (await isReady(readiness)) return true;
    await sleep(intervalMs);
  }
  return false;
}

async function isReady({ port, path, protocol, healthy }: Settings['readiness']): Promise<boolean> {
  if (protocol === 'tcp') return canConnect(port);
  try {
    const answer = await send({ host: '127.0.0.1', port, method: 'GET', path });
    answer.resume();
    return healthy(answer.statusCode ?? 0);
  } catch {
    return false;
  }
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const settle = (ready: boolean) => {
      socket.destroy();
      resolve(ready);
    };
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
  });
}
