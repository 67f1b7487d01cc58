import type { InvokeCommandInput } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { EnvironmentDescription } from '../src/services/lambda/environment-control.ts';
import { eventually, type LambdaCloud, startLambdaCloud } from './fixtures/lambda/support.ts';

let cloud: LambdaCloud;
let name: string;
let functions = 0;

async function control(method: string, path: string, body?: unknown) {
  const response = await fetch(`${cloud.endpoint}/_stackyard/${path}`, {
    method,
    headers: { 'x-stackyard': 'control' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function act(action: string, target: object = {}): Promise<void> {
  expect(await control('POST', `environments/${action}`, { function: name, ...target })).toEqual({
    status: 200,
    body: {},
  });
}

const environments = async () =>
  (await control('GET', `environments?function=${name}`)).body['environments'] as EnvironmentDescription[];
const withLog: Partial<InvokeCommandInput> = { LogType: 'Tail' };
const logOf = ({ LogResult }: { LogResult?: string | undefined }) => Buffer.from(LogResult ?? '', 'base64').toString();

const inState = (state: string) => eventually(async () => expect((await environments())[0]?.state).toBe(state));

/** Begins an invocation, by default one that would last 20 s, and resolves when it has begun. */
async function inTheMiddle(ms = 20_000) {
  const answer = cloud.invoke(name, { ms }, withLog);
  await inState('busy');
  return { answer };
}

beforeAll(async () => {
  cloud = await startLambdaCloud();
});
beforeEach(async () => {
  name = `function-${++functions}`;
  await cloud.create(name, 'slow', { Timeout: 30, MemorySize: 256 });
  await cloud.invoke(name, { ms: 0 });
  await inState('idle');
});
afterAll(() => cloud.close());

test('environments tell their state, their processes, and how many lines of the function have passed', async () => {
  await cloud.create(`${name}-print`, 'print');
  await cloud.invoke(`${name}-print`, { lines: ['one', 'two'] });
  name = `${name}-print`;
  await eventually(async () =>
    expect(await environments()).toEqual([
      { id: expect.any(String), function: name, state: 'idle', processes: ['runtime'], functionLines: 2 },
    ]),
  );
});

test.each([
  [undefined, 'signal: killed', /Max Memory Used: (?!256)\d+ MB/],
  ['killed', 'signal: killed', /Max Memory Used: (?!256)\d+ MB/],
  ['out-of-memory', 'signal: killed', /Max Memory Used: 256 MB/],
  ['crashed', 'signal: segmentation fault', /Max Memory Used: (?!256)\d+ MB/],
])(
  'a runtime that ends (%s) in an invocation fails it, and the next one has a new runtime',
  async (cause, why, used) => {
    const { answer } = await inTheMiddle();
    await act('kill', { process: 'runtime', ...(cause ? { cause } : {}) });
    const failed = await answer;
    expect(failed.value).toMatchObject({ errorType: 'Runtime.ExitError', errorMessage: expect.stringContaining(why) });
    expect(logOf(failed)).toMatch(used);
    const next = await cloud.invoke(name, { ms: 0 });
    expect(next.FunctionError).toBeUndefined();
  },
);

test('a frozen runtime does nothing until its time is up', async () => {
  const { answer } = await inTheMiddle();
  await act('freeze', { process: 'runtime' });
  await cloud.cloud.clock.advance(30_000);
  expect((await answer).value).toMatchObject({ errorType: 'Sandbox.Timedout' });
});

test('a thawed environment goes on where it stood', async () => {
  const { answer } = await inTheMiddle(300);
  await act('freeze');
  await act('thaw');
  expect((await answer).FunctionError).toBeUndefined();
});

test('an environment that is killed as a whole fails its invocation, and is not seen again', async () => {
  const [before] = await environments();
  const { answer } = await inTheMiddle();
  await act('kill', { id: before?.id });
  expect((await answer).FunctionError).toBe('Unhandled');
  expect(await environments()).toEqual([]);
  await cloud.invoke(name, { ms: 0 });
  expect((await environments())[0]?.id).not.toBe(before?.id);
});

test('an environment that is shut down is gone', async () => {
  await act('shutdown');
  expect(await environments()).toEqual([]);
});

test.each<[string, object, RegExp]>([
  ['freeze', { function: 'nobody' }, /no environment runs that is any of nobody; there are: .* of function-/],
  ['freeze', { id: 'x' }, /no environment runs that is x of function-/],
  ['kill', { process: 'sidecar' }, /No process sidecar runs in environment .*; there are: runtime/],
  ['kill', { process: 'runtime', cause: 'boredom' }, /cause is "boredom"; use one of killed, out-of-memory, crashed/],
  ['kill', { cause: 'crashed' }, /a cause is for one process; name it in process/],
  ['thaw', { cause: 'crashed' }, /thaw takes no cause; use function, id, process/],
  ['shutdown', { function: 7 }, /function is 7; use a text/],
])('%s %j is refused, and says why', async (action, target, message) => {
  const { status, body } = await control('POST', `environments/${action}`, { function: name, ...target });
  expect(status).toBe(400);
  expect(body['message']).toMatch(message);
  expect((await environments()).map(({ processes }) => processes)).toEqual([['runtime']]);
});

test('there is no other action', async () => {
  expect((await control('POST', 'environments/toString', { function: name })).status).toBe(404);
});
