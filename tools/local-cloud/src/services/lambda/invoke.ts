import type { InvokeCommandInput, InvokeCommandOutput } from '@aws-sdk/client-lambda';
import { lengthBetween, oneOf } from '../../constraints.ts';
import { AwsError } from '../../errors.ts';
import { operation } from '../../service.ts';
import { enqueueEvent } from './asynchronous-events.ts';
import { onFunction } from './demands.ts';
import { unsupported, validate } from './errors.ts';
import { functionOf, referenceOf, targetOf } from './function-reference.ts';
import { invokeFunction, newTraceId } from './invocation.ts';

/** "Lambda quotas": payload of synchronous and of asynchronous invocations. */
const largestPayload = { RequestResponse: 6_291_456, Event: 1_048_576, DryRun: 6_291_456 };

interface PlainInput extends Omit<InvokeCommandInput, 'Payload'> {
  readonly Payload?: Uint8Array | undefined;
}

interface PlainOutput extends Omit<InvokeCommandOutput, 'Payload'> {
  readonly Payload?: Uint8Array;
}

export const invoke = operation<PlainInput, PlainOutput>({
  demands: onFunction('InvokeFunction'),
  async run(input, { requestId, ...call }) {
    const { cloud } = call;
    const type = input.InvocationType ?? 'RequestResponse';
    validate(
      oneOf('invocationType', type, ['Event', 'RequestResponse', 'DryRun']),
      oneOf('logType', input.LogType, ['None', 'Tail']),
      // "up to 3,583 bytes of base64-encoded data", Invoke.
      lengthBetween('clientContext', input.ClientContext, 0, 3583),
    );
    if (input.DurableExecutionName) throw unsupported('DurableExecutionName');
    if (input.TenantId) throw unsupported('TenantId');
    const reference = referenceOf(input, call);
    const found = functionOf(cloud, reference);
    const { version } = targetOf(found, reference);
    const payload = checkedPayload(input.Payload, type);
    const clientContext = readClientContext(input.ClientContext);
    if (type === 'DryRun') return { StatusCode: 204, ExecutedVersion: version.version };

    const event = { requestId, payload, traceId: newTraceId(cloud, found), clientContext };
    if (type === 'Event') {
      enqueueEvent(cloud, reference, event);
      return { StatusCode: 202 };
    }
    const { result, version: executed, done } = await invokeFunction(cloud, reference, event);
    return {
      StatusCode: 200,
      ExecutedVersion: executed.version,
      Payload: result.payload,
      ...(result.functionError && { FunctionError: result.functionError }),
      ...(input.LogType === 'Tail' && { LogResult: Buffer.from(await done).toString('base64') }),
    };
  },
});

/** Throws RequestTooLargeException, InvalidRequestContentException. No payload is an empty object. */
function checkedPayload(given: Uint8Array | undefined, type: keyof typeof largestPayload): Buffer {
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

function readClientContext(given: string | undefined): string | undefined {
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
