import type { QueueAttributeName } from '@aws-sdk/client-sqs';
import { AwsError } from '../../errors.ts';
import type { Cloud } from '../../service.ts';
import { invalidAttributeValue, unknownAttribute } from './errors.ts';
import { checkQueuePolicy } from './queue-policy.ts';
import type { QueueLocation } from './queue-reference.ts';
import { checkRedriveAllowPolicy, checkRedrivePolicy } from './redrive-policy.ts';

export type AttributeInput = Readonly<Partial<Record<QueueAttributeName, string | undefined>>>;

/** Whole numbers with their ranges (SetQueueAttributes). */
const numbers: Readonly<Record<string, readonly [number, number]>> = {
  DelaySeconds: [0, 900],
  KmsDataKeyReusePeriodSeconds: [60, 86_400],
  MaximumMessageSize: [1024, 1_048_576],
  MessageRetentionPeriod: [60, 1_209_600],
  ReceiveMessageWaitTimeSeconds: [0, 20],
  VisibilityTimeout: [0, 43_200],
};
const choices: Readonly<Record<string, readonly string[]>> = {
  ContentBasedDeduplication: ['true', 'false'],
  DeduplicationScope: ['queue', 'messageGroup'],
  FifoThroughputLimit: ['perQueue', 'perMessageGroupId'],
  SqsManagedSseEnabled: ['true', 'false'],
};
const texts = ['KmsMasterKeyId', 'Policy', 'RedriveAllowPolicy', 'RedrivePolicy'];
const ofFifoQueues = ['ContentBasedDeduplication', 'DeduplicationScope', 'FifoThroughputLimit'];

/** "Default", CreateQueue. Encryption with keys that SQS owns is on unless another is chosen. */
const defaults: Readonly<Record<string, string>> = {
  DelaySeconds: '0',
  MaximumMessageSize: '1048576',
  MessageRetentionPeriod: '345600',
  ReceiveMessageWaitTimeSeconds: '0',
  SqsManagedSseEnabled: 'true',
  VisibilityTimeout: '30',
};
const fifoDefaults = {
  ContentBasedDeduplication: 'false',
  DeduplicationScope: 'queue',
  FifoThroughputLimit: 'perQueue',
};

/** The attributes of a new queue with those given; `FifoQueue` is told by the name. */
export function newAttributes(cloud: Cloud, location: QueueLocation, input: AttributeInput): Record<string, string> {
  const fifo = location.name.endsWith('.fifo');
  return changedAttributes(cloud, location, input, { ...defaults, ...(fifo && fifoDefaults) });
}

/**
 * The attributes `before` with those of the input; an empty text takes a policy or key away. Throws InvalidAttributeName,
 * InvalidAttributeValue and InvalidParameterValue.
 */
export function changedAttributes(
  cloud: Cloud,
  location: QueueLocation,
  input: AttributeInput,
  before: Readonly<Record<string, string>>,
): Record<string, string> {
  const given = Object.entries(input).filter((entry): entry is [string, string] => entry[1] !== undefined);
  for (const [name, value] of given) check(cloud, location, name, value);
  const after = { ...before, ...Object.fromEntries(given) };
  for (const name of texts) if (after[name] === '') delete after[name];
  if (input.KmsMasterKeyId && input.SqsManagedSseEnabled === 'true') {
    const message =
      'You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.';
    throw new AwsError('InvalidAttributeName', message);
  }
  if (input.KmsMasterKeyId) {
    after['SqsManagedSseEnabled'] = 'false';
    after['KmsDataKeyReusePeriodSeconds'] ??= '300';
  } else if (input.SqsManagedSseEnabled === 'true' || input.KmsMasterKeyId === '') {
    delete after['KmsMasterKeyId'];
    delete after['KmsDataKeyReusePeriodSeconds'];
  }
  // "perMessageGroupId is allowed only when the value for DeduplicationScope is messageGroup", CreateQueue.
  if (after['FifoThroughputLimit'] === 'perMessageGroupId' && after['DeduplicationScope'] !== 'messageGroup') {
    throw invalidAttributeValue('FifoThroughputLimit');
  }
  return after;
}

function check(cloud: Cloud, location: QueueLocation, name: string, value: string): void {
  const fifo = location.name.endsWith('.fifo');
  if (ofFifoQueues.includes(name) && !fifo) {
    throw new AwsError('InvalidAttributeName', `You can specify the ${name} only when FifoQueue is set to true.`);
  }
  const range = numbers[name];
  const choice = choices[name];
  if (range) {
    if (!/^\d+$/.test(value) || Number(value) < range[0] || Number(value) > range[1]) throw invalidAttributeValue(name);
  } else if (choice) {
    if (!choice.includes(value)) throw invalidAttributeValue(name);
  } else if (!texts.includes(name)) throw unknownAttribute(name);
  if (value === '') return;
  if (name === 'Policy') checkQueuePolicy(value);
  if (name === 'RedrivePolicy') checkRedrivePolicy(cloud, location, value);
  if (name === 'RedriveAllowPolicy') checkRedriveAllowPolicy(value);
}
