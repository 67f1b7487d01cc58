import type {
  InvokeWithResponseStreamCommandInput,
  InvokeWithResponseStreamCommandOutput,
  InvokeWithResponseStreamCompleteEvent,
  InvokeWithResponseStreamResponseEvent,
} from '@aws-sdk/client-lambda';
import { lengthBetween, oneOf } from '../../constraints.ts';
import type { InvocationResult } from '../../lambda-environment/types.ts';
import { operation } from '../../service.ts';
import { onFunction } from './demands.ts';
import { unsupported, validate } from './errors.ts';
import { functionOf, referenceOf, targetOf } from './function-reference.ts';
import { type InvocationOutcome, invokeFunction, newTraceId } from './invocation.ts';
import { checkedPayload, largestContext, readClientContext } from './invoke-input.ts';

interface PlainInput extends Omit<InvokeWithResponseStreamCommandInput, 'Payload'> {
  readonly Payload?: Uint8Array | undefined;
}

export const invokeWithResponseStream = operation<PlainInput, InvokeWithResponseStreamCommandOutput>({
  demands: onFunction('InvokeFunction'),
  async run(input, { requestId, ...call }) {
    const { cloud } = call;
    const type = input.InvocationType ?? 'RequestResponse';
    validate(
      oneOf('invocationType', type, ['RequestResponse', 'DryRun']),
      oneOf('logType', input.LogType, ['None', 'Tail']),
      lengthBetween('clientContext', input.ClientContext, 0, largestContext),
    );
    if (input.TenantId) throw unsupported('TenantId');
    const reference = referenceOf(input, call);
    const found = functionOf(cloud, reference);
    const { version } = targetOf(found, reference);
    const payload = checkedPayload(input.Payload, type);
    const clientContext = readClientContext(input.ClientContext);
    const ResponseStreamContentType = 'application/vnd.amazon.eventstream';
    if (type === 'DryRun') return { StatusCode: 204, ExecutedVersion: version.version };

    const event = { requestId, payload, traceId: newTraceId(cloud, found), clientContext, streaming: true };
    const outcome = await invokeFunction(cloud, reference, event);
    return {
      StatusCode: 200,
      ExecutedVersion: outcome.version.version,
      ResponseStreamContentType,
      EventStream: events(outcome, input.LogType === 'Tail'),
    };
  },
});

/** A response that isn't streamed is one chunk. */
async function* events(
  { result, done }: InvocationOutcome,
  withLog: boolean,
): AsyncGenerator<InvokeWithResponseStreamResponseEvent> {
  const { stream, functionError, payload } = result;
  if (stream) for await (const Payload of stream.chunks) yield { PayloadChunk: { Payload } };
  else if (!functionError) yield { PayloadChunk: { Payload: payload } };
  const InvokeComplete = {
    ...errorOf(result),
    ...(withLog && { LogResult: Buffer.from(await done).toString('base64') }),
  };
  yield { InvokeComplete };
}

/** What a runtime reports while it streams keeps its type; everything else is unhandled, as for Invoke. */
function errorOf({ stream, functionError, payload }: InvocationResult): InvokeWithResponseStreamCompleteEvent {
  if (stream?.error) return { ErrorCode: stream.error.errorType, ErrorDetails: stream.error.payload.toString() };
  return functionError ? { ErrorCode: functionError, ErrorDetails: payload.toString() } : {};
}
