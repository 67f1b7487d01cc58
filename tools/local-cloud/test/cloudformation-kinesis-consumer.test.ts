import { DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type StackCloud, startStackCloud, template } from './cloudformation-support.ts';

let cloud: StackCloud;
beforeAll(async () => {
  cloud = await startStackCloud();
});
afterAll(() => cloud.close());

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
