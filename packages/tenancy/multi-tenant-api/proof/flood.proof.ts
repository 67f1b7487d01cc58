import { setTimeout as timePasses } from 'node:timers/promises';
import { APIGatewayClient, UpdateUsagePlanCommand } from '@aws-sdk/client-api-gateway';
import { apiUrl, type FloodCount, startFlood } from '@stackyard/proof-kit';
import Table from 'cli-table3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { call, newTenant, output, signedIn } from './deployed.ts';

/** What the plan `free` allows of writes: so many at once, so many a second. */
const [burst, rate] = [1, 1];
/** What is sent instead: fifty times as much. */
const perSecond = 50 * rate;

/** The plan's five requests a day would end a flood before its rate does. */
async function setQuotaOfFree(value: string): Promise<void> {
  const usagePlanId = JSON.parse(await output('UsagePlans')).free;
  const patchOperations = [{ op: 'replace' as const, path: '/quota/limit', value }];
  await new APIGatewayClient({}).send(new UpdateUsagePlanCommand({ usagePlanId, patchOperations }));
}
beforeAll(() => setQuotaOfFree('10000'));
afterAll(() => setQuotaOfFree('5'));

const tea = { headers: { 'content-type': 'application/json' }, body: JSON.stringify({ name: 'tea' }) };
const write = (token: string) => call('products', token, { method: 'POST', ...tea });

async function floodOf(token: string) {
  const url = `${apiUrl(await output('ApiUrl'))}products`;
  const headers = { ...tea.headers, authorization: `Bearer ${token}` };
  return startFlood({ url, method: 'POST', headers, body: tea.body, perSecond });
}

/** Requests of the quiet tenant, one after the other: all of a proof are fewer than what its plan allows at once. */
const reads = 11;

interface TimedAnswer {
  readonly status: number;
  readonly ms: number;
}

async function timedReads(token: string): Promise<TimedAnswer[]> {
  const answers = [];
  for (let request = 0; request < reads; request++) {
    const began = performance.now();
    const { status } = await call('products', token);
    answers.push({ status, ms: performance.now() - began });
  }
  return answers;
}

/** What the quiet tenant noticed. The times are for people: how much they may differ is measured by `pnpm bench tenancy`. */
function show(phases: Readonly<Record<string, readonly TimedAnswer[]>>): void {
  const table = new Table({ head: ['quiet tenant', 'answered', 'median', 'p95'], style: { head: [], border: [] } });
  for (const [phase, answers] of Object.entries(phases)) {
    const times = answers.map(({ ms }) => ms).sort((a, b) => a - b);
    const quantile = (part: number) => `${(times[Math.ceil(times.length * part) - 1] ?? 0).toFixed(1)} ms`;
    const answered = answers.filter(({ status }) => status === 200).length;
    table.push([phase, `${answered} of ${answers.length}`, quantile(0.5), quantile(0.95)]);
  }
  process.stdout.write(`${table}\n`);
}

/** A token bucket: full at first, refilled at the rate. API Gateway keeps it on a best-effort basis: half as much again is let pass. */
function expectBucket({ statuses, seconds }: FloodCount): void {
  const { 201: passed = 0, 429: refused = 0, ...others } = statuses;
  expect(others).toEqual({});
  expect(refused).toBeGreaterThan(0);
  expect(passed).toBeLessThanOrEqual((burst + rate * seconds + 1) * 1.5);
}

test('given two tenants, when one floods the API, then it gets what it bought, and the other all it asks for', async () => {
  const [loud, quiet] = [await signedIn(await newTenant('free')), await signedIn(await newTenant('standard'))];
  expect((await call('products', quiet)).status).toBe(200);
  const calm: TimedAnswer[] = [];
  const during: TimedAnswer[] = [];
  const writes: number[] = [];
  // In turns: what else the machine does falls on both.
  for (let turn = 0; turn < 2; turn++) {
    calm.push(...(await timedReads(quiet)));
    const flood = await floodOf(loud);
    during.push(...(await timedReads(quiet)));
    for (let request = 0; request < 5; request++) writes.push((await write(quiet)).status);
    expectBucket(await flood.end());
  }
  show({ calm, 'while the other floods': during });
  expect([...calm, ...during].map(({ status }) => status)).toEqual(Array(4 * reads).fill(200));
  expect(writes).toEqual(Array(10).fill(201));
});

test('given a tenant that floods, when it has used up its burst, then it goes on at the rate of its plan, and does so afterwards', async () => {
  const loud = await signedIn(await newTenant('free'));
  const flood = await floodOf(loud);
  await timePasses(4_000);
  const count = await flood.end();
  expectBucket(count);
  expect(count.statuses[201]).toBeGreaterThanOrEqual((rate * count.seconds) / 2);
  // What was refused leaves nothing behind.
  await expect.poll(async () => (await write(loud)).status, { interval: 100 }).toBe(201);
});
