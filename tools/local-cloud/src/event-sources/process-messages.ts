import { type CallOutcome, callFunction } from './call-function.ts';
import { failedMessages } from './failed-messages.ts';
import { envelopeBytes, largestPayload } from './lane.ts';
import type { QueueRun } from './queue-poller.ts';
import type { QueueMessage } from './queue-source.ts';

/** AWS names no waits between tries of an invocation that is throttled: they grow from one second to one minute here. */
const firstBackoffMs = 1000;
const longestBackoffMs = 60_000;

/**
 * Hands messages to the function, in invocations of at most 6 MB one after the other, and deletes those it has dealt with;
 * the others are received again when their visibility timeout is over. Answers whether something failed. After a failure
 * nothing more of a FIFO queue's messages is handed over: it would overtake.
 */
export async function processMessages(run: QueueRun, messages: readonly QueueMessage[]): Promise<boolean> {
  const isFifo = run.mapping.eventSourceArn.endsWith('.fifo');
  let failed = false;
  for (const batch of invocationsOf(messages)) {
    const done = await handOver(run, batch);
    if (done.length > 0) await run.source.remove(done);
    failed ||= done.length < batch.length;
    if (failed && isFifo) break;
  }
  return failed;
}

/** Splits where an invocation would be too large. */
function invocationsOf(messages: readonly QueueMessage[]): QueueMessage[][] {
  const batches: QueueMessage[][] = [];
  let bytes = 0;
  for (const message of messages) {
    bytes += message.bytes + 1;
    const last = batches.at(-1);
    if (last && bytes <= largestPayload) last.push(message);
    else {
      batches.push([message]);
      bytes = envelopeBytes + message.bytes + 1;
    }
  }
  return batches;
}

/** The messages that are done with. */
async function handOver(run: QueueRun, messages: readonly QueueMessage[]): Promise<readonly QueueMessage[]> {
  const { mapping } = run;
  const payload = Buffer.from(JSON.stringify({ Records: messages.map(({ event }) => event) }));
  const outcome = await callWhileHidden(run, messages, payload);
  if (outcome.kind === 'not-invoked') return [];
  const { answer, response } = outcome;
  if (answer.functionError) return [];
  if (!mapping.settings.reportBatchItemFailures) return messages;
  const ids = messages.map(({ id }) => id);
  const failed = failedMessages(response.toString(), ids);
  return messages.filter(({ id }) => !failed.has(id));
}

/**
 * "If the invocation fails due to throttling, Lambda continues to retry the message until the message's timestamp exceeds
 * your queue's visibility timeout, at which point Lambda drops the message": it is in the queue again by then.
 */
async function callWhileHidden(
  run: QueueRun,
  messages: readonly QueueMessage[],
  payload: Buffer,
): Promise<CallOutcome> {
  const { cloud, mapping, signal, source } = run;
  for (let attempt = 0; ; attempt += 1) {
    const outcome = await callFunction(run, payload);
    if (outcome.kind === 'invoked') {
      mapping.lastProcessingResult = outcome.answer.functionError ? 'PROBLEM: Function call failed' : 'OK';
      return outcome;
    }
    mapping.lastProcessingResult = `PROBLEM: ${outcome.reason}`;
    const oldest = Math.min(...messages.map(({ receivedAt }) => receivedAt));
    const wait = Math.min(firstBackoffMs * 2 ** attempt, longestBackoffMs);
    const visibleAt = oldest + (await source.visibilityTimeoutMs());
    if (cloud.clock.now() + wait >= visibleAt) return outcome;
    await cloud.clock.sleep(wait, signal);
  }
}
