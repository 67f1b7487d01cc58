import type { Cloud } from '../service.ts';

interface Running {
  readonly done: Promise<void>;
  readonly abort: AbortController;
}

/** Operations under way, by stack ARN. They live as long as the process: state holds only what they have done so far. */
const running = new WeakMap<Cloud, Map<string, Running>>();

function runningIn(cloud: Cloud): Map<string, Running> {
  let operations = running.get(cloud);
  if (!operations) {
    operations = new Map();
    running.set(cloud, operations);
  }
  return operations;
}

/** Whether an operation on the stack is under way. */
export function isRunning(cloud: Cloud, stackId: string): boolean {
  return runningIn(cloud).has(stackId);
}

/** Runs an operation in the background. A failure it does not handle itself is a defect: it goes to the cloud's log. */
export function startOperation(cloud: Cloud, stackId: string, run: (signal: AbortSignal) => Promise<void>): void {
  const operations = runningIn(cloud);
  const abort = new AbortController();
  const done = run(abort.signal)
    .catch((error: Error) => {
      if (!abort.signal.aborted) cloud.log(`cloudformation: ${stackId}: ${error.stack ?? error.message}`);
    })
    .finally(() => operations.delete(stackId));
  operations.set(stackId, { done, abort });
}

/** Resolves when the stack's operation is over; at once when it has none. */
export async function operationDone(cloud: Cloud, stackId: string): Promise<void> {
  await runningIn(cloud).get(stackId)?.done;
}

/** Longest an answer is held back for an operation to end, in milliseconds. */
const patience = 1500;

/**
 * Gives a stack's operation a moment to end before its request is answered. The CDK CLI looks at a stack only every five
 * seconds, and AWS promises no moment at which ExecuteChangeSet or DeleteStack answer.
 */
export async function holdAnswer(cloud: Cloud, stackId: string): Promise<void> {
  const waiting = new AbortController();
  await Promise.race([
    operationDone(cloud, stackId),
    cloud.clock.sleep(patience, waiting.signal).catch(() => undefined),
  ]);
  waiting.abort();
}

/** Stops waiting for whatever operations wait for; resolves when all have ended. */
export async function abortOperations(cloud: Cloud): Promise<void> {
  const operations = [...runningIn(cloud).values()];
  for (const { abort } of operations) abort.abort(new Error('The cloud is closing.'));
  await Promise.all(operations.map(({ done }) => done));
}
