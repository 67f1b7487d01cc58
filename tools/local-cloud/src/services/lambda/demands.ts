import type { PolicyDocument } from '../../iam/policy-document.ts';
import type { Call, Demand } from '../../service.ts';
import { arnOf, type FunctionReference, findFunction, referenceOf } from './function-reference.ts';
import type { ResourcePolicy } from './state.ts';

type Context = Record<string, string | readonly string[]>;

/**
 * Demands one `lambda:` action on the function the input names, qualified when the input is ("Actions, resources, and
 * condition keys for AWS Lambda", Service Authorization Reference).
 */
export function onFunction<Input extends { FunctionName?: string | undefined; Qualifier?: string | undefined }>(
  action: string,
  context: (input: Input) => Context = () => ({}),
) {
  return (input: Input, call: Call): readonly Demand[] => [
    functionDemand(call, action, referenceOf(input, call), context(input)),
  ];
}

export function functionDemand(
  call: Pick<Call, 'cloud'>,
  action: string,
  reference: FunctionReference,
  context: Context = {},
): Demand {
  const policy = findFunction(call.cloud, reference)?.policies.get(reference.qualifier ?? '$LATEST');
  return { action: `lambda:${action}`, resource: arnOf(reference), context, resourcePolicy: documentOf(policy) };
}

export function documentOf(policy: ResourcePolicy | undefined): PolicyDocument | undefined {
  return policy && { Version: '2012-10-17', Id: 'default', Statement: policy.statements };
}
