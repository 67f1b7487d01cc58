import { randomUUID } from 'node:crypto';
import { type DeployOptions, deployStack } from '../../cloudformation/deploy.ts';
import { validationError } from '../../cloudformation/errors.ts';
import type { Operation } from '../../cloudformation/operation.ts';
import { holdAnswer, isRunning, startOperation } from '../../cloudformation/running-operations.ts';
import type { Deployment, Stack } from '../../cloudformation/state.ts';

import { AwsError } from '../../errors.ts';
import type { Call, Caller } from '../../service.ts';

/** Who carries out a stack's operations: its role, or the caller when it has none. Throws ValidationError. */
export async function callerFor(call: Call, roleArn: string | undefined): Promise<Caller> {
  if (roleArn === undefined) return call.caller;
  try {
    return (await call.cloud.assumeRole(roleArn, 'AWSCloudFormation', 'cloudformation.amazonaws.com')).caller;
  } catch (error) {
    if (error instanceof AwsError) throw validationError(`Role ${roleArn} is invalid or cannot be assumed`);
    throw error;
  }
}

/** Starts an operation on a stack in the background and gives it a moment to end before the request is answered. */
export async function runOperation(
  call: Call,
  stack: Stack,
  caller: Caller,
  token: string | undefined,
  run: (operation: Operation) => Promise<void>,
): Promise<void> {
  const { cloud, account, region } = call;
  // Another request may have come first while this one was being checked.
  if (isRunning(cloud, stack.id)) {
    throw validationError(`Stack:${stack.id} is in ${stack.status} state and can not be updated.`);
  }
  startOperation(cloud, stack.id, (signal) =>
    run({ cloud, stack, account, region, caller, id: randomUUID(), token, signal }),
  );
  await holdAnswer(cloud, stack.id);
}

export function runDeployment(
  call: Call,
  stack: Stack,
  caller: Caller,
  deployment: Deployment,
  options: DeployOptions & { readonly token: string | undefined },
): Promise<void> {
  return runOperation(call, stack, caller, options.token, (operation) => deployStack(operation, deployment, options));
}

const updatable = [
  'CREATE_COMPLETE',
  'UPDATE_COMPLETE',
  'UPDATE_ROLLBACK_COMPLETE',
  'IMPORT_COMPLETE',
  'IMPORT_ROLLBACK_COMPLETE',
];
const paused = ['CREATE_FAILED', 'UPDATE_FAILED'];

/** Throws ValidationError unless the stack's status allows an update. */
export function checkUpdatable(stack: Stack, disableRollback: boolean): void {
  if (updatable.includes(stack.status)) return;
  if (!paused.includes(stack.status)) {
    throw validationError(`Stack:${stack.id} is in ${stack.status} state and can not be updated.`);
  }
  if (!disableRollback) {
    throw validationError(
      `This stack is currently in a non-terminal [${stack.status}] state. To update the stack from this state, please use the disable-rollback parameter with update-stack API. To rollback to the last known good state, use the rollback-stack API`,
    );
  }
}
