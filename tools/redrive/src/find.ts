import { type CloudFormationClient, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import type { KinesisClient } from '@aws-sdk/client-kinesis';
import { GetEventSourceMappingCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { invokeAgain, putAgain } from './again.ts';
import { deadLetterQueueOf } from './dead-letter-queue.ts';
import { failedEventsOf } from './failed-events.ts';
import { failureBucket } from './failure-bucket.ts';
import type { Redrivable } from './redrivable.ts';

export interface Clients {
  readonly cloudformation: CloudFormationClient;
  readonly kinesis: KinesisClient;
  readonly lambda: LambdaClient;
  readonly s3: S3Client;
  readonly sqs: SQSClient;
}

/** Everything of a stack that can be redriven. Rejects when there is no such stack. */
export async function findRedrivable(clients: Clients, StackName: string): Promise<Redrivable[]> {
  const found: Redrivable[] = [];
  for await (const page of paginateListStackResources({ client: clients.cloudformation }, { StackName })) {
    for (const { ResourceType, PhysicalResourceId = '' } of page.StackResourceSummaries ?? []) {
      const one =
        ResourceType === 'AWS::SQS::Queue'
          ? await deadLetterQueueOf(clients.sqs, PhysicalResourceId)
          : ResourceType === 'AWS::Lambda::EventSourceMapping'
            ? await failuresOf(clients, PhysicalResourceId)
            : ResourceType === 'AWS::Lambda::Function'
              ? await failedEventsOf(clients, PhysicalResourceId)
              : undefined;
      if (one) found.push(one);
    }
  }
  return found;
}

/** What a stream's mapping gave up, if it has a bucket for it. */
async function failuresOf({ lambda, kinesis, s3 }: Clients, UUID: string): Promise<Redrivable | undefined> {
  const mapping = await lambda.send(new GetEventSourceMappingCommand({ UUID }));
  const { EventSourceArn = '', FunctionArn = '', DestinationConfig } = mapping;
  const destination = DestinationConfig?.OnFailure?.Destination ?? '';
  if (!destination.startsWith('arn:aws:s3:::')) return undefined;
  const bucket = destination.slice('arn:aws:s3:::'.length);
  const isKinesis = EventSourceArn.split(':')[2] === 'kinesis';
  return failureBucket(s3, {
    bucket,
    mapping: UUID,
    to: (isKinesis ? EventSourceArn : FunctionArn).split(/[:/]/).at(-1) ?? '',
    again: isKinesis ? putAgain(kinesis, EventSourceArn) : invokeAgain(lambda, FunctionArn),
  });
}
