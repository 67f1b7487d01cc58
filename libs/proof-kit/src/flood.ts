import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { FloodCount, FloodOrder } from './flood-process.ts';

export interface Flood {
  /** Ends it and resolves with what became of its requests, of those as well that were still under way. */
  end(): Promise<FloodCount>;
}

/**
 * Sends the same request over and over at a steady pace, whether it is answered or not, from a process of its own: what sending costs is
 * not the receiver's. Resolves when the first answer has come.
 *
 * @throws when no request can be sent.
 */
export async function startFlood(order: FloodOrder): Promise<Flood> {
  const child = fork(fileURLToPath(new URL('flood-process.ts', import.meta.url)), [], { env: {} });
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`the flood of ${order.url} ended with exit code ${code}`);
  });
  // Expected after the end.
  failed.catch(() => undefined);
  child.send(order);
  await Promise.race([once(child, 'message'), failed]);
  return { end: () => Promise.race([counted(child), failed]) };
}

async function counted(child: ChildProcess): Promise<FloodCount> {
  const answer = once(child, 'message');
  child.send('end');
  const [count] = await answer;
  return count as FloodCount;
}
