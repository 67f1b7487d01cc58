import type {
  DescribeStackResourceCommandInput,
  DescribeStackResourceCommandOutput,
  DescribeStackResourcesCommandInput,
  DescribeStackResourcesCommandOutput,
  ListStackResourcesCommandInput,
  ListStackResourcesCommandOutput,
} from '@aws-sdk/client-cloudformation';
import { validationError } from '../../cloudformation/errors.ts';
import { type Stack, type StackResource, stateOf } from '../../cloudformation/state.ts';

import { type Call, operation } from '../../service.ts';
import { resourceDrift } from './drift.ts';
import { pageOf } from './pages.ts';
import { onStack, stackOf } from './stack-reference.ts';

function describe(resource: StackResource) {
  const { logicalId, physicalId, type, status, statusReason } = resource;
  return {
    LogicalResourceId: logicalId,
    PhysicalResourceId: physicalId,
    ResourceType: type,
    ResourceStatus: status,
    ResourceStatusReason: statusReason,
    DriftInformation: resourceDrift(resource),
  };
}

export const listStackResources = operation<ListStackResourcesCommandInput, ListStackResourcesCommandOutput>({
  demands: onStack('ListStackResources'),
  run({ StackName, NextToken: token }, call) {
    const stack = stackOf(call, StackName);
    const { items, NextToken } = pageOf([...stack.resources.values()], token);
    return {
      StackResourceSummaries: items.map((item) => ({ ...describe(item), LastUpdatedTimestamp: item.updated })),
      ...(NextToken && { NextToken }),
    };
  },
});

/** "DescribeStackResources", CloudFormation API Reference: the first 100. */
const mostResources = 100;

export const describeStackResources = operation<
  DescribeStackResourcesCommandInput,
  DescribeStackResourcesCommandOutput
>({
  demands: onStack('DescribeStackResources'),
  run({ StackName, LogicalResourceId, PhysicalResourceId }, call) {
    const stack = PhysicalResourceId === undefined ? stackOf(call, StackName) : stackWith(call, PhysicalResourceId);
    const wanted = [...stack.resources.values()].filter(
      ({ logicalId }) => LogicalResourceId === undefined || logicalId === LogicalResourceId,
    );
    return {
      StackResources: wanted.slice(0, mostResources).map((resource) => ({
        StackName: stack.name,
        StackId: stack.id,
        Timestamp: resource.updated,
        ...describe(resource),
      })),
    };
  },
});

function stackWith(call: Call, physicalId: string): Stack {
  const stacks = [...stateOf(call.cloud, call.account, call.region).stacks.values()];
  const found = stacks.find(({ resources }) =>
    [...resources.values()].some((resource) => resource.physicalId === physicalId),
  );
  if (!found) throw validationError(`Stack for ${physicalId} does not exist`);
  return found;
}

export const describeStackResource = operation<DescribeStackResourceCommandInput, DescribeStackResourceCommandOutput>({
  demands: onStack('DescribeStackResource'),
  run({ StackName, LogicalResourceId = '' }, call) {
    const stack = stackOf(call, StackName, `Stack '${StackName}' does not exist`);
    const resource = stack.resources.get(LogicalResourceId);
    if (!resource) throw validationError(`Resource ${LogicalResourceId} does not exist for stack ${stack.name}`);
    return {
      StackResourceDetail: {
        StackName: stack.name,
        StackId: stack.id,
        LastUpdatedTimestamp: resource.updated,
        Metadata: resource.metadata === undefined ? undefined : JSON.stringify(resource.metadata),
        ...describe(resource),
      },
    };
  },
});
