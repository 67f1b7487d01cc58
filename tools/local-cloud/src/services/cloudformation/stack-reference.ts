import { validationError } from '../../cloudformation/errors.ts';
import { findStack, type Stack, stateOf } from '../../cloudformation/state.ts';

import { passRoleDemand } from '../../iam/pass-role.ts';
import type { Call, Demand } from '../../service.ts';

/** `arn:aws:cloudformation:us-east-1:000000000000:stack/name/uuid` */
export function stackArn(call: Call, name: string, id: string): string {
  return `arn:aws:cloudformation:${call.region}:${call.account}:stack/${name}/${id}`;
}

/** The stack a request names by name or ARN; `undefined` when there is none, or it is deleted and named by name. */
export function findStackOf(call: Call, nameOrArn: string | undefined): Stack | undefined {
  return nameOrArn === undefined ? undefined : findStack(stateOf(call.cloud, call.account, call.region), nameOrArn);
}

/** The same; throws ValidationError when there is none, in the words that clients know it by. */
export function stackOf(
  call: Call,
  nameOrArn: string | undefined,
  message = `Stack with id ${nameOrArn} does not exist`,
): Stack {
  const stack = findStackOf(call, nameOrArn);
  if (!stack) throw validationError(message);
  return stack;
}

interface StackInput {
  readonly StackName?: string | undefined;
  readonly RoleARN?: string | undefined;
}

/** Demands one action on the stack the input names, and that its caller may pass the role it names. */
export function onStack(action: string) {
  return ({ StackName, RoleARN }: StackInput, call: Call): readonly Demand[] => [
    { action: `cloudformation:${action}`, resource: resourceOf(StackName, call) },
    ...(RoleARN ? [passRoleDemand(RoleARN, 'cloudformation.amazonaws.com')] : []),
  ];
}

/** "Actions, resources, and condition keys for AWS CloudFormation", Service Authorization Reference. */
function resourceOf(nameOrArn: string | undefined, call: Call): string {
  if (nameOrArn?.startsWith('arn:')) return nameOrArn;
  return findStackOf(call, nameOrArn)?.id ?? stackArn(call, nameOrArn ?? '*', '*');
}
