import { type Problem, validationErrors } from '../../constraints.ts';
import { AwsError, validationError } from '../../errors.ts';

/** Throws one ValidationException that lists every problem. */
export function validate(...problems: readonly Problem[]): void {
  const message = validationErrors(problems);
  if (message) throw validationError(message);
}

export function invalidArgument(message: string): AwsError {
  return new AwsError('InvalidArgumentException', message);
}

export function streamNotFound(name: string, account: string): AwsError {
  return new AwsError('ResourceNotFoundException', `Stream ${name} under account ${account} not found.`);
}

export function shardNotFound(shardId: string, name: string, account: string): AwsError {
  return new AwsError(
    'ResourceNotFoundException',
    `Could not find shard ${shardId} in stream ${name} under account ${account}.`,
  );
}

/** The text PutRecords gives per entry and PutRecord, GetRecords and GetShardIterator as a whole. */
export function rateExceededMessage(shardId: string, name: string, account: string): string {
  return `Rate exceeded for shard ${shardId} in stream ${name} under account ${account}.`;
}

export function rateExceeded(shardId: string, name: string, account: string): AwsError {
  return new AwsError('ProvisionedThroughputExceededException', rateExceededMessage(shardId, name, account));
}

export function limitExceeded(message: string): AwsError {
  return new AwsError('LimitExceededException', message);
}
