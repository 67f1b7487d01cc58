import { isDeepStrictEqual } from 'node:util';
import type {
  CreateStackCommandInput,
  CreateStackCommandOutput,
  DeleteStackCommandInput,
  DeleteStackCommandOutput,
  UpdateStackCommandInput,
  UpdateStackCommandOutput,
  UpdateTerminationProtectionCommandInput,
  UpdateTerminationProtectionCommandOutput,
} from '@aws-sdk/client-cloudformation';
import { deleteStack as runDeletion } from '../../cloudformation/delete-stack.ts';
import { validationError } from '../../cloudformation/errors.ts';
import { planDeployment } from '../../cloudformation/plan.ts';
import { isRunning } from '../../cloudformation/running-operations.ts';
import type { Deployment, Stack } from '../../cloudformation/state.ts';
import type { Template } from '../../cloudformation/template.ts';
import { AwsError } from '../../errors.ts';
import { type Call, type Caller, operation } from '../../service.ts';
import { addStack, checkStackName, emptyStack } from './new-stack.ts';
import { prepareDeployment } from './prepare.ts';
import { callerFor, checkUpdatable, runDeployment, runOperation } from './run-operation.ts';
import { policyOf } from './stack-policies.ts';
import { findStackOf, onStack, stackOf } from './stack-reference.ts';

export const createStack = operation<CreateStackCommandInput, CreateStackCommandOutput>({
  demands: onStack('CreateStack'),
  async run(input, call) {
    const name = input.StackName ?? '';
    checkStackName(name);
    const stack = emptyStack(call, name);
    if (findStackOf(call, name)) throw alreadyExists(name);
    const onFailure = onFailureOf(input);
    const policy = await policyOf(input.StackPolicyBody, input.StackPolicyURL, call);
    const caller = await callerFor(call, input.RoleARN);
    const { template, deployment } = await prepareDeployment(input, call, undefined, caller);
    await plan(call, caller, stack, template, deployment);
    if (addStack(call, stack) !== stack) throw alreadyExists(name);
    stack.terminationProtection = input.EnableTerminationProtection ?? false;
    if (policy !== undefined) stack.policy = policy;
    await runDeployment(call, stack, caller, deployment, {
      token: input.ClientRequestToken,
      roleArn: input.RoleARN,
      disableRollback: onFailure === 'DO_NOTHING',
      deleteOnFailure: onFailure === 'DELETE',
      retainExceptOnCreate: input.RetainExceptOnCreate ?? false,
    });
    return { StackId: stack.id };
  },
});

function alreadyExists(name: string): AwsError {
  return new AwsError('AlreadyExistsException', `Stack [${name}] already exists`);
}

function onFailureOf({ OnFailure, DisableRollback }: CreateStackCommandInput): 'DO_NOTHING' | 'ROLLBACK' | 'DELETE' {
  if (OnFailure !== undefined && DisableRollback !== undefined) {
    throw validationError('You can specify either OnFailure or DisableRollback, but not both.');
  }
  return OnFailure ?? (DisableRollback ? 'DO_NOTHING' : 'ROLLBACK');
}

/** Plans a deployment that no change set shows; what is wrong with its properties is told at once. */
async function plan(call: Call, caller: Caller, stack: Stack, template: Template, deployment: Deployment) {
  const { cloud, account, region } = call;
  const result = await planDeployment({ cloud, account, region, caller, stack }, template, deployment, stack);
  if (result.problems.length > 0) {
    throw validationError(result.problems.map(({ message, path }) => `${message} (at ${path})`).join('; '));
  }
  return result;
}

export const updateStack = operation<UpdateStackCommandInput, UpdateStackCommandOutput>({
  demands: onStack('UpdateStack'),
  async run(input, call) {
    const stack = stackOf(call, input.StackName, `Stack [${input.StackName}] does not exist`);
    const disableRollback = input.DisableRollback ?? false;
    checkUpdatable(stack, disableRollback);
    const policy = await policyOf(input.StackPolicyBody, input.StackPolicyURL, call);
    const { StackPolicyDuringUpdateBody, StackPolicyDuringUpdateURL } = input;
    const during = await policyOf(StackPolicyDuringUpdateBody, StackPolicyDuringUpdateURL, call);
    const roleArn = input.RoleARN ?? stack.roleArn;
    const caller = await callerFor(call, roleArn);
    const { template, deployment } = await prepareDeployment(input, call, stack, caller);
    const { changes, outputsChange } = await plan(call, caller, stack, template, deployment);
    const isSame = isDeepStrictEqual(deployment.tags, stack.deployment?.tags);
    if (changes.length === 0 && !outputsChange && isSame) throw validationError('No updates are to be performed.');
    // A new policy holds from the next update on: this one is asked under the old one.
    const policyDuringUpdate = during ?? stack.policy;
    if (policy !== undefined) stack.policy = policy;
    await runDeployment(call, stack, caller, deployment, {
      token: input.ClientRequestToken,
      policyDuringUpdate,
      roleArn,
      disableRollback,
      deleteOnFailure: false,
      retainExceptOnCreate: input.RetainExceptOnCreate ?? false,
    });
    return { StackId: stack.id };
  },
});

/** A stack that does not exist is deleted already. Without a role it is deleted with the one it has. */
export const deleteStack = operation<DeleteStackCommandInput, DeleteStackCommandOutput>({
  demands: onStack('DeleteStack'),
  async run(input, call) {
    const stack = findStackOf(call, input.StackName);
    if (!stack || stack.status === 'DELETE_COMPLETE') return {};
    const { RetainResources: retain = [], DeletionMode } = input;
    const force = DeletionMode === 'FORCE_DELETE_STACK';
    if (stack.terminationProtection) {
      throw validationError(`Stack [${stack.name}] cannot be deleted while TerminationProtection is enabled`);
    }
    if (isRunning(call.cloud, stack.id)) {
      throw validationError(`Stack:${stack.id} is in ${stack.status} state and can not be deleted.`);
    }
    if ((retain.length > 0 || force) && stack.status !== 'DELETE_FAILED') {
      throw validationError(
        'Invalid operation on stack. RetainResources and FORCE_DELETE_STACK are only for stacks in the DELETE_FAILED state.',
      );
    }
    const caller = await callerFor(call, input.RoleARN ?? stack.roleArn);
    await runOperation(call, stack, caller, input.ClientRequestToken, (deletion) =>
      runDeletion(deletion, { retain, force }),
    );
    return {};
  },
});

export const updateTerminationProtection = operation<
  UpdateTerminationProtectionCommandInput,
  UpdateTerminationProtectionCommandOutput
>({
  demands: onStack('UpdateTerminationProtection'),
  run(input, call) {
    const stack = stackOf(call, input.StackName, `Stack [${input.StackName}] does not exist`);
    if (stack.parentId) {
      throw validationError(
        `Termination Protection cannot be changed on nested stacks; it is that of the root stack ${stack.rootId}`,
      );
    }
    stack.terminationProtection = input.EnableTerminationProtection ?? false;
    return { StackId: stack.id };
  },
});
