import { AwsError } from '../../errors.ts';

/** "Lambda quotas": payload of synchronous and of asynchronous invocations. */
const largestPayload = { RequestResponse: 6_291_456, Event: 1_048_576, DryRun: 6_291_456 };

/** "up to 3,583 bytes of base64-encoded data", Invoke. */
export const largestContext = 3583;

/** Throws RequestTooLargeException, InvalidRequestContentException. No payload is an empty object. */
export function checkedPayload(given: Uint8Array | undefined, type: keyof typeof largestPayload): Buffer {
  if (!given || given.length === 0) return Buffer.from('{}');
  const limit = largestPayload[type];
  if (given.length > limit) {
    throw new AwsError(
      'RequestTooLargeException',
      `${given.length} byte payload is too large for the ${type} invocation type (limit ${limit} bytes)`,
      { status: 413, members: { Type: 'User' } },
    );
  }
  const payload = Buffer.from(given.buffer, given.byteOffset, given.byteLength);
  try {
    JSON.parse(payload.toString());
  } catch (error) {
    throw new AwsError(
      'InvalidRequestContentException',
      `Could not parse request body into json: Could not parse payload into json: ${(error as Error).message}`,
      { members: { Type: 'User' } },
    );
  }
  return payload;
}

/** JSON, out of base64. Throws InvalidRequestContentException. */
export function readClientContext(given: string | undefined): string | undefined {
  if (given === undefined) return undefined;
  const text = Buffer.from(given, 'base64').toString();
  try {
    JSON.parse(text);
    return text;
  } catch (error) {
    throw new AwsError(
      'InvalidRequestContentException',
      `Client context must be a valid Base64-encoded JSON object: ${(error as Error).message}`,
      { members: { Type: 'User' } },
    );
  }
}
