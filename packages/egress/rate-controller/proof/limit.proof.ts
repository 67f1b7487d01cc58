import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { partner } from '@stackyard/egress/proof';
import { apiUrl, eventually, signedFetch, stackOutputs } from '@stackyard/proof-kit';
import { beforeAll, expect, test } from 'vitest';
import { allowed, partnerTable, partnerView } from './partner-view.ts';

const stage = process.env['STACKYARD_STAGE'] ?? 'dev';
let url = '';
beforeAll(async () => {
  url = apiUrl((await stackOutputs(`${stage}-egress-rate-controller`))['ApiUrl'] ?? '');
});

const subjectsOf = (count: number) => Array.from({ length: count }, () => `user-${randomUUID()}`);

interface Answer {
  readonly subject: string;
  readonly status: number;
  readonly retryAfterSeconds: number;
  readonly body: Record<string, unknown>;
}

async function call(subject: string, waitSeconds: number): Promise<Answer> {
  const headers = {
    'idempotency-key': randomUUID(),
    prefer: `wait=${waitSeconds}`,
    'content-type': 'application/json',
  };
  const response = await signedFetch(
    `${url}calls`,
    { method: 'POST', body: JSON.stringify({ subject }), headers },
    'execute-api',
  );
  const body = (await response.json()) as Record<string, unknown>;
  const retryAfterSeconds = Number(response.headers.get('retry-after'));
  return { subject, status: response.status, retryAfterSeconds, body };
}

const isRefusal = ({ status }: Answer) => status === 429 || status === 503;

/** Calls until it is answered, each time after the time that it was told. */
async function insist(subject: string): Promise<Answer[]> {
  const answers = [await call(subject, 5)];
  for (let last = answers[0]; last && isRefusal(last); last = answers.at(-1)) {
    await setTimeout(last.retryAfterSeconds * 1000);
    answers.push(await call(subject, 5));
  }
  return answers;
}

test('given callers at work who come again when they are told, then all are answered within the partner’s limit', async () => {
  const subjects = subjectsOf(64);
  const waiting = [...subjects];
  const answers: Answer[] = [];
  const caller = async () => {
    for (let next = waiting.pop(); next; next = waiting.pop()) answers.push(...(await insist(next)));
  };
  await Promise.all(Array.from({ length: 8 }, caller));
  const view = await partnerView(subjects);
  const answered = answers.filter(({ status }) => status === 200).length;
  const row = { what: '64 calls, 8 at once', answered, refused: answers.filter(isRefusal).length, view };
  process.stdout.write(`${partnerTable(row)}\n`);
  expect(answered).toBe(64);
  expect(view.subjects).toEqual(subjects.toSorted());
  expect(view.most).toBeLessThanOrEqual(allowed.count);
  expect(view.refused).toEqual([]);
});

test('given sixty callers at once who cannot wait for long, then those without a turn are told when to come again', async () => {
  const subjects = subjectsOf(60);
  const answers = await Promise.all(subjects.map((subject) => call(subject, 4)));
  const view = await partnerView(subjects);
  const refusals = answers.filter(isRefusal);
  const answered = answers.filter(({ status }) => status === 200);
  const row = { what: '60 calls, all at once', answered: answered.length, refused: refusals.length, view };
  process.stdout.write(`${partnerTable(row)}\n`);
  expect(refusals.length + answered.length).toBe(60);
  expect(answered.length).toBeGreaterThan(0);
  expect(view.subjects).toEqual(answered.map(({ subject }) => subject).toSorted());
  expect(view.most).toBeLessThanOrEqual(allowed.count);
  expect(view.refused).toEqual([]);
  for (const { status, retryAfterSeconds, body } of refusals) {
    expect(retryAfterSeconds).toBeGreaterThan(0);
    expect(body).toMatchObject({ status, code: expect.stringMatching(/^RATE_/), detail: expect.any(String) });
  }
});

test('given a caller who does not sign, then it is kept out', async () => {
  const subjects = subjectsOf(1);
  const body = JSON.stringify({ subject: subjects[0] });
  expect(
    (await fetch(`${url}calls`, { method: 'POST', body, headers: { 'idempotency-key': randomUUID() } })).status,
  ).toBe(403);
  expect((await partnerView(subjects)).subjects).toEqual([]);
});

test('given a product page that is shown often, then the partner hears of its category seldom', async () => {
  const category = `fridge-${randomUUID()}`;
  const quotes = [];
  for (let i = 0; i < 10; i += 1) {
    // An environment that is new may not have had its turn in time for a page.
    const response = await eventually(async () => {
      const answer = await signedFetch(`${url}quotes/${category}`, {}, 'execute-api');
      expect(answer.status).toBe(200);
      return answer;
    });
    quotes.push(await response.json());
  }
  for (const quote of quotes) expect(quote).toMatchObject({ category, pricePerYear: expect.any(Number) });
  const calls = await partner.calls([category]);
  expect(calls.length).toBeGreaterThan(0);
  // One for each environment that was asked, not one for each time.
  expect(calls.length).toBeLessThan(5);
});
