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

/** So many writes by a number of connections; how many passed, and in how many seconds. */
async function flood(token: string, writes: number, connections: number) {
  const began = Date.now();
  let left = writes;
  const statuses: number[] = [];
  const connection = async () => {
    while (left-- > 0) statuses.push((await write(token)).status);
  };
  await Promise.all(Array.from({ length: connections }, connection));
  const passed = statuses.filter((status) => status === 201).length;
  return { passed, others: new Set(statuses.filter((status) => status !== 201)), seconds: (Date.now() - began) / 1000 };
}

test('given two tenants of a plan, when one floods the API, then it gets what it bought, and the other all it asks for', async () => {
  const [loud, quiet] = [await signedIn(await newTenant('standard')), await signedIn(await newTenant('standard'))];
  expect((await call('products', quiet)).status).toBe(200);
  const flooding = flood(loud, 300, 20);
  const answers: number[] = [];
  for (let request = 0; request < burst; request++) answers.push((await write(quiet)).status);
  expect(answers).toEqual(Array(burst).fill(201));
  const { passed, others, seconds } = await flooding;
  expect([...others]).toEqual([429]);
  // A token bucket: full at first, refilled at the rate. API Gateway keeps it on a best-effort basis: half as much again is let pass.
  expect(passed).toBeGreaterThanOrEqual(burst);
  expect(passed).toBeLessThanOrEqual((burst + rate * seconds + 1) * 1.5);
  // What was refused leaves nothing behind: as soon as the bucket has a token again, the loud one is answered, too.
  const recovered = await flood(loud, 40, 1);
  expect(recovered.passed).toBeGreaterThan(0);
  expect(recovered.passed).toBeLessThanOrEqual((burst + rate * recovered.seconds + 1) * 1.5);
});
