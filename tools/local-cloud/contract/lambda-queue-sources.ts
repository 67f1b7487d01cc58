import {
  CreateEventSourceMappingCommand,
  type CreateEventSourceMappingCommandInput,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { GetQueueAttributesCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { expect } from 'vitest';
import { type Claim, refusal, type Target } from './contract.ts';
import { consumer, enabledMapping } from './lambda-source-support.ts';
import { reference } from './lambda-support.ts';
import { queue } from './sqs-support.ts';

const parameters = 'Lambda Developer Guide, Lambda parameters for Amazon SQS event source mappings';
const setup = 'Lambda Developer Guide, Creating and configuring an Amazon SQS event source mapping';

interface Wanted {
  readonly fifo?: boolean;
  /** Whether the function's role may consume the queue. */
  readonly consumes?: boolean;
  readonly visibilitySeconds?: number;
}

/** A queue and a function of 3 seconds. */
async function queueAndFunction(
  target: Target,
  { fifo = false, consumes = true, visibilitySeconds = 30 }: Wanted = {},
) {
  const attributes = { VisibilityTimeout: String(visibilitySeconds) };
  const { sqs, QueueUrl, arn: EventSourceArn } = await queue(target, { fifo, attributes });
  const Action = ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'].map((name) => `sqs:${name}`);
  const { lambda, FunctionName } = await consumer(
    target,
    consumes ? { Effect: 'Allow', Action, Resource: EventSourceArn } : undefined,
  );
  const input = { FunctionName, EventSourceArn };
  const create = (more: Partial<CreateEventSourceMappingCommandInput> = {}) =>
    lambda.send(new CreateEventSourceMappingCommand({ ...input, ...more }));
  return { sqs, lambda, QueueUrl, input, create };
}

/** A mapping of a queue, enabled. */
async function mapped(target: Target, more: Partial<CreateEventSourceMappingCommandInput> = {}) {
  const made = await queueAndFunction(target);
  return { ...made, ...(await enabledMapping(target, { ...made.input, ...more })) };
}

/** Claims of event source mappings of SQS queues. */
export const queueSourceClaims: readonly Claim[] = [
  {
    operation: 'CreateEventSourceMapping',
    claim: 'fills in the defaults of SQS queues',
    source: parameters,
    async run(target) {
      const { get } = await mapped(target);
      const mapping = await get();
      expect(mapping).toMatchObject({ BatchSize: 10, MaximumBatchingWindowInSeconds: 0, State: 'Enabled' });
      expect(mapping.StartingPosition).toBeUndefined();
    },
  },
  {
    operation: 'CreateEventSourceMapping',
    claim: 'refuses a role that may not receive from the queue',
    source: setup,
    async run(target) {
      const { create } = await queueAndFunction(target, { consumes: false });
      expect(await refusal(create())).toEqual({
        name: 'InvalidParameterValueException',
        message: 'The function execution role does not have permissions to call ReceiveMessage on SQS',
      });
    },
  },
  {
    operation: 'CreateEventSourceMapping',
    claim: 'refuses a queue that hides messages for less time than the function has',
    limit: 'visibility timeout of at least the function timeout',
    source: setup,
    async run(target) {
      const { create } = await queueAndFunction(target, { visibilitySeconds: 2 });
      const message = 'Queue visibility timeout: 2 seconds is less than Function timeout: 3 seconds';
      await target.until(async () => expect((await refusal(create())).message).toBe(message));
    },
  },
  {
    operation: 'CreateEventSourceMapping',
    claim: 'needs a batching window for batches of more than ten messages',
    limit: '10,000 messages a batch, 10 without a batching window',
    source: reference('CreateEventSourceMapping'),
    async run(target) {
      const { create } = await queueAndFunction(target);
      expect((await refusal(create({ BatchSize: 11 }))).message).toContain('Maximum batch window in seconds');
      const beyond = create({ BatchSize: 10_001, MaximumBatchingWindowInSeconds: 1 });
      expect((await refusal(beyond)).name).toMatch(/Validation|InvalidParameterValue/);
    },
  },
  {
    operation: 'CreateEventSourceMapping',
    claim: 'has no batching window and at most ten messages a batch for FIFO queues',
    limit: '10 messages a batch of a FIFO queue',
    source: parameters,
    async run(target) {
      const { create } = await queueAndFunction(target, { fifo: true });
      const window = await refusal(create({ MaximumBatchingWindowInSeconds: 5 }));
      expect(window.message).toContain('Batching window is not supported for FIFO queues');
      await refusal(create({ BatchSize: 11 }));
    },
  },
  {
    operation: 'CreateEventSourceMapping',
    claim: 'takes a maximum concurrency of 2 to 1,000',
    limit: 'maximum concurrency from 2 to 1,000',
    source: 'Lambda Developer Guide, Configuring scaling behavior for SQS event source mappings',
    async run(target) {
      const { create } = await queueAndFunction(target);
      for (const MaximumConcurrency of [1, 1001]) {
        const { name } = await refusal(create({ ScalingConfig: { MaximumConcurrency } }));
        expect(name).toMatch(/Validation|InvalidParameterValue/);
      }
    },
  },
  {
    operation: 'UpdateEventSourceMapping',
    claim: 'sets a maximum concurrency and takes it away again',
    source: reference('UpdateEventSourceMapping'),
    async run(target) {
      const { lambda, UUID, get } = await mapped(target, { ScalingConfig: { MaximumConcurrency: 2 } });
      expect((await get()).ScalingConfig).toEqual({ MaximumConcurrency: 2 });
      await lambda.send(new UpdateEventSourceMappingCommand({ UUID, ScalingConfig: {} }));
      await target.until(async () => {
        const { State, ScalingConfig } = await get();
        expect({ State, concurrency: ScalingConfig?.MaximumConcurrency }).toEqual({ State: 'Enabled' });
      });
    },
  },
  {
    operation: 'CreateEventSourceMapping',
    claim: 'has messages deleted that the function was called with',
    source: 'Lambda Developer Guide, Using Lambda with Amazon SQS',
    async run(target) {
      const { sqs, QueueUrl } = await mapped(target);
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'a' }));
      const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
      await target.until(async () => {
        const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...AttributeNames] });
        expect(Object.values((await sqs.send(command)).Attributes ?? {})).toEqual(['0', '0']);
      });
    },
  },
];
