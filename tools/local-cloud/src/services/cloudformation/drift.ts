import { randomUUID } from 'node:crypto';
import type {
  DescribeStackDriftDetectionStatusCommandInput,
  DescribeStackDriftDetectionStatusCommandOutput,
  DescribeStackResourceDriftsCommandInput,
  DescribeStackResourceDriftsCommandOutput,
  DetectStackDriftCommandInput,
  DetectStackDriftCommandOutput,
  DetectStackResourceDriftCommandInput,
  DetectStackResourceDriftCommandOutput,
  StackResourceDrift,
} from '@aws-sdk/client-cloudformation';
import { detectDrift } from '../../cloudformation/drift.ts';
import { validationError } from '../../cloudformation/errors.ts';
import { type ResourceDrift, type Stack, type StackResource, stateOf } from '../../cloudformation/state.ts';
import { AwsError } from '../../errors.ts';
import { type Call, operation } from '../../service.ts';
import { pageOf } from './pages.ts';
import { onStack, stackOf } from './stack-reference.ts';

/** "Detect drift on an entire CloudFormation stack", CloudFormation User Guide: the states a stack can be looked at in. */
const detectable = [
  'CREATE_COMPLETE',
  'UPDATE_COMPLETE',
  'UPDATE_ROLLBACK_COMPLETE',
  'UPDATE_ROLLBACK_FAILED',
  'IMPORT_COMPLETE',
];

function detectableStack(call: Call, name: string | undefined): Stack {
  const stack = stackOf(call, name, `Stack [${name}] does not exist`);
  if (detectable.includes(stack.status)) return stack;
  throw validationError(
    `Drift detection cannot be performed on stack [${stack.name}] while in ${stack.status} state; it takes ${detectable.join(', ')}.`,
  );
}

async function detect(call: Call, stack: Stack, resource: StackResource): Promise<ResourceDrift | undefined> {
  const { cloud, account, region, caller } = call;
  const drift = await detectDrift({ cloud, account, region, caller, stack }, resource);
  if (drift) resource.drift = drift;
  return drift;
}

/** Answers when every resource was looked at: AWS answers before, so that its clients ask for the status. */
export const detectStackDrift = operation<DetectStackDriftCommandInput, DetectStackDriftCommandOutput>({
  demands: onStack('DetectStackDrift'),
  async run({ StackName, LogicalResourceIds: wanted }, call) {
    const stack = detectableStack(call, StackName);
    const unknown = (wanted ?? []).filter((logicalId) => !stack.resources.has(logicalId));
    if (unknown.length > 0) throw validationError(`Resources [${unknown.join(', ')}] do not exist in the stack`);
    const started = new Date(call.cloud.clock.now());
    const resources = [...stack.resources.values()].filter(({ logicalId }) => wanted?.includes(logicalId) ?? true);
    const failures: string[] = [];
    for (const resource of resources) {
      await detect(call, stack, resource).catch((error: Error) => {
        if (!(error instanceof AwsError)) throw error;
        failures.push(`Failed to detect drift on resource [${resource.logicalId}]: ${error.message}`);
      });
    }
    const drifted = [...stack.resources.values()].filter(({ drift }) => drift && drift.status !== 'IN_SYNC').length;
    const detection = {
      id: randomUUID(),
      started,
      status: failures.length > 0 ? ('DETECTION_FAILED' as const) : ('DETECTION_COMPLETE' as const),
      reason: failures.length > 0 ? failures.join('; ') : undefined,
      drift: drifted > 0 ? ('DRIFTED' as const) : ('IN_SYNC' as const),
      drifted,
    };
    stack.driftDetections = [...(stack.driftDetections ?? []), detection];
    return { StackDriftDetectionId: detection.id };
  },
});

export const describeStackDriftDetectionStatus = operation<
  DescribeStackDriftDetectionStatusCommandInput,
  DescribeStackDriftDetectionStatusCommandOutput
>({
  run({ StackDriftDetectionId: id }, call) {
    const stacks = [...stateOf(call.cloud, call.account, call.region).stacks.values()];
    for (const stack of stacks) {
      const found = stack.driftDetections?.find((detection) => detection.id === id);
      if (!found) continue;
      return {
        StackId: stack.id,
        StackDriftDetectionId: found.id,
        StackDriftStatus: found.drift,
        DetectionStatus: found.status,
        DetectionStatusReason: found.reason,
        DriftedStackResourceCount: found.drifted,
        Timestamp: found.started,
      };
    }
    throw validationError(`Drift detection [${id}] does not exist`);
  },
});

export const detectStackResourceDrift = operation<
  DetectStackResourceDriftCommandInput,
  DetectStackResourceDriftCommandOutput
>({
  demands: onStack('DetectStackResourceDrift'),
  async run({ StackName, LogicalResourceId = '' }, call) {
    const stack = detectableStack(call, StackName);
    const resource = stack.resources.get(LogicalResourceId);
    if (!resource) throw validationError(`Resource ${LogicalResourceId} does not exist for stack ${stack.name}`);
    const drift = await detect(call, stack, resource);
    if (drift) return { StackResourceDrift: describe(stack, resource, drift) };
    throw validationError(`Resource type ${resource.type} does not support drift detection here.`);
  },
});

/** Resources that were never looked at, or cannot be, are not listed. */
export const describeStackResourceDrifts = operation<
  DescribeStackResourceDriftsCommandInput,
  DescribeStackResourceDriftsCommandOutput
>({
  demands: onStack('DescribeStackResourceDrifts'),
  run({ StackName, StackResourceDriftStatusFilters: filters, NextToken: token }, call) {
    const stack = stackOf(call, StackName, `Stack [${StackName}] does not exist`);
    const drifts = [...stack.resources.values()].flatMap((resource) =>
      resource.drift ? [describe(stack, resource, resource.drift)] : [],
    );
    const wanted = drifts.filter(
      ({ StackResourceDriftStatus: status }) => !filters?.length || (status && filters.includes(status)),
    );
    const { items, NextToken } = pageOf(wanted, token);
    return { StackResourceDrifts: items, ...(NextToken && { NextToken }) };
  },
});

function describe(
  stack: Stack,
  { logicalId, physicalId, type }: StackResource,
  drift: ResourceDrift,
): StackResourceDrift {
  return {
    StackId: stack.id,
    LogicalResourceId: logicalId,
    PhysicalResourceId: physicalId,
    ResourceType: type,
    StackResourceDriftStatus: drift.status,
    Timestamp: drift.checked,
    ...(drift.expected && { ExpectedProperties: JSON.stringify(drift.expected) }),
    ...(drift.actual && { ActualProperties: JSON.stringify(drift.actual) }),
    PropertyDifferences: [...drift.differences],
  };
}

/** A stack's drift as DescribeStacks and ListStacks tell it. */
export function stackDrift({ driftDetections }: Stack) {
  const last = driftDetections?.at(-1);
  return last
    ? { StackDriftStatus: last.drift, LastCheckTimestamp: last.started }
    : { StackDriftStatus: 'NOT_CHECKED' as const };
}

/** A resource's, as the descriptions of resources tell it. */
export function resourceDrift({ drift }: StackResource) {
  return drift
    ? { StackResourceDriftStatus: drift.status, LastCheckTimestamp: drift.checked }
    : { StackResourceDriftStatus: 'NOT_CHECKED' as const };
}
