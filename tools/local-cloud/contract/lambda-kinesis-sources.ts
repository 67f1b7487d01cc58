import { randomUUID } from 'node:crypto';
import {
  DeregisterStreamConsumerCommand,
  PutRecordCommand,
  RegisterStreamConsumerCommand,
} from '@aws-sdk/client-kinesis';
import {
  CreateEventSourceMappingCommand,
  type CreateEventSourceMappingCommandInput,
  DeleteEventSourceMappingCommand,
  GetEventSourceMappingCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { expect } from 'vitest';
import { type Claim, refusal, type Target } from './contract.ts';
import { active } from './kinesis-support.ts';
import { consumer, enabledMapping } from './lambda-source-support.ts';
import { reference } from './lambda-support.ts';

const guide = 'Lambda Developer Guide, Using Lambda to process records from Amazon Kinesis Data Streams';

/** A stream and a function whose role may read it, or may not. */
async function streamAndFunction(target: Target, reads = true) {
  const { kinesis, StreamName } = await active(target);
  const EventSourceArn = `arn:aws:kinesis:${target.region}:${target.account}:stream/${StreamName}`;
  const names = [
    'DescribeStream',
    'DescribeStreamSummary',
    'GetRecords',
    'GetShardIterator',
    'ListShards',
    'SubscribeToShard',
  ];
  const Action = names.map((name) => `kinesis:${name}`);
  const { lambda, FunctionName } = await consumer(
    target,
    reads ? { Effect: 'Allow', Action, Resource: [EventSourceArn, `${EventSourceArn}/consumer/*`] } : undefined,
  );
  const input = { FunctionName, EventSourceArn, StartingPosition: 'TRIM_HORIZON' as const };
  return { kinesis, lambda, StreamName, input };
}

/** A mapping of a stream, enabled. */
async function mapped(target: Target, more: Partial<CreateEventSourceMappingCommandInput> = {}) {
  const made = await streamAndFunction(target);
  return { ...made, ...(await enabledMapping(target, { ...made.input, ...more })) };
}

/** Claims of event source mappings of Kinesis streams. */
export const kinesisSourceClaims: readonly Claim[] = [
  {
    operation: 'CreateEventSourceMapping',
    claim: 'fills in the defaults of Kinesis streams',
    source: 'Lambda Developer Guide, Lambda parameters for Amazon Kinesis Data Streams event source mappings',
    async run(target) {
      const { get } = await mapped(target);
      expect(await get()).toMatchObject({
        BatchSize: 100,
        MaximumBatchingWindowInSeconds: 0,
        ParallelizationFactor: 1,
        BisectBatchOnFunctionError: false,
        MaximumRetryAttempts: -1,
        MaximumRecordAgeInSeconds: -1,
        LastProcessingResult: 'No records processed',
      });
    },
  },
  {
    operation: 'CreateEventSourceMapping',
    claim: 'refuses a role that may not read the stream',
    source: guide,
    async run(target) {
      const { lambda, input } = await streamAndFunction(target, false);
      const { name, message } = await refusal(lambda.send(new CreateEventSourceMappingCommand(input)));
      expect(name).toBe('InvalidParameterValueException');
      expect(message).toContain('Cannot access stream');
      const { FunctionName } = input;
      const { EventSourceMappings } = await lambda.send(new ListEventSourceMappingsCommand({ FunctionName }));
      expect(EventSourceMappings).toEqual([]);
    },
  },
  {
    operation: 'CreateEventSourceMapping',
    claim: 'refuses batches of more than 10,000 records',
    limit: '10,000 records a batch',
    source: reference('CreateEventSourceMapping'),
    async run(target) {
      const { lambda, input } = await streamAndFunction(target);
      const call = lambda.send(new CreateEventSourceMappingCommand({ ...input, BatchSize: 10_001 }));
      expect((await refusal(call)).name).toMatch(/Validation|InvalidParameterValue/);
    },
  },
  {
    operation: 'CreateEventSourceMapping',
    claim: 'refuses the same stream and function a second time',
    source: reference('CreateEventSourceMapping'),
    async run(target) {
      const { lambda, input } = await mapped(target);
      const call = lambda.send(new CreateEventSourceMappingCommand(input));
      expect((await refusal(call)).name).toBe('ResourceConflictException');
    },
  },
  {
    operation: 'CreateEventSourceMapping',
    claim: 'refuses a filter that is no event pattern',
    source: 'Lambda Developer Guide, Control which events Lambda sends to your function',
    async run(target) {
      const { lambda, input } = await streamAndFunction(target);
      const FilterCriteria = { Filters: [{ Pattern: '{"data": "text"}' }] };
      const call = lambda.send(new CreateEventSourceMappingCommand({ ...input, FilterCriteria }));
      expect((await refusal(call)).message).toContain('Invalid filter pattern definition');
    },
  },
  {
    operation: 'CreateEventSourceMapping',
    beside: ['GetEventSourceMapping'],
    claim: 'takes a registered consumer of a stream, which then is pushed its records (enhanced fan-out)',
    source: guide,
    async run(target) {
      const { kinesis, lambda, StreamName, input } = await streamAndFunction(target);
      const consumer = { StreamARN: input.EventSourceArn, ConsumerName: 'reader' };
      const { Consumer } = await kinesis.send(new RegisterStreamConsumerCommand(consumer));
      const EventSourceArn = Consumer?.ConsumerARN;
      target.afterwards(() => kinesis.send(new DeregisterStreamConsumerCommand({ ConsumerARN: EventSourceArn })));
      await kinesis.send(new PutRecordCommand({ StreamName, PartitionKey: 'key', Data: Buffer.from('a record') }));
      const { UUID } = await target.until(() =>
        lambda.send(new CreateEventSourceMappingCommand({ ...input, EventSourceArn })),
      );
      target.afterwards(() => target.until(() => lambda.send(new DeleteEventSourceMappingCommand({ UUID }))));
      await target.until(async () => {
        const mapping = await lambda.send(new GetEventSourceMappingCommand({ UUID }));
        expect(mapping).toMatchObject({ EventSourceArn, LastProcessingResult: 'OK' });
      });
    },
  },
  {
    operation: 'GetEventSourceMapping',
    claim: 'tells that records were processed',
    source: reference('GetEventSourceMapping'),
    async run(target) {
      const { kinesis, StreamName, get } = await mapped(target);
      const Data = Buffer.from('a record');
      await kinesis.send(new PutRecordCommand({ StreamName, PartitionKey: 'key', Data }));
      await target.until(async () => expect((await get()).LastProcessingResult).toBe('OK'));
    },
  },
  {
    operation: 'ListEventSourceMappings',
    claim: 'finds them by function and by stream',
    source: reference('ListEventSourceMappings'),
    async run(target) {
      const { lambda, input, UUID } = await mapped(target);
      const { FunctionName, EventSourceArn } = input;
      for (const filter of [{ FunctionName }, { EventSourceArn }, { FunctionName, EventSourceArn }]) {
        const { EventSourceMappings } = await lambda.send(new ListEventSourceMappingsCommand(filter));
        expect(EventSourceMappings?.map((mapping) => mapping.UUID)).toEqual([UUID]);
      }
    },
  },
  {
    operation: 'UpdateEventSourceMapping',
    claim: 'disables, and keeps what it is not told to change',
    source: reference('UpdateEventSourceMapping'),
    async run(target) {
      const { lambda, UUID, get, becomes } = await mapped(target, { BatchSize: 7 });
      await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: false, MaximumRetryAttempts: 2 }));
      await becomes('Disabled');
      expect(await get()).toMatchObject({ BatchSize: 7, MaximumRetryAttempts: 2 });
    },
  },
  {
    operation: 'DeleteEventSourceMapping',
    beside: ['GetEventSourceMapping', 'UpdateEventSourceMapping'],
    claim: 'does not know what is not there',
    source: reference('DeleteEventSourceMapping'),
    async run(target) {
      const lambda = target.client(LambdaClient);
      const UUID = randomUUID();
      for (const call of [
        () => lambda.send(new DeleteEventSourceMappingCommand({ UUID })),
        () => lambda.send(new GetEventSourceMappingCommand({ UUID })),
        () => lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: false })),
      ]) {
        expect((await refusal(call())).name).toBe('ResourceNotFoundException');
      }
    },
  },
];
