import { execFileSync } from 'node:child_process';
import {
  DeleteFunctionCommand,
  DeleteFunctionConcurrencyCommand,
  GetFunctionConcurrencyCommand,
  PutFunctionConcurrencyCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { eventually, type LambdaCloud, startLambdaCloud } from './fixtures/lambda/support.ts';

let cloud: LambdaCloud;

/** Ids of living processes that belong to this cloud's environments. */
function processes(): string[] {
  return execFileSync('ps', ['axeww', '-o', 'pid=,args='], { encoding: 'utf8', maxBuffer: 2 ** 26 })
    .split('\n')
    .filter((line) => line.includes(cloud.cloud.scratch));
}

const reserve = (FunctionName: string, ReservedConcurrentExecutions: number) =>
  cloud.lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions }));

describe('environments of a function', () => {
  beforeEach(async () => {
    cloud = await startLambdaCloud();
  });
  afterEach(() => cloud.close());

  test('serve one invocation after the other', async () => {
    await cloud.create('warm');
    const first = await cloud.invoke('warm');
    const second = await cloud.invoke('warm');
    expect(second.value).toMatchObject({ environmentId: first.value.environmentId, invocations: 2 });
    expect(processes()).toHaveLength(1);
  });

  test('grow in number with simultaneous invocations', async () => {
    await cloud.create('wide', 'slow', { Timeout: 20 });
    const answers = await Promise.all([1, 2, 3].map(() => cloud.invoke('wide', { ms: 500 })));
    expect(new Set(answers.map(({ value }) => value.environmentId)).size).toBe(3);
  });

  test('end after minutes without work', async () => {
    await cloud.create('idle');
    const first = await cloud.invoke('idle');
    await cloud.cloud.clock.advance(5 * 60_000);
    await eventually(() => expect(processes()).toEqual([]));
    const second = await cloud.invoke('idle');
    expect(second.value.environmentId).not.toBe(first.value.environmentId);
  });

  test('are replaced when the configuration changes', async () => {
    await cloud.create('changed');
    const first = await cloud.invoke('changed');
    await cloud.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'changed', MemorySize: 256 }));
    const second = await cloud.invoke('changed');
    expect(second.value.environmentId).not.toBe(first.value.environmentId);
    await eventually(() => expect(processes()).toHaveLength(1));
  });

  test('end with their function', async () => {
    await cloud.create('deleted');
    await cloud.invoke('deleted');
    await cloud.lambda.send(new DeleteFunctionCommand({ FunctionName: 'deleted' }));
    await eventually(() => expect(processes()).toEqual([]));
  });

  test('end with the cloud, even in the middle of their work', async () => {
    await cloud.create('working', 'slow', { Timeout: 60 });
    await cloud.create('resting');
    await cloud.invoke('resting');
    const pending = cloud.invoke('working', { ms: 50_000 }).catch((error: Error) => error);
    await eventually(() => expect(processes()).toHaveLength(2));
    await cloud.close();
    expect(processes()).toEqual([]);
    await pending;
  });
});

describe('reserved concurrency', () => {
  beforeAll(async () => {
    cloud = await startLambdaCloud();
  });
  afterAll(() => cloud.close());

  test('throttles what goes beyond it', async () => {
    await cloud.create('two', 'slow', { Timeout: 20 });
    await reserve('two', 2);
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => cloud.invoke('two', { ms: 500 })));
    const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    expect(refused).toHaveLength(1);
    expect(refused[0]).toMatchObject({
      name: 'TooManyRequestsException',
      message: 'Rate Exceeded.',
      Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
      Type: 'User',
      $metadata: { httpStatusCode: 429 },
    });
  });

  test('of zero switches a function off, until it is taken away', async () => {
    await cloud.create('off');
    await reserve('off', 0);
    await expect(cloud.invoke('off')).rejects.toMatchObject({ name: 'TooManyRequestsException' });
    await cloud.lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName: 'off' }));
    expect((await cloud.invoke('off')).StatusCode).toBe(200);
    const { ReservedConcurrentExecutions } = await cloud.lambda.send(
      new GetFunctionConcurrencyCommand({ FunctionName: 'off' }),
    );
    expect(ReservedConcurrentExecutions).toBeUndefined();
  });

  test('leaves 100 of the account to everybody', async () => {
    await cloud.create('greedy');
    await expect(reserve('greedy', 999)).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message:
        "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [100].",
    });
  });
});
