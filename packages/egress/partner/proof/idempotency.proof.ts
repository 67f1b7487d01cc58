import { randomUUID } from 'node:crypto';
import { partner } from '@stackyard/egress/proof';
import { signedFetch, stackOutputs } from '@stackyard/proof-kit';
import { beforeAll, describe, expect, test } from 'vitest';

let url = '';
beforeAll(async () => {
  url = (await stackOutputs(`${process.env['STACKYARD_STAGE'] ?? 'dev'}-egress-partner`))['FunctionUrl'] ?? '';
});

const post = (body: string, key?: string) =>
  signedFetch(url, { method: 'POST', body, headers: key ? { 'idempotency-key': key } : {} });

describe('given more calls of /limited than its limit allows', () => {
  test('then ten in a second are taken, and the others are told when to come again', async () => {
    const subject = randomUUID();
    const statuses: number[] = [];
    // Two at once stay below what Lambda lets in.
    const caller = async () => {
      for (let i = 0; i < 15; i += 1) {
        const headers = { 'idempotency-key': randomUUID() };
        const answer = await signedFetch(`${url}limited`, {
          method: 'POST',
          body: JSON.stringify({ subject }),
          headers,
        });
        statuses.push(answer.status);
        if (answer.status === 429) expect(answer.headers.get('retry-after')).toBe('1');
      }
    };
    await Promise.all([caller(), caller()]);
    const times = (await partner.calls([subject])).map(({ time }) => Date.parse(time));
    expect(times).toHaveLength(statuses.filter((status) => status === 200).length);
    expect(await partner.refused([subject])).toHaveLength(30 - times.length);
    for (const time of times) {
      expect(times.filter((other) => other >= time && other < time + 1000).length).toBeLessThanOrEqual(10);
    }
  });
});

describe('given a call', () => {
  test('that comes three times at once, then it is taken once', async () => {
    const [subject, key] = [randomUUID(), randomUUID()];
    const answers = await Promise.all([1, 2, 3].map(() => post(JSON.stringify({ subject }), key)));
    const taken = await Promise.all(answers.map((answer) => answer.json() as Promise<{ taken: boolean }>));
    expect(taken.map((answer) => answer.taken).sort()).toEqual([false, false, true]);
    expect(await partner.calls([subject])).toMatchObject([{ key, event: { subject } }]);
    expect(await partner.repeats([subject])).toEqual([key, key]);
  });

  test('without a key, or without a subject, then it is refused and leaves no record', async () => {
    const subject = randomUUID();
    expect((await post(JSON.stringify({ subject }))).status).toBe(400);
    expect((await post('garbage', randomUUID())).status).toBe(422);
    expect(await partner.calls([subject])).toEqual([]);
  });
});
