import { AwsError, validationError } from '../../../errors.ts';
import type { Call, Demand } from '../../../service.ts';
import { type Stream, streamsOf } from './stream.ts';

const arnPattern = /^arn:aws:dynamodb:([a-z0-9-]+):(\d{12}):table\/[a-zA-Z0-9_.-]{3,255}\/stream\/[0-9T:.-]+$/;

/** The stream an ARN names. Throws ValidationException for what is no stream's ARN, ResourceNotFoundException. */
export function streamOf(arn: string | undefined, call: Call): Stream {
  const [, region, account] = arnPattern.exec(arn ?? '') ?? [];
  if (!region || !account) throw validationError(`Invalid StreamArn: ${arn} is not the ARN of a DynamoDB stream`);
  const stream = streamsOf(call.cloud, account, region).get(arn as string);
  if (stream) return stream;
  throw new AwsError('ResourceNotFoundException', `Requested resource not found: Stream: ${arn} not found`);
}

/** One `dynamodb:` action on a stream. */
export function onStream(action: string, arn: string | undefined): readonly Demand[] {
  return [{ action: `dynamodb:${action}`, resource: arn ?? '*' }];
}
