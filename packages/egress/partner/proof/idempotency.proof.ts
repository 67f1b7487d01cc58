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
