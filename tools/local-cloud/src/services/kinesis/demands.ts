import type { PolicyDocument } from '../../iam/policy-document.ts';
import type { Call, Demand } from '../../service.ts';
import { streamsOf } from './state.ts';
import { arnOf, locate, locateArn, type StreamLocation, type StreamReference } from './stream-reference.ts';

/** Demands one `kinesis:` action on the stream the input names. */
export function onStream(action: string) {
  return (input: StreamReference, call: Call): readonly Demand[] => [demand(action, locate(input, call), call)];
}

/** The same for operations that name it by ResourceARN. */
export function onResource(action: string) {
  return (input: { ResourceARN: string | undefined }, call: Call): readonly Demand[] => [
    demand(action, locateArn('resourceARN', input.ResourceARN ?? ''), call),
  ];
}

export function demand(action: string, location: StreamLocation, call: Call): Demand {
  const policy = streamsOf(call.cloud, location.account, location.region).get(location.name)?.policy;
  return {
    action: `kinesis:${action}`,
    resource: arnOf(location),
    resourcePolicy: policy === undefined ? undefined : (JSON.parse(policy) as PolicyDocument),
  };
}
