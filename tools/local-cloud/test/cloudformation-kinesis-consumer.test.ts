import { DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import { KinesisClient, ListTagsForResourceCommand, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { GetEventSourceMappingCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { App, Stack, Tags } from 'aws-cdk-lib';
import { Stream, StreamConsumer } from 'aws-cdk-lib/aws-kinesis';
import { Code, Function as LambdaFunction, Runtime, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { KinesisConsumerEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type StackCloud, startStackCloud, template } from './cloudformation-support.ts';
import { moving } from './fixtures/lambda/support.ts';

let cloud: StackCloud;
beforeAll(async () => {
  cloud = await startStackCloud();
});
afterAll(() => cloud.close());

function consumedByCdk(): string {
  const app = new App({ analyticsReporting: false });
  const stack = new Stack(app, 'Shop');
  Tags.of(stack).add('team', 'a');
  const stream = new Stream(stack, 'Stream', { streamName: 'orders' });
  const streamConsumer = new StreamConsumer(stack, 'Consumer', { stream, streamConsumerName: 'reader' });
  const handler = new LambdaFunction(stack, 'Function', {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline('exports.handler = async () => undefined;'),
  });
  const startingPosition = StartingPosition.TRIM_HORIZON;
  handler.addEventSource(new KinesisConsumerEventSource(streamConsumer, { startingPosition }));
  const { Parameters: _parameters, Rules: _rules, ...rest } = app.synth().getStackByName('Shop').template;
  return JSON.stringify(rest);
}

test("CDK's KinesisConsumerEventSource reads with the permissions CDK grants it", { timeout: 60_000 }, async () => {
  const [kinesis, lambda] = [cloud.client(KinesisClient), cloud.client(LambdaClient)];
  const created = await cloud.create('Shop', consumedByCdk());
  expect(created?.StackStatus, (await cloud.events('Shop')).join('\n')).toBe('CREATE_COMPLETE');
  const ids = Object.entries(await cloud.physicalIds('Shop'));
  const idOf = (logical: RegExp) => ids.find(([id]) => logical.test(id))?.[1];
  const UUID = idOf(/EventSource/);
  await kinesis.send(new PutRecordCommand({ StreamName: 'orders', PartitionKey: 'key', Data: Buffer.from('a') }));
  await moving(cloud.cloud, async () => {
    const mapping = await lambda.send(new GetEventSourceMappingCommand({ UUID }));
    expect(mapping.LastProcessingResult).toBe('OK');
  });

  const { Tags } = await kinesis.send(new ListTagsForResourceCommand({ ResourceARN: idOf(/^Consumer/) }));
  expect(Tags).toEqual([{ Key: 'team', Value: 'a' }]);
});

test('a registered consumer of a stream comes and goes with its stack', async () => {
  const made = await cloud.create(
    'consumer',
    template(
      {
        Stream: { Type: 'AWS::Kinesis::Stream', Properties: { ShardCount: 1 } },
        Consumer: {
          Type: 'AWS::Kinesis::StreamConsumer',
          Properties: { ConsumerName: 'reader', StreamARN: { 'Fn::GetAtt': ['Stream', 'Arn'] } },
        },
      },
      {
        Outputs: {
          Arn: { Value: { Ref: 'Consumer' } },
          Status: { Value: { 'Fn::GetAtt': ['Consumer', 'ConsumerStatus'] } },
        },
      },
    ),
  );
  expect(made?.StackStatus).toBe('CREATE_COMPLETE');
  const outputs = Object.fromEntries(
    (made?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]),
  );
  expect(outputs).toEqual({ Arn: expect.stringMatching(/stream\/.+\/consumer\/reader:\d+$/), Status: 'ACTIVE' });
  await cloud.cloudFormation.send(new DeleteStackCommand({ StackName: 'consumer' }));
  await expect(cloud.settled('consumer')).rejects.toThrow('does not exist');
});
