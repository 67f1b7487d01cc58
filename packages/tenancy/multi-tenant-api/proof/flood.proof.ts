import Table from 'cli-table3';
import { expect, test } from 'vitest';
import { call, newTenant, signedIn } from './deployed.ts';

/** What the plan `standard` allows of writes: so many at once, so many a second. */
const [burst, rate] = [10, 10];

const write = (token: string) =>
  call('products', token, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'tea' }),
  });

/** Writes by a number of connections, as long as it goes on; how many passed, and in how many seconds. */
async function flood(token: string, connections: number, goesOn: (sent: number) => boolean) {
  const began = Date.now();
  let sent = 0;
  const statuses: number[] = [];
  const connection = async () => {
    while (goesOn(sent)) {
      sent += 1;
      statuses.push((await write(token)).status);
    }
  };
  await Promise.all(Array.from({ length: connections }, connection));
  const passed = statuses.filter((status) => status === 201).length;
  return { passed, others: new Set(statuses.filter((status) => status !== 201)), seconds: (Date.now() - began) / 1000 };
}

/** Requests of the quiet tenant, one after the other: with its writes fewer than what the plan allows at once. */
const reads = 18;

async function timedReads(token: string) {
  const answers: { readonly status: number; readonly ms: number }[] = [];
  for (let request = 0; request < reads; request++) {
    const began = performance.now();
    const { status } = await call('products', token);
    answers.push({ status, ms: performance.now() - began });
  }
  return answers;
}

/** What the quiet tenant noticed. The times are for people: machines differ. */
function show(phases: Readonly<Record<string, Awaited<ReturnType<typeof timedReads>>>>): void {
  const table = new Table({ head: ['quiet tenant', 'answered', 'median', 'p95'], style: { head: [], border: [] } });
  for (const [phase, answers] of Object.entries(phases)) {
    const times = answers.map(({ ms }) => ms).sort((a, b) => a - b);
    const quantile = (part: number) => `${(times[Math.ceil(times.length * part) - 1] ?? 0).toFixed(1)} ms`;
    const answered = answers.filter(({ status }) => status === 200).length;
    table.push([phase, `${answered} of ${answers.length}`, quantile(0.5), quantile(0.95)]);
  }
  process.stdout.write(`${table}\n`);
}

test('given two tenants of a plan, when one floods the API, then it gets what it bought, and the other all it asks for', async () => {
  const [loud, quiet] = [await signedIn(await newTenant('standard')), await signedIn(await newTenant('standard'))];
  expect((await call('products', quiet)).status).toBe(200);
  const before = await timedReads(quiet);
  let quietIsDone = false;
  const flooding = flood(loud, 10, (sent) => sent < 300 || !quietIsDone);
  const during = await timedReads(quiet);
  const writes: number[] = [];
  for (let request = 0; request < burst; request++) writes.push((await write(quiet)).status);
  quietIsDone = true;
  const { passed, others, seconds } = await flooding;
  show({ before, 'during the flood': during });
  expect([...before, ...during].map(({ status }) => status)).toEqual(Array(2 * reads).fill(200));
  expect(writes).toEqual(Array(burst).fill(201));
  expect([...others]).toEqual([429]);
  // A token bucket: full at first, refilled at the rate. API Gateway keeps it on a best-effort basis: half as much again is let pass.
  expect(passed).toBeGreaterThanOrEqual(burst);
  expect(passed).toBeLessThanOrEqual((burst + rate * seconds + 1) * 1.5);
  // What was refused leaves nothing behind: as soon as the bucket has a token again, the loud one is answered, too.
  const end = Date.now() + 1_000;
  const recovered = await flood(loud, 1, () => Date.now() < end);
  expect(recovered.passed).toBeGreaterThan(0);
  expect(recovered.passed).toBeLessThanOrEqual((burst + rate * recovered.seconds + 1) * 1.5);
});
