import { CreateStackCommand, DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import {
  GetQueueAttributesCommand,
  ListQueueTagsCommand,
  type QueueAttributeName,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type StackCloud, startStackCloud, template } from './cloudformation-support.ts';

let cloud: StackCloud;
let sqs: SQSClient;
beforeAll(async () => {
  cloud = await startStackCloud();
  sqs = cloud.client(SQSClient);
});
afterAll(() => cloud.close());

async function attributes(QueueUrl: string | undefined): Promise<Partial<Record<QueueAttributeName, string>>> {
  return (await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }))).Attributes ?? {};
}

const policy = (Action: string) => ({
  PolicyDocument: {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'sns.amazonaws.com' },
        Action,
        Resource: { 'Fn::GetAtt': ['Queue', 'Arn'] },
      },
    ],
  },
  Queues: [{ Ref: 'Queue' }],
});

function stack(queue: object, action: string): string {
  return template(
    {
      Dead: { Type: 'AWS::SQS::Queue' },
      Queue: { Type: 'AWS::SQS::Queue', Properties: queue },
      Policy: { Type: 'AWS::SQS::QueuePolicy', Properties: policy(action) },
    },
    { Outputs: { Name: { Value: { 'Fn::GetAtt': ['Queue', 'QueueName'] } } } },
  );
}

test('a queue with its dead letters and policy is created, changed in place and deleted', async () => {
  const RedrivePolicy = { deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] }, maxReceiveCount: 3 };
  const Tags = [{ Key: 'team', Value: 'a' }];
  await cloud.create(
    'queues',
    stack({ VisibilityTimeout: 60, DelaySeconds: 5, RedrivePolicy, Tags }, 'sqs:SendMessage'),
  );
  const { Queue, Dead } = await cloud.physicalIds('queues');
  const before = await attributes(Queue);
  expect(before).toMatchObject({ VisibilityTimeout: '60', DelaySeconds: '5' });
  expect(JSON.parse(before.RedrivePolicy ?? '')).toMatchObject({
    deadLetterTargetArn: (await attributes(Dead)).QueueArn,
  });
  expect(before.Policy).toContain('sqs:SendMessage');
  expect((await sqs.send(new ListQueueTagsCommand({ QueueUrl: Queue }))).Tags).toMatchObject({ team: 'a' });

  const updated = await cloud.update('queues', stack({ VisibilityTimeout: 90 }, 'sqs:GetQueueUrl'));
  expect(updated?.StackStatus).toBe('UPDATE_COMPLETE');
  expect((await cloud.physicalIds('queues'))['Queue']).toBe(Queue);
  const after = await attributes(Queue);
  expect(after).toMatchObject({ VisibilityTimeout: '90', DelaySeconds: '0', QueueArn: before.QueueArn });
  expect(after.RedrivePolicy).toBeUndefined();
  expect(after.Policy).toContain('sqs:GetQueueUrl');
  expect(updated?.Outputs?.[0]?.OutputValue).toBe(after.QueueArn?.split(':')[5]);

  await cloud.cloudFormation.send(new DeleteStackCommand({ StackName: 'queues' }));
  expect((await cloud.settled(updated?.StackId ?? ''))?.StackStatus).toBe('DELETE_COMPLETE');
  await expect(attributes(Queue)).rejects.toThrow('The specified queue does not exist.');
});

test('a FIFO queue without a name gets one that ends with .fifo', async () => {
  const Properties = { FifoQueue: true, ContentBasedDeduplication: true };
  await cloud.create('fifo', template({ Queue: { Type: 'AWS::SQS::Queue', Properties } }));
  const { Queue } = await cloud.physicalIds('fifo');
  expect(Queue).toMatch(/\/fifo-Queue-\w+\.fifo$/);
  expect(await attributes(Queue)).toMatchObject({ FifoQueue: 'true', ContentBasedDeduplication: 'true' });
});

test('what SQS refuses fails the stack with its words', async () => {
  const Properties = { VisibilityTimeout: 99_999 };
  await cloud.cloudFormation.send(
    new CreateStackCommand({
      StackName: 'wrong',
      TemplateBody: template({ Queue: { Type: 'AWS::SQS::Queue', Properties } }),
    }),
  );
  await cloud.settled('wrong');
  expect((await cloud.events('wrong')).join('\n')).toContain('Invalid value for the parameter VisibilityTimeout.');
});
