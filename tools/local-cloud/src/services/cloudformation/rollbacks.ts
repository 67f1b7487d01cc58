import type {
  ContinueUpdateRollbackCommandInput,
  ContinueUpdateRollbackCommandOutput,
  RollbackStackCommandInput,
  RollbackStackCommandOutput,
} from '@aws-sdk/client-cloudformation';
import { validationError } from '../../cloudformation/errors.ts';
import { rollBack } from '../../cloudformation/roll-back.ts';

import { operation } from '../../service.ts';
import { callerFor, runOperation } from './run-operation.ts';
import { onStack, stackOf } from './stack-reference.ts';

/** Returns a stack that failed without a rollback to its last good state. */
export const rollbackStack = operation<RollbackStackCommandInput, RollbackStackCommandOutput>({
  demands: onStack('RollbackStack'),
  async run(input, call) {
    const stack = stackOf(call, input.StackName, `Stack [${input.StackName}] does not exist`);
    if (stack.status !== 'CREATE_FAILED' && stack.status !== 'UPDATE_FAILED') {
      throw validationError(`Stack:${stack.id} is in ${stack.status} state and can not be rolled back.`);
    }
    const caller = await callerFor(call, input.RoleARN ?? stack.roleArn);
    await runOperation(call, stack, caller, input.ClientRequestToken, (failed) =>
      rollBack(failed, { reason: 'User Initiated', retainExceptOnCreate: input.RetainExceptOnCreate ?? false }),
    );
    return { StackId: stack.id };
  },
});

/** Goes on with a rollback that failed, without the resources to skip. */
export const continueUpdateRollback = operation<
  ContinueUpdateRollbackCommandInput,
  ContinueUpdateRollbackCommandOutput
>({
  demands: onStack('ContinueUpdateRollback'),
  async run(input, call) {
    const stack = stackOf(call, input.StackName, `Stack [${input.StackName}] does not exist`);
    const { ResourcesToSkip = [], ForceRollback: force = false } = input;
    if (force && ResourcesToSkip.length > 0) {
      throw validationError('ForceRollback and ResourcesToSkip are mutually exclusive: give one of them.');
    }
    if (stack.status !== 'UPDATE_ROLLBACK_FAILED') {
      throw validationError(`Stack:${stack.id} is in ${stack.status} state and can not continue update rollback.`);
    }
    const unknown = ResourcesToSkip.filter((name) => stack.resources.get(name)?.status !== 'UPDATE_FAILED');
    if (unknown.length > 0) {
      throw validationError(
        `ResourcesToSkip [${unknown.join(', ')}] are not in the UPDATE_FAILED state: only those can be skipped.`,
      );
    }
    const caller = await callerFor(call, input.RoleARN ?? stack.roleArn);
    await runOperation(call, stack, caller, input.ClientRequestToken, (failed) =>
      rollBack(failed, { reason: 'User Initiated', skip: force ? 'failing' : ResourcesToSkip }),
    );
    return {};
  },
});
