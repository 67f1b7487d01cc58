import {
  CloudWatchClient,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
  PutMetricDataCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { AddPermissionCommand } from '@aws-sdk/client-lambda';
import { SetTopicAttributesCommand } from '@aws-sdk/client-sns';
import { zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { eventually, functionArn, type LambdaCloud, startLambdaCloud } from './fixtures/lambda/support.ts';
import { startReceiver, subscribedTopic } from './sns-support.ts';

let cloud: LambdaCloud;
let cloudWatch: CloudWatchClient;
let inbox: Awaited<ReturnType<typeof startReceiver>>;
beforeEach(async () => {
  cloud = await startLambdaCloud();
  inbox = await startReceiver();
  cloudWatch = cloud.client(CloudWatchClient);
});
afterEach(async () => {
  await cloud.close();
  await inbox.close();
});

const alarm = (more: Partial<PutMetricAlarmCommandInput>) =>
  cloudWatch.send(
    new PutMetricAlarmCommand({
      AlarmName: 'old',
      Namespace: 'Shop',
      MetricName: 'Age',
      Dimensions: [{ Name: 'Queue', Value: 'orders' }],
      Statistic: 'SampleCount',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'notBreaching',
      ...more,
    }),
  );
const become = (StateValue: 'OK' | 'ALARM', StateReason = 'told so') =>
  cloudWatch.send(new SetAlarmStateCommand({ AlarmName: 'old', StateValue, StateReason }));
/** The nth notification; the first request asked for confirmation. */
const notification = async (n: number) => JSON.parse((await inbox.request(n + 1)).body);

describe('a topic that is an action of an alarm', () => {
  test('is told of the change when the metric crosses the threshold, and when it is over', async () => {
    const { TopicArn = '' } = await subscribedTopic(cloud, inbox);
    await alarm({ AlarmActions: [TopicArn], OKActions: [TopicArn], AlarmDescription: 'orders wait' });
    const { clock } = cloud.cloud;
    await clock.advance(60_000 - (clock.now() % 60_000));
    const Dimensions = [{ Name: 'Queue', Value: 'orders' }];
    const MetricData = [{ MetricName: 'Age', Dimensions, Value: 7 }];
    await cloudWatch.send(new PutMetricDataCommand({ Namespace: 'Shop', MetricData }));
    // The minute has to end before the next evaluation looks at it.
    await clock.advance(120_000);

    const isAlarm = ({ Message }: { Message: string }) => JSON.parse(Message).NewStateValue === 'ALARM';
    const fired = await eventually(() => {
      const found = inbox.received
        .slice(1)
        .map(({ body }) => JSON.parse(body))
        .find(isAlarm);
      if (!found) throw new Error('no alarm yet');
      return found;
    });
    expect(fired.Subject).toBe('ALARM: "old" in US East (N. Virginia)');
    expect(JSON.parse(fired.Message)).toMatchObject({
      AlarmName: 'old',
      AlarmDescription: 'orders wait',
      AWSAccountId: '000000000000',
      NewStateReason: expect.stringContaining('Threshold Crossed'),
      StateChangeTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/),
      Region: 'US East (N. Virginia)',
      AlarmArn: 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:old',
      AlarmActions: [TopicArn],
      OKActions: [TopicArn],
      InsufficientDataActions: [],
      Trigger: {
        MetricName: 'Age',
        Namespace: 'Shop',
        StatisticType: 'Statistic',
        Statistic: 'SAMPLE_COUNT',
        Unit: null,
        Dimensions: [{ value: 'orders', name: 'Queue' }],
        Period: 60,
        EvaluationPeriods: 1,
        ComparisonOperator: 'GreaterThanThreshold',
        Threshold: 0,
        TreatMissingData: 'notBreaching',
        EvaluateLowSampleCountPercentile: '',
      },
    });
    const before = inbox.received.length;
    await clock.advance(120_000);
    const { Message } = JSON.parse((await inbox.request(before + 1)).body);
    expect(JSON.parse(Message)).toMatchObject({ OldStateValue: 'ALARM', NewStateValue: 'OK' });
  });

  test('hears of changes only, and of none while actions are off', async () => {
    const { TopicArn = '' } = await subscribedTopic(cloud, inbox);
    await alarm({ AlarmActions: [TopicArn], ActionsEnabled: false });
    await become('ALARM');
    await become('OK');
    await alarm({ AlarmActions: [TopicArn] });
    await become('ALARM', 'first');
    await become('ALARM', 'still');
    await become('OK');
    await become('ALARM', 'again');
    const reasons = [await notification(1), await notification(2)].map(
      ({ Message }) => JSON.parse(Message).NewStateReason,
    );
    expect(reasons.sort()).toEqual(['again', 'first']);
    expect(inbox.received).toHaveLength(3);
  });

  test('with a policy that does not let CloudWatch publish is not told, and the log says so', async () => {
    const { sns, TopicArn = '' } = await subscribedTopic(cloud, inbox);
    const policyFor = (AlarmArn: string) => ({
      TopicArn,
      AttributeName: 'Policy',
      AttributeValue: JSON.stringify({
        Version: '2012-10-17',
        Statement: {
          Effect: 'Allow',
          Principal: { Service: 'cloudwatch.amazonaws.com' },
          Action: 'sns:Publish',
          Resource: TopicArn,
          Condition: { ArnLike: { 'aws:SourceArn': AlarmArn } },
        },
      }),
    });
    const alarms = 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:';
    await alarm({ AlarmActions: [TopicArn] });
    await sns.send(new SetTopicAttributesCommand(policyFor(`${alarms}other`)));
    await become('ALARM');
    const denied = 'cloudwatch.amazonaws.com is not authorized to perform: SNS:Publish';
    await eventually(() => expect(cloud.lines.join('\n')).toContain(denied));
    await become('OK');
    await sns.send(new SetTopicAttributesCommand(policyFor(`${alarms}ol*`)));
    await become('ALARM', 'now it may');
    expect(JSON.parse((await notification(1)).Message).NewStateReason).toBe('now it may');
  });
});

test('a function that is an action of an alarm is invoked with the change', async () => {
  const source = 'export const record = async (event) => console.log(JSON.stringify(event));';
  await cloud.create('mender', 'print', {
    Code: { ZipFile: zipSync({ 'handler.mjs': Buffer.from(source) }) },
    Handler: 'handler.record',
  });
  await cloud.lambda.send(
    new AddPermissionCommand({
      FunctionName: 'mender',
      StatementId: 'alarm',
      Action: 'lambda:InvokeFunction',
      Principal: 'lambda.alarms.cloudwatch.amazonaws.com',
      SourceArn: 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:old',
      SourceAccount: '000000000000',
    }),
  );
  await alarm({ AlarmActions: [functionArn('mender')] });
  await become('ALARM');
  const command = new FilterLogEventsCommand({ logGroupName: '/aws/lambda/mender', filterPattern: '"alarmData"' });
  const message = await eventually(async () => {
    const { events } = await cloud.client(CloudWatchLogsClient).send(command);
    expect(events).toHaveLength(1);
    return events?.[0]?.message ?? '';
  });
  expect(JSON.parse(message.slice(message.indexOf('{')))).toMatchObject({
    source: 'aws.cloudwatch',
    alarmArn: 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:old',
    accountId: '000000000000',
    region: 'us-east-1',
    alarmData: {
      alarmName: 'old',
      state: { value: 'ALARM', reason: 'told so' },
      previousState: { value: 'INSUFFICIENT_DATA' },
      configuration: { metrics: [{ metricStat: { stat: 'SampleCount', period: 60 }, returnData: true }] },
    },
  });
});
