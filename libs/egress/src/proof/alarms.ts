import { CloudWatchClient, GetMetricStatisticsCommand, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import { DeleteFunctionConcurrencyCommand, LambdaClient, PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import { PurgeQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { eventually, faults, stackOutputs } from '@stackyard/proof-kit';
import { afterEach, expect, test } from 'vitest';
import { callMetric } from '../call-metric.ts';

const stage = process.env['STACKYARD_STAGE'] ?? 'dev';

/** The state of a stack's alarms whose construct ids are these, in this order. */
async function alarmStates(context: string, ids: readonly string[]): Promise<(string | undefined)[]> {
  const states = new Map<string, string | undefined>();
  const AlarmNamePrefix = `${stage}-${context}-`;
  for await (const { MetricAlarms = [] } of paginateDescribeAlarms(
    { client: new CloudWatchClient({}) },
    { AlarmNamePrefix },
  )) {
    for (const { AlarmName = '', StateValue } of MetricAlarms) {
      // CloudFormation's name of an alarm: stack, logical ID (which ends with a hash), random letters.
      const logicalId = AlarmName.slice(AlarmNamePrefix.length).replace(/[0-9A-F]{8}-\w+$/, '');
      // Another stack's name may begin as this one's does; logical IDs have no hyphens.
      const id = logicalId.includes('-') ? undefined : ids.find((ending) => logicalId.endsWith(ending));
      if (id !== undefined) states.set(id, StateValue);
    }
  }
  return ids.map((id) => states.get(id));
}

/** Of the patterns' alarms: as long as a state lasts at least that one period brought. */
const periodMs = 300_000;
/** Between two looks at the alarms: no state begins and ends unseen. */
const lookMs = periodMs / 2;

/** Lets time pass until each of these alarms has gone off, not necessarily at once: one may be over when the next one begins. */
async function goOff(context: string, ids: readonly string[]): Promise<void> {
  const seen = new Set<string>();
  await eventually(
    async () => {
      await faults.passTime(lookMs);
      const states = await alarmStates(context, ids);
      for (const [i, id] of ids.entries()) if (states[i] === 'ALARM') seen.add(id);
      expect([...seen].toSorted()).toEqual(ids.toSorted());
    },
    120_000,
    100,
  );
}

/** Lets time pass until none of these alarms is on, while an operator who has seen what was given up throws it away. */
async function areOver(context: string, ids: readonly string[]): Promise<void> {
  await eventually(
    async () => {
      await emptyDeadLetters(context);
      await faults.passTime(lookMs);
      expect(await alarmStates(context, ids)).toEqual(ids.map(() => 'OK'));
    },
    120_000,
    100,
  );
}

export interface AlarmClaims {
  /** The stack's name without its stage. */
  readonly context: string;
  /** Gives the pattern something to tell the partner. */
  readonly send: () => Promise<void>;
}

/**
 * An outage of the partner sets alarms off, named by their construct ids, and is counted; they are over when nobody waits any longer.
 */
export function claimOutageAlarms({ context, send }: AlarmClaims, ids: readonly string[]): void {
  afterEach(() => faults.clear());

  test(`given a partner that is out, then it sets off ${ids.join(' and ')}, until it is back`, async () => {
    await areOver(context, ids);
    const { BucketName: resource } = await stackOutputs(`${stage}-egress-partner`);
    const outage = await faults.start({
      service: 's3',
      operation: 'PutObject',
      resource,
      effect: { kind: 'fail', code: 'ServiceUnavailable', status: 503 },
    });
    await send();
    await goOff(context, ids);
    expect(await failedCalls(context)).toBeGreaterThan(0);
    await outage.end();
    await areOver(context, ids);
  });
}

/** A function that is throttled for two periods has its stream fall behind; the alarm is over when it has caught up. */
export function claimFallsBehind({ context, send }: AlarmClaims): void {
  const lambda = new LambdaClient({});
  const unthrottle = async () => {
    const { FunctionName } = await stackOutputs(`${stage}-${context}`);
    await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
  };
  // Other proofs need the function, whatever becomes of this one.
  afterEach(unthrottle);

  test('given a function that is throttled for a while, then the alarm FallsBehind goes off, and is over when it has caught up', async () => {
    await areOver(context, ['FallsBehind']);
    const { FunctionName } = await stackOutputs(`${stage}-${context}`);
    await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }));
    await send();
    await faults.passTime(2 * periodMs);
    await unthrottle();
    await goOff(context, ['FallsBehind']);
    await areOver(context, ['FallsBehind']);
  });
}

/** How many calls failed in the days around now, as the functions' logs tell CloudWatch. */
async function failedCalls(context: string): Promise<number> {
  const { FunctionName = '' } = await stackOutputs(`${stage}-${context}`);
  const dayMs = 24 * 3_600_000;
  const { Datapoints = [] } = await new CloudWatchClient({}).send(
    new GetMetricStatisticsCommand({
      Namespace: callMetric.namespace,
      MetricName: callMetric.name,
      Dimensions: [
        { Name: 'function', Value: FunctionName },
        { Name: 'service', Value: context },
      ],
      StartTime: new Date(Date.now() - dayMs),
      EndTime: new Date(Date.now() + 9 * dayMs),
      Period: dayMs / 1000,
      Statistics: ['Sum'],
    }),
  );
  return Datapoints.reduce((sum, { Sum = 0 }) => sum + Sum, 0);
}

/** Streams have no dead-letter queue. */
async function emptyDeadLetters(context: string): Promise<void> {
  const { DeadLetterQueueUrl: QueueUrl } = await stackOutputs(`${stage}-${context}`);
  if (QueueUrl) await new SQSClient({}).send(new PurgeQueueCommand({ QueueUrl }));
}
