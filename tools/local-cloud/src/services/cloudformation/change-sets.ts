import type {
  ChangeSetSummary,
  DeleteChangeSetCommandInput,
  DeleteChangeSetCommandOutput,
  DescribeChangeSetCommandInput,
  DescribeChangeSetCommandOutput,
  ExecuteChangeSetCommandInput,
  ExecuteChangeSetCommandOutput,
  ListChangeSetsCommandInput,
  ListChangeSetsCommandOutput,
} from '@aws-sdk/client-cloudformation';
import { validationError } from '../../cloudformation/errors.ts';
import { importResources } from '../../cloudformation/import-resources.ts';
import { type ChangeSet, type Stack, stateOf } from '../../cloudformation/state.ts';

import { AwsError } from '../../errors.ts';
import { type Call, operation } from '../../service.ts';
import { describeParameters } from './describe-parameters.ts';
import { pageOf } from './pages.ts';
import { callerFor, checkUpdatable, runDeployment, runOperation } from './run-operation.ts';
import { findStackOf, onStack, stackOf } from './stack-reference.ts';

interface ChangeSetInput {
  readonly StackName?: string | undefined;
  readonly ChangeSetName?: string | undefined;
}

interface Found {
  readonly stack: Stack;
  readonly changeSet: ChangeSet;
}

/** A change set by its ARN, or by its name and its stack's. */
function findChangeSet({ StackName, ChangeSetName = '' }: ChangeSetInput, call: Call): Found | undefined {
  if (ChangeSetName.startsWith('arn:')) {
    const stacks = [...stateOf(call.cloud, call.account, call.region).stacks.values()];
    const stack = stacks.find(({ changeSets }) => changeSets.has(ChangeSetName));
    const changeSet = stack?.changeSets.get(ChangeSetName);
    return stack && changeSet && { stack, changeSet };
  }
  if (StackName === undefined) {
    throw validationError('StackName must be specified if ChangeSetName is not specified as an ARN.');
  }
  const stack = findStackOf(call, StackName);
  const changeSet = [...(stack?.changeSets.values() ?? [])].find(({ name }) => name === ChangeSetName);
  return stack && changeSet && { stack, changeSet };
}

/** Throws ChangeSetNotFoundException. */
function changeSetOf(input: ChangeSetInput, call: Call): Found {
  const found = findChangeSet(input, call);
  if (found) return found;
  throw new AwsError('ChangeSetNotFoundException', `ChangeSet [${input.ChangeSetName}] does not exist`, {
    status: 404,
  });
}

export const describeChangeSet = operation<DescribeChangeSetCommandInput, DescribeChangeSetCommandOutput>({
  demands: onStack('DescribeChangeSet'),
  run(input, call) {
    const { stack, changeSet } = changeSetOf(input, call);
    const { items, NextToken } = pageOf(changeSet.changes, input.NextToken);
    const { deployment } = changeSet;
    return {
      ChangeSetId: changeSet.id,
      ChangeSetName: changeSet.name,
      StackId: stack.id,
      StackName: stack.name,
      Description: changeSet.description,
      Parameters: describeParameters(deployment.parameters),
      CreationTime: changeSet.created,
      ExecutionStatus: changeSet.executionStatus,
      Status: changeSet.status,
      StatusReason: changeSet.statusReason,
      NotificationARNs: [],
      RollbackConfiguration: {},
      Capabilities: [...deployment.capabilities] as ChangeSetCapabilities,
      Tags: [...deployment.tags],
      Changes: input.IncludePropertyValues ? items : items.map(withoutValues),
      IncludeNestedStacks: changeSet.includeNestedStacks,
      ...(NextToken && { NextToken }),
    };
  },
});

type ChangeSetCapabilities = NonNullable<DescribeChangeSetCommandOutput['Capabilities']>;

/** Without IncludePropertyValues, a change names the properties only. */
function withoutValues(change: ChangeSet['changes'][number]): ChangeSet['changes'][number] {
  const { BeforeContext: _, AfterContext: __, Details = [], ...rest } = change.ResourceChange ?? {};
  const details = Details.map((detail) => {
    const { Path, BeforeValue, AfterValue, AttributeChangeType, ...target } = detail.Target ?? {};
    return { ...detail, Target: target };
  });
  return { ...change, ResourceChange: { ...rest, Details: details } };
}

export const listChangeSets = operation<ListChangeSetsCommandInput, ListChangeSetsCommandOutput>({
  demands: onStack('ListChangeSets'),
  run(input, call) {
    const stack = stackOf(call, input.StackName, `Stack [${input.StackName}] does not exist`);
    const { items, NextToken } = pageOf([...stack.changeSets.values()], input.NextToken);
    return { Summaries: items.map((changeSet) => summaryOf(stack, changeSet)), ...(NextToken && { NextToken }) };
  },
});

function summaryOf(stack: Stack, changeSet: ChangeSet): ChangeSetSummary {
  return {
    StackId: stack.id,
    StackName: stack.name,
    ChangeSetId: changeSet.id,
    ChangeSetName: changeSet.name,
    ExecutionStatus: changeSet.executionStatus,
    Status: changeSet.status,
    StatusReason: changeSet.statusReason,
    CreationTime: changeSet.created,
    Description: changeSet.description,
    IncludeNestedStacks: changeSet.includeNestedStacks,
  };
}

/** A change set that does not exist is deleted already. */
export const deleteChangeSet = operation<DeleteChangeSetCommandInput, DeleteChangeSetCommandOutput>({
  demands: onStack('DeleteChangeSet'),
  run(input, call) {
    if (input.StackName !== undefined) stackOf(call, input.StackName, `Stack [${input.StackName}] does not exist`);
    const found = findChangeSet(input, call);
    found?.stack.changeSets.delete(found.changeSet.id);
    return {};
  },
});

export const executeChangeSet = operation<ExecuteChangeSetCommandInput, ExecuteChangeSetCommandOutput>({
  demands: onStack('ExecuteChangeSet'),
  async run(input, call) {
    const { stack, changeSet } = changeSetOf(input, call);
    if (changeSet.executionStatus !== 'AVAILABLE') {
      throw new AwsError(
        'InvalidChangeSetStatusException',
        `ChangeSet [${changeSet.id}] cannot be executed in its current status of [${changeSet.status}]`,
      );
    }
    const disableRollback = input.DisableRollback ?? changeSet.onStackFailure === 'DO_NOTHING';
    if (changeSet.type === 'UPDATE' || stack.deployment) checkUpdatable(stack, disableRollback);
    const caller = await callerFor(call, changeSet.roleArn);
    const { imports } = changeSet;
    if (imports) {
      await runOperation(call, stack, caller, input.ClientRequestToken, (operation) =>
        importResources(operation, changeSet.deployment, imports, changeSet.roleArn),
      );
      return {};
    }
    await runDeployment(call, stack, caller, changeSet.deployment, {
      token: input.ClientRequestToken,
      roleArn: changeSet.roleArn,
      disableRollback,
      deleteOnFailure: changeSet.onStackFailure === 'DELETE',
      retainExceptOnCreate: input.RetainExceptOnCreate ?? false,
    });
    return {};
  },
});
