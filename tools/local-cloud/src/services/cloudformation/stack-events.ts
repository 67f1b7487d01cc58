import type {
  DescribeEventsCommandInput,
  DescribeEventsCommandOutput,
  DescribeStackEventsCommandInput,
  DescribeStackEventsCommandOutput,
  OperationEvent,
} from '@aws-sdk/client-cloudformation';
import type { Stack, StackEvent } from '../../cloudformation/state.ts';
import { operation } from '../../service.ts';
import { pageOf } from './pages.ts';
import { onStack, stackOf } from './stack-reference.ts';

/** Newest first, as the CLI reads them. */
export const describeStackEvents = operation<DescribeStackEventsCommandInput, DescribeStackEventsCommandOutput>({
  demands: onStack('DescribeStackEvents'),
  run({ StackName, NextToken: token }, call) {
    const stack = stackOf(call, StackName, `Stack [${StackName}] does not exist`);
    const { items, NextToken } = pageOf([...stack.events].reverse(), token);
    return {
      StackEvents: items.map((event) => ({ EventId: event.id, ...describe(stack, event) })),
      ...(NextToken && { NextToken }),
    };
  },
});

function describe(stack: Stack, event: StackEvent) {
  return {
    StackId: stack.id,
    StackName: stack.name,
    OperationId: event.operationId,
    LogicalResourceId: event.logicalId,
    PhysicalResourceId: event.physicalId ?? '',
    ResourceType: event.type,
    Timestamp: event.time,
    ResourceStatus: event.status,
    ResourceStatusReason: event.reason,
    ResourceProperties: event.properties,
    ClientRequestToken: event.token,
  };
}

/** What happened in an operation, and why a change set was refused ("DescribeEvents", CloudFormation API Reference). */
export const describeEvents = operation<DescribeEventsCommandInput, DescribeEventsCommandOutput>({
  demands: onStack('DescribeEvents'),
  run(input, call) {
    const stack = stackOf(call, input.StackName, `Stack [${input.StackName}] does not exist`);
    const all = input.ChangeSetName ? validationEvents(stack, input.ChangeSetName) : operationEvents(stack, input);
    const wanted = input.Filters?.FailedEvents ? all.filter(isFailure) : all;
    const { items, NextToken } = pageOf(wanted, input.NextToken);
    return { OperationEvents: items, ...(NextToken && { NextToken }) };
  },
});

const isFailure = (event: OperationEvent) =>
  event.EventType === 'VALIDATION_ERROR' || event.ResourceStatus?.endsWith('FAILED') === true;

function operationEvents(stack: Stack, { OperationId }: DescribeEventsCommandInput): OperationEvent[] {
  return [...stack.events]
    .reverse()
    .filter((event) => OperationId === undefined || event.operationId === OperationId)
    .map((event) => {
      const { StackName: _, ...description } = describe(stack, event);
      return { EventId: event.id, EventType: 'STACK_EVENT', ...description };
    });
}

function validationEvents(stack: Stack, changeSetName: string): OperationEvent[] {
  const changeSet = [...stack.changeSets.values()].find(
    ({ id, name }) => id === changeSetName || name === changeSetName,
  );
  return (changeSet?.problems ?? []).map(({ logicalId, type, path, message }, index) => ({
    EventId: `${changeSet?.id}/${index}`,
    StackId: stack.id,
    OperationType: 'CREATE_CHANGESET',
    EventType: 'VALIDATION_ERROR',
    LogicalResourceId: logicalId,
    ResourceType: type,
    Timestamp: changeSet?.created,
    ValidationFailureMode: 'FAIL',
    ValidationName: 'PROPERTY_VALIDATION',
    ValidationStatus: 'FAILED',
    ValidationStatusReason: message,
    ValidationPath: path,
  }));
}
