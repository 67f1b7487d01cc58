import { randomUUID } from 'node:crypto';
import { type Clock, machineClock } from '../clock.ts';
import { StoreError } from '../errors.ts';

/**
 * Asks a store again whose answer got lost, by the same id: who has answered that id says the same again. So it is seldom that nobody
 * knows what became of an exchange.
 */
export async function askAgain<Answer>(
  ask: (id: string) => Promise<Answer>,
  clock: Clock = machineClock,
  random = Math.random,
): Promise<Answer> {
  const id = randomUUID();
  let mayBeWritten = false;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask(id);
    } catch (error) {
      if (!(error instanceof StoreError && error.code === 'STORE_FAILED')) throw error;
      mayBeWritten ||= error.mayBeWritten;
      if (attempt === attempts) throw new StoreError('STORE_FAILED', error.problem, { mayBeWritten, cause: error });
      await new Promise<void>((resolve) => clock.after(random() * firstPauseMs * 4 ** attempt, resolve));
    }
  }
}

const attempts = 3;
const firstPauseMs = 5;
