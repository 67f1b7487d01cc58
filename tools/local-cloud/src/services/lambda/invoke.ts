import type { InvokeCommandInput, InvokeCommandOutput } from '@aws-sdk/client-lambda';
import { lengthBetween, oneOf } from '../../constraints.ts';
import { operation } from '../../service.ts';
import { enqueueEvent } from './asynchronous-events.ts';
import { onFunction } from './demands.ts';
import { unsupported, validate } from './errors.ts';
import { functionOf, referenceOf, targetOf } from './function-reference.ts';
import { invokeFunction, newTraceId } from './invocation.ts';
import { checkedPayload, largestContext, readClientContext } from './invoke-input.ts';

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
      lengthBetween('clientContext', input.ClientContext, 0, largestContext),
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
