import type {
  DeleteResourcePolicyCommandInput,
  DeleteResourcePolicyCommandOutput,
  GetResourcePolicyCommandInput,
  GetResourcePolicyCommandOutput,
  PutResourcePolicyCommandInput,
  PutResourcePolicyCommandOutput,
} from '@aws-sdk/client-dynamodb';
import { AwsError, validationError } from '../../../errors.ts';
import { operation } from '../../../service.ts';
import { onResource } from '../demands.ts';
import type { Table } from '../state.ts';
import { resourceOf } from './tags.ts';

/** "The maximum size supported for a resource-based policy document is 20 KB." (PutResourcePolicy, API Reference) */
const largestPolicy = 20 * 1024;

export const putResourcePolicy = operation<PutResourcePolicyCommandInput, PutResourcePolicyCommandOutput>({
  demands: onResource('PutResourcePolicy'),
  run(input, call) {
    const table = resourceOf(input, call);
    checkPolicy(input.Policy as string);
    checkRevision(table, input.ExpectedRevisionId);
    const revision = String(Math.max(call.cloud.clock.now(), Number(table.policy?.revision ?? 0) + 1));
    table.policy = { text: input.Policy as string, revision };
    return { RevisionId: revision };
  },
});

export const getResourcePolicy = operation<GetResourcePolicyCommandInput, GetResourcePolicyCommandOutput>({
  demands: onResource('GetResourcePolicy'),
  run(input, call) {
    const { policy } = resourceOf(input, call);
    if (!policy) throw policyNotFound(input.ResourceArn);
    return { Policy: policy.text, RevisionId: policy.revision };
  },
});

export const deleteResourcePolicy = operation<DeleteResourcePolicyCommandInput, DeleteResourcePolicyCommandOutput>({
  demands: onResource('DeleteResourcePolicy'),
  run(input, call) {
    const table = resourceOf(input, call);
    checkRevision(table, input.ExpectedRevisionId);
    const RevisionId = table.policy?.revision;
    table.policy = undefined;
    return { RevisionId };
  },
});

/** Throws ValidationException for what is no policy. */
export function checkPolicy(policy: string): void {
  if (Buffer.byteLength(policy) > largestPolicy) {
    throw validationError('The resource-based policy document exceeds the maximum size of 20 KB');
  }
  let document: { Statement?: unknown } | null;
  try {
    document = JSON.parse(policy);
  } catch (error) {
    throw validationError(`Resource-based policy is not valid JSON: ${(error as Error).message}`);
  }
  if (typeof document?.Statement !== 'object') throw validationError('Resource-based policy has no Statement');
}

/** `NO_POLICY` expects that there is none yet. */
function checkRevision({ policy, arn }: Table, expected: string | undefined): void {
  if (expected === undefined || expected === (policy?.revision ?? 'NO_POLICY')) return;
  throw policyNotFound(arn);
}

function policyNotFound(arn: string | undefined): AwsError {
  return new AwsError(
    'PolicyNotFoundException',
    `Resource-based policy not found for the provided ResourceArn: ${arn}`,
  );
}
