import { createDeferral } from '@stackyard/rate-control';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { expect, test } from 'vitest';
import { createConsumer, type MessageFate } from '../src/consume.ts';
import type { SourceQueue } from '../src/source-queue.ts';
import { partnerOf, taken } from './partner-of.ts';

const record = (messageId: string, messageAttributes: SQSRecord['messageAttributes'] = {}) =>
  ({ messageId, receiptHandle: `receipt ${messageId}`, body: `{"id":"${messageId}"}`, messageAttributes }) as SQSRecord;

const batch = (...messageIds: string[]): SQSEvent => ({ Records: messageIds.map((id) => record(id)) });

/** A consumer of a queue that remembers what it was told; it gives up after two failed calls. */
async function consumerOf(...given: Parameters<typeof partnerOf>) {
  const { partner, limiter, asked } = await partnerOf(...given);
  const hidden = new Map<string, number>();
  const failures = new Map<string, number>();
  const deadLetters: Parameters<SourceQueue['giveUp']>[0][] = [];
  const told: MessageFate[] = [];
  const queue: SourceQueue = {
    async hide(receiptHandle, seconds) {
      hidden.set(receiptHandle, seconds);
    },
    async countFailure(messageId) {
      const count = (failures.get(messageId) ?? 0) + 1;
      failures.set(messageId, count);
      return count;
    },
    async giveUp(message) {
      deadLetters.push(message);
    },
  };
  const deferral = createDeferral(limiter);
  const tell = (fate: MessageFate) => told.push(fate);
  const handle = createConsumer({ partner, deferral, queue, waitMs: 300, attempts: 2, restSeconds: 7, tell });
  const keys = () => asked.map(({ init }) => new Headers(init?.headers).get('idempotency-key'));
  return { handle, keys, hidden, failures, deadLetters, told };
}

const idsOf = ({ batchItemFailures }: { batchItemFailures: { itemIdentifier: string }[] }) =>
  batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);

test('what fits is called, each by its own key; what does not comes back when it will, and no attempt is used up', async () => {
  const { handle, keys, hidden, failures, told } = await consumerOf(taken);
  expect(idsOf(await handle(batch('a', 'b', 'c', 'd', 'e')))).toEqual(['c', 'd', 'e']);
  expect(keys().toSorted()).toEqual(['a', 'b']);
  expect(failures.size).toBe(0);
  // Two fit into a minute: the third and the fourth into the next, the fifth into the one after that. Or one each, as long as a
  // permit rests here and the other may be somebody else's.
  const minutes = ['c', 'd', 'e'].map((id) => Math.floor((hidden.get(`receipt ${id}`) ?? 0) / 60));
  expect([
    [1, 1, 2],
    [1, 2, 3],
  ]).toContainEqual(minutes);
  expect(told.toSorted()).toEqual(['deferred', 'deferred', 'deferred', 'done', 'done']);
  // They keep their place before those that come later.
  await handle(batch('f', 'g', 'h'));
  expect(hidden.get('receipt h') ?? 0).toBeGreaterThan((hidden.get('receipt c') ?? 0) + 60);
});

test('a producer’s own key is the partner’s, and the dead letter’s', async () => {
  const { handle, keys, deadLetters } = await consumerOf(async () => new Response('no', { status: 422 }));
  const own = { IdempotencyKey: { stringValue: 'order-7', dataType: 'String' } } as SQSRecord['messageAttributes'];
  expect(idsOf(await handle({ Records: [record('a', own)] }))).toEqual([]);
  expect(keys()).toEqual(['order-7']);
  expect(deadLetters).toEqual([{ body: '{"id":"a"}', key: 'order-7', why: 'the partner answered 422' }]);
});

test('a message whose calls fail rests between them and is given up after its attempts', async () => {
  const { handle, hidden, deadLetters, told } = await consumerOf(() => Promise.reject(new TypeError('fetch failed')));
  expect(idsOf(await handle(batch('a')))).toEqual(['a']);
  expect(hidden.get('receipt a')).toBe(7);
  expect(deadLetters).toEqual([]);
  expect(idsOf(await handle(batch('a')))).toEqual([]);
  expect(deadLetters).toMatchObject([{ key: 'a', why: 'fetch failed' }]);
  expect(told).toEqual(['failed', 'given-up']);
});

test('a partner that keeps failing is left alone, and nobody loses an attempt by that', async () => {
  const { handle, hidden, failures } = await consumerOf(async () => new Response('', { status: 500 }), { count: 9 });
  await handle(batch('a', 'b', 'c'));
  expect(idsOf(await handle(batch('d')))).toEqual(['d']);
  expect(failures.has('d')).toBe(false);
  expect(hidden.get('receipt d')).toBe(60);
});

test('a partner that refuses by Retry-After gets the message again when it said', async () => {
  const busy = async () => new Response('', { status: 429, headers: { 'retry-after': '90' } });
  const { handle, hidden, failures, deadLetters } = await consumerOf(busy);
  expect(idsOf(await handle(batch('a')))).toEqual(['a']);
  expect(hidden.get('receipt a')).toBeGreaterThanOrEqual(90);
  expect([failures.size, deadLetters.length]).toEqual([0, 0]);
});
