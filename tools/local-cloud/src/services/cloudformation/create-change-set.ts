import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { CreateChangeSetCommandInput, CreateChangeSetCommandOutput } from '@aws-sdk/client-cloudformation';
import { validationError } from '../../cloudformation/errors.ts';
import { setStackStatus } from '../../cloudformation/operation.ts';
import { type Plan, planDeployment } from '../../cloudformation/plan.ts';
import type { ChangeSet, Deployment, Stack } from '../../cloudformation/state.ts';

import { AwsError } from '../../errors.ts';
import { type Call, operation } from '../../service.ts';
import { addStack, checkStackName, emptyStack } from './new-stack.ts';
import { prepareDeployment } from './prepare.ts';
import { importChanges, resourcesToImport } from './resources-to-import.ts';
import { callerFor, checkUpdatable } from './run-operation.ts';
import { findStackOf, onStack } from './stack-reference.ts';

/** What the CLI and people know an empty change set by. */
const noChanges =
  "The submitted information didn't contain changes. Submit different information to create a change set.";

/** What the CLI knows it by that DescribeEvents tells what is wrong. */
const invalid =
  'The following hook(s)/validation failed: [AWS::EarlyValidation::PropertyValidation]. To troubleshoot Early Validation errors, use the DescribeEvents API for detailed failure information.';

/** Answers when the change set is ready: AWS answers before, so that its clients wait for either. */
export const createChangeSet = operation<CreateChangeSetCommandInput, CreateChangeSetCommandOutput>({
  demands: onStack('CreateChangeSet'),
  async run(input, call) {
    const type = checkType(input);
    const existing = stackFor(input, type, call);
    const stack = existing ?? emptyStack(call, input.StackName ?? '');
    const roleArn = input.RoleARN ?? stack.roleArn;
    const caller = await callerFor(call, roleArn);
    const { template, deployment } = await prepareDeployment(input, call, existing, caller);
    const { cloud, account, region } = call;
    const planned = await planDeployment({ cloud, account, region, caller, stack }, template, deployment, stack);
    const imports = type === 'IMPORT' ? await resourcesToImport(input, template, planned, stack) : undefined;
    const plan = imports ? { ...planned, changes: importChanges(planned, imports) } : planned;
    const owner = existing ?? addNewStack(call, stack);
    const changeSet = {
      ...changeSetOf(input, type, call, owner, deployment, roleArn, plan),
      ...(imports && { imports }),
    };
    owner.changeSets.set(changeSet.id, changeSet);
    return { Id: changeSet.id, StackId: owner.id };
  },
});

function checkType(input: CreateChangeSetCommandInput): ChangeSet['type'] {
  const { ChangeSetType: type = 'UPDATE', ChangeSetName = '' } = input;
  if (!/^[a-zA-Z][-a-zA-Z0-9]*$/.test(ChangeSetName) || ChangeSetName.length > 128) {
    throw validationError(
      `1 validation error detected: Value '${ChangeSetName}' at 'changeSetName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`,
    );
  }
  if (type !== 'IMPORT' && input.ResourcesToImport?.length) {
    throw validationError(`ResourcesToImport is for change sets of type IMPORT, not ${type}.`);
  }
  return type;
}

/** The stack a change set is for; `undefined` when it makes one. Throws ValidationError when the type does not fit. */
function stackFor(input: CreateChangeSetCommandInput, type: ChangeSet['type'], call: Call): Stack | undefined {
  const { StackName = '', ChangeSetName = '' } = input;
  const stack = findStackOf(call, StackName);
  if (type === 'UPDATE' || (type === 'IMPORT' && stack?.deployment)) {
    if (!stack) throw validationError(`Stack [${StackName}] does not exist`);
    // The rollback's part is only said when the change set is executed.
    checkUpdatable(stack, true);
  } else if (!stack) {
    checkStackName(StackName);
  } else if (stack.status !== 'REVIEW_IN_PROGRESS') {
    throw validationError(
      `Stack [${StackName}] already exists and cannot be created again with the changeSet [${ChangeSetName}].`,
    );
  }
  if ([...(stack?.changeSets.values() ?? [])].some(({ name }) => name === ChangeSetName)) {
    throw new AwsError('AlreadyExistsException', `ChangeSet ${ChangeSetName} already exists`);
  }
  return stack;
}

function addNewStack(call: Call, stack: Stack): Stack {
  const { cloud, account, region, caller, signal = new AbortController().signal } = call;
  const added = addStack(call, stack);
  const operation = { cloud, stack: added, account, region, caller, id: randomUUID(), token: undefined, signal };
  if (added === stack) setStackStatus(operation, 'REVIEW_IN_PROGRESS', 'User Initiated');
  return added;
}

function changeSetOf(
  input: CreateChangeSetCommandInput,
  type: ChangeSet['type'],
  call: Call,
  stack: Stack,
  deployment: Deployment,
  roleArn: string | undefined,
  { changes, problems, outputsChange }: Plan,
): ChangeSet {
  const name = input.ChangeSetName ?? '';
  const isEmpty =
    changes.length === 0 && !outputsChange && isDeepStrictEqual(deployment.tags, stack.deployment?.tags ?? []);
  const isReady = problems.length === 0 && !isEmpty;
  return {
    id: `arn:aws:cloudformation:${call.region}:${call.account}:changeSet/${name}/${randomUUID()}`,
    name,
    type,
    description: input.Description,
    created: new Date(call.cloud.clock.now()),
    deployment,
    roleArn,
    includeNestedStacks: input.IncludeNestedStacks ?? false,
    onStackFailure: input.OnStackFailure,
    status: isReady ? 'CREATE_COMPLETE' : 'FAILED',
    statusReason: problems.length > 0 ? invalid : isEmpty ? noChanges : undefined,
    executionStatus: isReady ? 'AVAILABLE' : 'UNAVAILABLE',
    changes,
    problems,
  };
}
