import { randomUUID } from 'node:crypto';
import { validationError } from '../../cloudformation/errors.ts';
import { type Stack, stateOf } from '../../cloudformation/state.ts';

import type { Call } from '../../service.ts';
import { findStackOf, stackArn } from './stack-reference.ts';

/** "CreateStack", CloudFormation API Reference. */
export function checkStackName(name: string): void {
  if (/^[a-zA-Z][-a-zA-Z0-9]*$/.test(name) && name.length <= 128) return;
  throw validationError(
    `1 validation error detected: Value '${name}' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`,
  );
}

/** A stack without resources, not yet part of the state. */
export function emptyStack(call: Call, name: string): Stack {
  return {
    id: stackArn(call, name, randomUUID()),
    name,
    created: new Date(call.cloud.clock.now()),
    status: 'REVIEW_IN_PROGRESS',
    statusReason: undefined,
    updated: undefined,
    deleted: undefined,
    description: undefined,
    deployment: undefined,
    before: undefined,
    resources: new Map(),
    outputs: [],
    imports: [],
    events: [],
    changeSets: new Map(),
    roleArn: undefined,
    terminationProtection: false,
    disableRollback: false,
    parentId: undefined,
    rootId: undefined,
  };
}

/** Makes a stack part of the state, unless another request has made one of its name in the meantime. */
export function addStack(call: Call, stack: Stack): Stack {
  const other = findStackOf(call, stack.name);
  if (other) return other;
  stateOf(call.cloud, call.account, call.region).stacks.set(stack.id, stack);
  return stack;
}
