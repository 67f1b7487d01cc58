import { DescribeTableCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import {
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  DeleteEventSourceMappingCommand,
  DeleteFunctionCommand,
  GetEventSourceMappingCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import { strToU8, zipSync } from 'fflate';
import { expect } from 'vitest';
import { type Claim, refusal, type Target } from './contract.ts';
import { newTable } from './dynamodb-support.ts';
import { roleFor } from './role.ts';

const guide = 'Lambda Developer Guide, Using AWS Lambda with Amazon DynamoDB';
const ZipFile = zipSync({ 'index.mjs': strToU8('export const handler = async () => undefined;') });
const actions = ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'].map((name) => `dynamodb:${name}`);

/** A table with a stream, and a function whose role may read it, or may not. */
async function tableAndFunction(target: Target, reads = true) {
  const lambda = target.client(LambdaClient);
  const StreamSpecification = { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' as const };
  const { dynamodb, TableName, TableArn } = await newTable(target, { StreamSpecification });
  const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName }));
  const statement = {
    Effect: 'Allow',
    Action: reads ? actions : ['dynamodb:GetItem'],
    Resource: `${TableArn}/stream/*`,
  };
  const { RoleArn: Role } = await roleFor(target, { Service: 'lambda.amazonaws.com' }, statement);
  const FunctionName = target.name();
  await target.until(() =>
    lambda.send(
      new CreateFunctionCommand({
        FunctionName,
        Role,
        Runtime: 'nodejs22.x',
        Handler: 'index.handler',
        Code: { ZipFile },
      }),
    ),
  );
  target.afterwards(() => lambda.send(new DeleteFunctionCommand({ FunctionName })));
  const input = { FunctionName, EventSourceArn: Table?.LatestStreamArn, StartingPosition: 'TRIM_HORIZON' as const };
  return { dynamodb, lambda, TableName, input };
}

export const dynamodbSourceClaims: readonly Claim[] = [
  {
    operation: 'CreateEventSourceMapping',
    beside: ['GetEventSourceMapping', 'DeleteEventSourceMapping'],
    claim: 'hands the changes of a DynamoDB table to the function, batches of 100 unless told otherwise',
    source: guide,
    async run(target) {
      const { dynamodb, lambda, TableName, input } = await tableAndFunction(target);
      const { UUID, BatchSize } = await target.until(() => lambda.send(new CreateEventSourceMappingCommand(input)));
      target.afterwards(() => lambda.send(new DeleteEventSourceMappingCommand({ UUID })));
      expect(BatchSize).toBe(100);
      const get = () => lambda.send(new GetEventSourceMappingCommand({ UUID }));
      await target.until(async () => expect((await get()).State).toBe('Enabled'));
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
