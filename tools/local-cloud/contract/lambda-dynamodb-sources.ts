import { DescribeTableCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { expect } from 'vitest';
import { type Claim, refusal, type Target } from './contract.ts';
import { newTable } from './dynamodb-support.ts';
import { consumer, enabledMapping } from './lambda-source-support.ts';

const guide = 'Lambda Developer Guide, Using AWS Lambda with Amazon DynamoDB';
const actions = ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'].map((name) => `dynamodb:${name}`);

/** A table with a stream, and a function whose role may read it, or may not. */
async function tableAndFunction(target: Target, reads = true) {
  const StreamSpecification = { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' as const };
  const { dynamodb, TableName, TableArn } = await newTable(target, { StreamSpecification });
  const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName }));
  const { lambda, FunctionName } = await consumer(
    target,
    reads ? { Effect: 'Allow', Action: actions, Resource: `${TableArn}/stream/*` } : undefined,
  );
  const input = { FunctionName, EventSourceArn: Table?.LatestStreamArn, StartingPosition: 'TRIM_HORIZON' as const };
  return { dynamodb, lambda, TableName, input };
}

/** Claims of event source mappings of DynamoDB streams. */
export const dynamodbSourceClaims: readonly Claim[] = [
  {
    operation: 'CreateEventSourceMapping',
    beside: ['GetEventSourceMapping', 'DeleteEventSourceMapping'],
    claim: 'hands the changes of a DynamoDB table to the function, batches of 100 unless told otherwise',
    source: guide,
    async run(target) {
      const { dynamodb, TableName, input } = await tableAndFunction(target);
      const { get } = await enabledMapping(target, input);
      expect((await get()).BatchSize).toBe(100);
      await dynamodb.send(new PutItemCommand({ TableName, Item: { id: { S: 'a' } } }));
      await target.until(async () => expect((await get()).LastProcessingResult).toBe('OK'));
    },
  },
  {
    operation: 'CreateEventSourceMapping',
    claim: 'refuses the stream of a table that the role may not read, and AT_TIMESTAMP for one it may',
    source: guide,
    async run(target) {
      const denied = await tableAndFunction(target, false);
      const create = ({ lambda, input }: typeof denied, more: object = {}) =>
        refusal(lambda.send(new CreateEventSourceMappingCommand({ ...input, ...more })));
      expect((await create(denied)).message).toContain('Cannot access stream');
      const allowed = await tableAndFunction(target);
      const start = { StartingPosition: 'AT_TIMESTAMP', StartingPositionTimestamp: new Date(0) };
      expect((await create(allowed, start)).name).toMatch(/InvalidParameterValue|Validation/);
    },
  },
];
