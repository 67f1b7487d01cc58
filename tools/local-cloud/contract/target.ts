import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { startTestCloud } from '../src/testing.ts';
import type { ClientConfig, Target } from './contract.ts';

const patience = 180_000;

/** Where the claims are put to the test, chosen by `STACKYARD_TARGET`; `release` tidies up after one claim, `close` ends it. */
export interface TargetUnderTest extends Target {
  release(): Promise<void>;
  close(): Promise<void>;
}

/** A cloud of its own, or with `STACKYARD_TARGET=aws` the account and region of the environment's credentials. */
export async function openTarget(): Promise<TargetUnderTest> {
  return process.env['STACKYARD_TARGET'] === 'aws' ? awsTarget() : embeddedTarget();
}

async function embeddedTarget(): Promise<TargetUnderTest> {
  const test = await startTestCloud();
  return {
    kind: 'embedded',
    account: '000000000000',
    region: 'us-east-1',
    client: (type, config) => test.client(type as new (given: unknown) => never, config as object),
    ...names(),
    ...tidying(),
    until: (check) =>
      repeat(check, async () => {
        // Not while the cloud works: a function that starts on a busy machine would time out.
        await test.cloud.clock.advance(1_000, test.cloud.work.settled);
        await wait(10);
      }),
    close: () => test.close(),
  };
}

async function awsTarget(): Promise<TargetUnderTest> {
  const region = process.env['AWS_REGION'];
  if (!region) throw new Error('AWS_REGION is not set: name the region whose services are to be tested.');
  const { Account } = await new STSClient({ region }).send(new GetCallerIdentityCommand({}));
  return {
    kind: 'aws',
    account: Account as string,
    region,
    client: (type, config) => new type({ region, maxAttempts: 1, ...config } satisfies ClientConfig),
    ...names(),
    ...tidying(),
    until: (check) => repeat(check, () => wait(2_000)),
    close: async () => {},
  };
}

function names(): Pick<Target, 'name'> {
  const run = randomBytes(4).toString('hex');
  let count = 0;
  return { name: () => `stackyard-contract-${run}-${++count}` };
}

function tidying(): Pick<TargetUnderTest, 'afterwards' | 'release'> {
  const pending: (() => Promise<unknown>)[] = [];
  return {
    afterwards: (tidy) => pending.push(tidy),
    async release() {
      const failures: unknown[] = [];
      while (pending.length > 0)
        await pending
          .pop()?.()
          .catch((error: unknown) => failures.push(error));
      if (failures.length > 0) throw new AggregateError(failures, 'Something this claim created is still there.');
    },
  };
}

async function repeat<T>(check: () => Promise<T>, pause: () => Promise<unknown>): Promise<T> {
  const deadline = Date.now() + patience;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() >= deadline) throw error;
      await pause();
    }
  }
}
