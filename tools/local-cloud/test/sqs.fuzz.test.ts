import fc from 'fast-check';
import { expect, test } from 'vitest';
import { emptyLine } from '../src/services/sqs/line.ts';
import { addMessage, hide, removeMessage, settle, show, takeVisible } from '../src/services/sqs/queue-messages.ts';
import type { Message, Queue } from '../src/services/sqs/state.ts';

/** One step of a producer, a consumer or the clock. */
type Step =
  | { readonly kind: 'send'; readonly group: number; readonly delay: number }
  | { readonly kind: 'receive'; readonly most: number; readonly timeout: number }
  | { readonly kind: 'delete' | 'release'; readonly which: number }
  | { readonly kind: 'extend'; readonly which: number; readonly timeout: number }
  | { readonly kind: 'pass'; readonly time: number };

const which = fc.nat({ max: 20 });
const timeout = fc.integer({ min: 0, max: 40 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('send' as const), group: fc.nat({ max: 3 }), delay: fc.constantFrom(0, 0, 0, 5) }),
  fc.record({ kind: fc.constant('receive' as const), most: fc.integer({ min: 1, max: 10 }), timeout }),
  fc.record({ kind: fc.constantFrom('delete' as const, 'release' as const), which }),
  fc.record({ kind: fc.constant('extend' as const), which, timeout }),
  fc.record({ kind: fc.constant('pass' as const), time: fc.integer({ min: 0, max: 60 }) }),
);

function newQueue(fifo: boolean): Queue {
  const name = fifo ? 'q.fifo' : 'q';
  return {
    account: '000000000000',
    region: 'us-east-1',
    name,
    arn: `arn:aws:sqs:us-east-1:000000000000:${name}`,
    fifo,
    createdAt: 0,
    modifiedAt: 0,
    usedAt: 0,
    attributes: { MessageRetentionPeriod: '345600' },
    tags: new Map(),
    messages: new Map(),
    inFlight: 0,
    due: [],
    visible: emptyLine(),
    groups: new Map(),
    offeredGroups: emptyLine(),
    lastSequence: 0n,
    deduplication: new Map(),
    attempts: new Map(),
    throughput: new Map(),
    purgedAt: undefined,
  };
}

function send(queue: Queue, number: number, group: number, delay: number, now: number): Message {
  const content = {
    body: String(number),
    bodyMd5: '',
    attributes: {},
    attributesMd5: undefined,
    traceHeader: undefined,
    groupId: String(group),
    deduplicationId: String(number),
    senderId: '',
    bytes: 1,
  };
  const arrival = { ...content, sentAt: now, retainedFrom: now, deadLetterSource: undefined };
  // Messages of FIFO queues have only the queue's delay, the same for all.
  return addMessage(queue, arrival, queue.fifo ? 0 : delay, now);
}

/** Plays the steps against a queue and hands each receive to `seen`, with what is in flight before it. */
function play(queue: Queue, steps: readonly Step[], seen: (taken: Message[], inFlight: ReadonlySet<Message>) => void) {
  let now = 0;
  let sent = 0;
  const all: Message[] = [];
  const deleted = new Set<string>();
  for (const one of steps) {
    settle(queue, now);
    const inFlight = all.filter((message) => message.state === 'in-flight' && !deleted.has(message.id));
    const chosen = 'which' in one ? inFlight[one.which % Math.max(1, inFlight.length)] : undefined;
    if (one.kind === 'send') all.push(send(queue, sent++, one.group, one.delay, now));
    if (one.kind === 'pass') now += one.time;
    if (one.kind === 'receive') {
      const taken = takeVisible(queue, one.most, now);
      seen(taken, new Set(inFlight));
      for (const message of taken) hide(queue, message, now + one.timeout);
    }
    if (chosen && one.kind === 'delete') {
      removeMessage(queue, chosen);
      deleted.add(chosen.id);
    }
    if (chosen && one.kind === 'release') show(queue, chosen);
    if (chosen && one.kind === 'extend') hide(queue, chosen, now + one.timeout);
  }
  return { now, all, deleted };
}

/** Receives and deletes until nothing comes any more. */
function drain(queue: Queue, from: number): Message[] {
  const drained: Message[] = [];
  let now = from;
  for (let idle = 0; idle < 3; now += 100) {
    const taken = takeVisible(queue, 10, now);
    for (const message of taken) removeMessage(queue, message);
    drained.push(...taken);
    idle = taken.length === 0 ? idle + 1 : 0;
  }
  return drained;
}

const steps = fc.array(step, { maxLength: 80 });

test.each([false, true])(
  'no message is lost or given out twice at once, and the counts are right (FIFO: %s)',
  (fifo) => {
    fc.assert(
      fc.property(steps, (given) => {
        const queue = newQueue(fifo);
        const { now, all, deleted } = play(queue, given, (taken, inFlight) => {
          expect(new Set(taken).size).toBe(taken.length);
          expect(taken.filter((message) => inFlight.has(message))).toEqual([]);
        });
        settle(queue, now);
        const left = all.filter(({ id }) => !deleted.has(id));
        expect(queue.inFlight).toBe(left.filter(({ state }) => state === 'in-flight').length);
        expect(
          drain(queue, now)
            .map(({ id }) => id)
            .sort(),
        ).toEqual(left.map(({ id }) => id).sort());
        expect({ inFlight: queue.inFlight, groups: queue.groups.size }).toEqual({ inFlight: 0, groups: 0 });
      }),
      { numRuns: 300 },
    );
  },
);

test('a group gives its oldest messages in order, and nothing while some of it is in flight', () => {
  fc.assert(
    fc.property(steps, (given) => {
      const queue = newQueue(true);
      play(queue, given, (taken, inFlight) => {
        const locked = new Set([...inFlight].map(({ groupId }) => groupId));
        for (const group of new Set(taken.map(({ groupId }) => groupId))) {
          expect(locked.has(group)).toBe(false);
          const ofGroup = (messages: Iterable<Message>) =>
            [...messages].filter(({ groupId }) => groupId === group).map(({ body }) => Number(body));
          const received = ofGroup(taken);
          const oldest = ofGroup(queue.messages.values()).sort((a, b) => a - b);
          expect(received).toEqual(oldest.slice(0, received.length));
        }
      });
    }),
    { numRuns: 300 },
  );
});
