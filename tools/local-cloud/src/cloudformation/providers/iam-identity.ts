import type { ResourceRequest } from '../provider.ts';
import { policyText, type TagEntry, tagChanges, unlessGone } from './calls.ts';

/** All of them have managed and inline policies; roles and users also a boundary and tags. */
export type IdentityKind = 'Role' | 'User' | 'Group';

interface InlinePolicy {
  readonly PolicyName: string;
  readonly PolicyDocument: unknown;
}

interface IdentityProperties {
  readonly ManagedPolicyArns?: readonly string[];
  readonly Policies?: readonly InlinePolicy[];
  readonly PermissionsBoundary?: string;
  readonly Tags?: readonly TagEntry[];
}

/** Brings an identity's managed and inline policies from one set of properties to another. */
export async function changePolicies(
  request: ResourceRequest,
  kind: IdentityKind,
  name: string,
  before: IdentityProperties,
  after: IdentityProperties,
): Promise<void> {
  const identity = { [`${kind}Name`]: name };
  const [oldArns, newArns] = [before.ManagedPolicyArns ?? [], after.ManagedPolicyArns ?? []];
  for (const PolicyArn of newArns.filter((arn) => !oldArns.includes(arn))) {
    await request.call('iam', `Attach${kind}Policy`, { ...identity, PolicyArn });
  }
  for (const PolicyArn of oldArns.filter((arn) => !newArns.includes(arn))) {
    await unlessGone(['NoSuchEntity'], () => request.call('iam', `Detach${kind}Policy`, { ...identity, PolicyArn }));
  }
  const [oldPolicies, newPolicies] = [before.Policies ?? [], after.Policies ?? []];
  for (const { PolicyName, PolicyDocument } of newPolicies) {
    const policy = { PolicyName, PolicyDocument: policyText(PolicyDocument) };
    await request.call('iam', `Put${kind}Policy`, { ...identity, ...policy });
  }
  for (const { PolicyName } of oldPolicies) {
    if (newPolicies.some((policy) => policy.PolicyName === PolicyName)) continue;
    await unlessGone(['NoSuchEntity'], () => request.call('iam', `Delete${kind}Policy`, { ...identity, PolicyName }));
  }
}

/** Brings an identity's boundary and tags from one set of properties to another. */
export async function changeBoundaryAndTags(
  request: ResourceRequest,
  kind: Exclude<IdentityKind, 'Group'>,
  name: string,
  before: IdentityProperties,
  after: IdentityProperties,
): Promise<void> {
  const identity = { [`${kind}Name`]: name };
  if (after.PermissionsBoundary && after.PermissionsBoundary !== before.PermissionsBoundary) {
    const { PermissionsBoundary } = after;
    await request.call('iam', `Put${kind}PermissionsBoundary`, { ...identity, PermissionsBoundary });
  } else if (before.PermissionsBoundary && !after.PermissionsBoundary) {
    await request.call('iam', `Delete${kind}PermissionsBoundary`, identity);
  }
  const { set, removed } = tagChanges(before.Tags, after.Tags);
  if (removed.length > 0) await request.call('iam', `Untag${kind}`, { ...identity, TagKeys: removed });
  if (set.length > 0) await request.call('iam', `Tag${kind}`, { ...identity, Tags: set });
}
