import type { SQSRecord } from 'aws-lambda';
import { describe, expect, test } from 'vitest';
import { carryOutQueue, carryOutStream, readUserEvent, type UserEvent } from '../src/index.ts';
import { lifeOf } from '../src/proof/user-life.ts';
import { testEgress } from './downstream.ts';

const [a1, a2, a3] = lifeOf('a', 3) as [UserEvent, UserEvent, UserEvent];
const [b1, b2] = lifeOf('b', 2) as [UserEvent, UserEvent];
const poison = 'poison';

describe('a batch of a stream', () => {
  const run = (records: readonly (UserEvent | typeof poison)[], { egress } = testEgress()) =>
    carryOutStream(
      {
        records: records.map((record, i) => ({
          sequence: `${i}`,
          text: record === poison ? poison : JSON.stringify(record),
        })),
        identify: ({ sequence }) => sequence,
        read: ({ text }) => readUserEvent(text),
      },
      egress,
    );

  test('is one call for each subject, and done', async () => {
    const target = testEgress();
    expect(await run([a1, b1, a2, b2, a3], target)).toEqual({ batchItemFailures: [] });
    expect(target.taken().map(({ subject }) => subject)).toEqual(['a', 'b']);
  });

  test('with an unreadable record is carried out up to it', async () => {
    const target = testEgress();
    expect(await run([a1, b1, poison, a2], target)).toEqual({ batchItemFailures: [{ itemIdentifier: '2' }] });
    expect(target.taken().map(({ id }) => id)).toEqual([a1.id, b1.id]);
  });

  test('that begins with an unreadable record fails, so that it is halved', async () => {
    await expect(run([poison, a1])).rejects.toMatchObject({ code: 'EVENT_UNREADABLE' });
  });

  test('goes on with the first record that was not told, and calls nobody after it', async () => {
    const target = testEgress();
    target.broken.set('b', 'before');
    const [c1] = lifeOf('c', 1) as [UserEvent];
    expect(await run([a1, b1, a2, c1], target)).toEqual({ batchItemFailures: [{ itemIdentifier: '1' }] });
    expect(target.taken().map(({ subject }) => subject)).toEqual(['a']);
  });
});

describe('a batch of a queue', () => {
  const message = (body: string) => ({ messageId: body, body }) as SQSRecord;
  const run = (bodies: readonly (UserEvent | typeof poison)[], { egress } = testEgress()) =>
    carryOutQueue(
      bodies.map((body) => message(body === poison ? poison : JSON.stringify(body))),
      readUserEvent,
      egress,
    );

  test('fails for its unreadable message alone', async () => {
    const target = testEgress();
    expect(await run([poison, a1, a2], target)).toEqual({ batchItemFailures: [{ itemIdentifier: poison }] });
    expect(target.taken()).toHaveLength(1);
  });

  test('fails for all messages of a subject whose call failed, and for no other', async () => {
    const target = testEgress();
    target.broken.set('a', 'before');
    const { batchItemFailures } = await run([a1, b1, a2], target);
    expect(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual(
      [a1, a2].map((event) => JSON.stringify(event)),
    );
    expect(target.taken().map(({ subject }) => subject)).toEqual(['b']);
  });
});
