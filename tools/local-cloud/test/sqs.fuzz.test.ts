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

const which = fc.nat({ max: 5 });
const timeout = fc.integer({ min: 0, max: 40 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('send' as const), group: fc.nat({ max: 2 }), delay: fc.constantFrom(0, 0, 0, 5) }),
  fc.record({ kind: fc.constant('receive' as const), most: fc.integer({ min: 1, max: 10 }), timeout }),
  fc.record({ kind: fc.constantFrom('delete' as const, 'release' as const), which }),
  fc.record({ kind: fc.constant('extend' as const), which, timeout }),
  fc.record({ kind: fc.constant('pass' as const), time: fc.integer({ min: 0, max: 20 }) }),
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

/**
 * Plays the steps against a queue and hands each receive to `seen`, with the messages that may not be given out then: those
 * received or delayed whose time is not over, told by the steps alone.
 */
function play(queue: Queue, steps: readonly Step[], seen: (taken: Message[], hidden: ReadonlySet<Message>) => void) {
  let now = 0;
  const all: Message[] = [];
  const deleted = new Set<Message>();
  const hiddenUntil = new Map<Message, number>();
  const received = new Set<Message>();
  for (const one of steps) {
    settle(queue, now);
    const isHidden = (message: Message) => !deleted.has(message) && (hiddenUntil.get(message) ?? 0) > now;
    const inFlight = all.filter((message) => received.has(message) && isHidden(message));
    const chosen = 'which' in one ? inFlight[one.which % Math.max(1, inFlight.length)] : undefined;
    if (one.kind === 'send') {
      const message = send(queue, all.length, one.group, one.delay, now);
      all.push(message);
      hiddenUntil.set(message, now + (queue.fifo ? 0 : one.delay));
    }
    if (one.kind === 'pass') now += one.time;
    if (one.kind === 'receive') {
      const taken = takeVisible(queue, one.most, now);
      seen(taken, new Set(all.filter(isHidden)));
      for (const message of taken) {
        hide(queue, message, now + one.timeout);
        hiddenUntil.set(message, now + one.timeout);
        received.add(message);
      }
    }
    if (chosen && one.kind === 'delete') {
      removeMessage(queue, chosen);
      deleted.add(chosen);
    }
    if (chosen && one.kind === 'release') {
      show(queue, chosen);
      hiddenUntil.set(chosen, now);
    }
    if (chosen && one.kind === 'extend') {
      hide(queue, chosen, now + one.timeout);
      hiddenUntil.set(chosen, now + one.timeout);
    }
  }
  settle(queue, now);
  const left = all.filter((message) => !deleted.has(message));
  return {
    now,
    left,
    inFlight: left.filter((message) => received.has(message) && (hiddenUntil.get(message) ?? 0) > now),
  };
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

const steps = fc.array(step, { minLength: 10, maxLength: 80, size: 'max' });

test.each([false, true])(
  'no message is lost or given out before its time, and the counts are right (FIFO: %s)',
  (fifo) => {
    fc.assert(
      fc.property(steps, (given) => {
        const queue = newQueue(fifo);
        const { now, left, inFlight } = play(queue, given, (taken, hidden) => {
          expect(new Set(taken).size).toBe(taken.length);
          expect(taken.filter((message) => hidden.has(message))).toEqual([]);
        });
        expect(queue.inFlight).toBe(inFlight.length);
        expect(new Set(drain(queue, now))).toEqual(new Set(left));
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
      play(queue, given, (taken, hidden) => {
        const locked = new Set([...hidden].map(({ groupId }) => groupId));
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

test('a standard queue gives what is visible when it is asked for it', () => {
  fc.assert(
    fc.property(steps, (given) => {
      const queue = newQueue(false);
      play(queue, given, (taken, hidden) => {
        const visible = queue.messages.size - hidden.size;
        if (taken.length < 1) expect(visible).toBe(0);
      });
    }),
    { numRuns: 300 },
  );
});
