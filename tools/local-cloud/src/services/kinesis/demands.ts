import type { PolicyDocument } from '../../iam/policy-document.ts';
import type { Call, Demand } from '../../service.ts';
import { type ConsumerReference, consumerOf, isConsumerArn, streamArnOf } from './consumer-reference.ts';
import { streamsOf } from './state.ts';
import { arnOf, locate, locateArn, type StreamLocation, type StreamReference } from './stream-reference.ts';

/** Demands one `kinesis:` action on the stream the input names. */
export function onStream(action: string) {
  return (input: StreamReference, call: Call): readonly Demand[] => [demand(action, locate(input, call), call)];
}

/** On the registered consumer it names. "KCL and IAM", Kinesis Data Streams Developer Guide: `…:stream/NAME/consumer/*`. */
export function onConsumer(action: string) {
  return (input: ConsumerReference, call: Call): readonly Demand[] => [consumerDemand(action, input, call)];
}

/** The same for operations that name a stream or a consumer by ResourceARN. */
export function onResource(action: string) {
  return ({ ResourceARN: arn = '' }: { ResourceARN: string | undefined }, call: Call): readonly Demand[] => [
    isConsumerArn(arn)
      ? consumerDemand(action, { ConsumerARN: arn }, call)
      : demand(action, locateArn('resourceARN', arn), call),
  ];
}

export function demand(action: string, location: StreamLocation, call: Call): Demand {
  const policy = streamsOf(call.cloud, location.account, location.region).get(location.name)?.policy;
  return { action: `kinesis:${action}`, resource: arnOf(location), resourcePolicy: read(policy) };
}

function consumerDemand(action: string, input: ConsumerReference, call: Call): Demand {
  const { account, region, name } = locateArn('streamARN', streamArnOf(input));
  const consumer = consumerOf(streamsOf(call.cloud, account, region).get(name), input);
  const resource = input.ConsumerARN ?? consumer?.arn ?? `${input.StreamARN}/consumer/${input.ConsumerName}`;
  return { action: `kinesis:${action}`, resource, resourcePolicy: read(consumer?.policy) };
}

function read(policy: string | undefined): PolicyDocument | undefined {
  return policy === undefined ? undefined : (JSON.parse(policy) as PolicyDocument);
}
