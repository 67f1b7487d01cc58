import type {
  DescribeStacksCommandInput,
  DescribeStacksCommandOutput,
  ListStacksCommandInput,
  ListStacksCommandOutput,
  Stack as StackDescription,
  StackSummary,
} from '@aws-sdk/client-cloudformation';
import { liveStacks, type Stack, stateOf } from '../../cloudformation/state.ts';
import { operation } from '../../service.ts';
import { describeParameters } from './describe-parameters.ts';
import { stackDrift } from './drift.ts';
import { pageOf } from './pages.ts';
import { onStack, stackOf } from './stack-reference.ts';

export const describeStacks = operation<DescribeStacksCommandInput, DescribeStacksCommandOutput>({
  demands: onStack('DescribeStacks'),
  run({ StackName, NextToken: token }, call) {
    if (StackName !== undefined) return { Stacks: [describe(stackOf(call, StackName))] };
    const state = stateOf(call.cloud, call.account, call.region);
    const { items, NextToken } = pageOf(liveStacks(state).reverse(), token);
    return { Stacks: items.map(describe), ...(NextToken && { NextToken }) };
  },
});

function describe(stack: Stack): StackDescription {
  const { deployment } = stack;
  return {
    StackId: stack.id,
    StackName: stack.name,
    Description: stack.description,
    Parameters: describeParameters(deployment?.parameters ?? []),
    CreationTime: stack.created,
    LastUpdatedTime: stack.updated,
    DeletionTime: stack.deleted,
    RollbackConfiguration: {},
    StackStatus: stack.status,
    StackStatusReason: stack.statusReason,
    DisableRollback: stack.disableRollback,
    NotificationARNs: [],
    Capabilities: [...(deployment?.capabilities ?? [])] as NonNullable<StackDescription['Capabilities']>,
    Outputs: stack.outputs.map(({ key, value, description, exportName }) => ({
      OutputKey: key,
      OutputValue: value,
      ...(description !== undefined && { Description: description }),
      ...(exportName !== undefined && { ExportName: exportName }),
    })),
    RoleARN: stack.roleArn,
    Tags: [...(deployment?.tags ?? [])],
    EnableTerminationProtection: stack.terminationProtection,
    ParentId: stack.parentId,
    RootId: stack.rootId,
    DriftInformation: stackDrift(stack),
  };
}

export const listStacks = operation<ListStacksCommandInput, ListStacksCommandOutput>({
  run({ StackStatusFilter, NextToken: token }, call) {
    const all = [...stateOf(call.cloud, call.account, call.region).stacks.values()].reverse();
    const wanted = all.filter(({ status }) => !StackStatusFilter?.length || StackStatusFilter.includes(status));
    const { items, NextToken } = pageOf(wanted, token);
    return { StackSummaries: items.map(summaryOf), ...(NextToken && { NextToken }) };
  },
});

function summaryOf(stack: Stack): StackSummary {
  return {
    StackId: stack.id,
    StackName: stack.name,
    TemplateDescription: stack.description,
    CreationTime: stack.created,
    LastUpdatedTime: stack.updated,
    DeletionTime: stack.deleted,
    StackStatus: stack.status,
    StackStatusReason: stack.statusReason,
    ParentId: stack.parentId,
    RootId: stack.rootId,
    DriftInformation: stackDrift(stack),
  };
}
