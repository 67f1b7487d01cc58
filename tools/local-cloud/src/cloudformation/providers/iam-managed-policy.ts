import { isDeepStrictEqual } from 'node:util';
import type {
  CreatePolicyCommandOutput,
  GetPolicyCommandOutput,
  ListPolicyVersionsCommandOutput,
} from '@aws-sdk/client-iam';
import { physicalName } from '../physical-name.ts';
import type { ResourceProvider, ResourceRequest } from '../provider.ts';
import { policyText, unlessGone } from './calls.ts';
import { type Holder, holdersOf } from './iam-policy.ts';

export const iamManagedPolicy: ResourceProvider = {
  type: 'AWS::IAM::ManagedPolicy',
  properties: ['Description', 'Groups', 'ManagedPolicyName', 'Path', 'PolicyDocument', 'Roles', 'Users'],
  async create(request) {
    const { Description, ManagedPolicyName, Path, PolicyDocument } = request.properties;
    const { Policy } = await request.call<CreatePolicyCommandOutput>('iam', 'CreatePolicy', {
      PolicyName: ManagedPolicyName ?? physicalName(request, { longest: 128 }),
      PolicyDocument: policyText(PolicyDocument),
      Description,
      Path,
    });
    const PolicyArn = Policy?.Arn ?? '';
    request.created(PolicyArn);
    await change(request, 'Attach', PolicyArn, holdersOf(request.properties));
    return { physicalId: PolicyArn, attributes: attributesOf(Policy) };
  },
  async update(request) {
    const { physicalId: PolicyArn, properties, previous } = request;
    if (!isDeepStrictEqual(properties['PolicyDocument'], previous['PolicyDocument']))
      await newVersion(request, PolicyArn);
    const [old, next] = [holdersOf(previous), holdersOf(properties)];
    await change(request, 'Attach', PolicyArn, without(next, old));
    await change(request, 'Detach', PolicyArn, without(old, next));
    const { Policy } = await request.call<GetPolicyCommandOutput>('iam', 'GetPolicy', { PolicyArn });
    return { physicalId: PolicyArn, attributes: attributesOf(Policy) };
  },
  async delete(request) {
    const { physicalId: PolicyArn } = request;
    await change(request, 'Detach', PolicyArn, holdersOf(request.properties));
    await unlessGone(['NoSuchEntity'], async () => {
      for (const VersionId of await olderVersions(request, PolicyArn)) {
        await request.call('iam', 'DeletePolicyVersion', { PolicyArn, VersionId });
      }
      await request.call('iam', 'DeletePolicy', { PolicyArn });
    });
  },
};

/** "IAM and AWS STS quotas": versions a managed policy keeps. */
const mostVersions = 5;

async function newVersion(request: ResourceRequest, PolicyArn: string): Promise<void> {
  const older = await olderVersions(request, PolicyArn);
  if (older.length + 1 >= mostVersions) {
    await request.call('iam', 'DeletePolicyVersion', { PolicyArn, VersionId: older.at(-1) });
  }
  const PolicyDocument = policyText(request.properties['PolicyDocument']);
  await request.call('iam', 'CreatePolicyVersion', { PolicyArn, PolicyDocument, SetAsDefault: true });
}

/** All but the default one, newest first. */
async function olderVersions(request: ResourceRequest, PolicyArn: string): Promise<string[]> {
  const { Versions } = await request.call<ListPolicyVersionsCommandOutput>('iam', 'ListPolicyVersions', { PolicyArn });
  const older = (Versions ?? []).filter(({ IsDefaultVersion }) => !IsDefaultVersion);
  return older.sort((a, b) => Number(b.CreateDate) - Number(a.CreateDate)).map(({ VersionId }) => VersionId ?? '');
}

async function change(
  request: ResourceRequest,
  verb: 'Attach' | 'Detach',
  PolicyArn: string,
  holders: readonly Holder[],
): Promise<void> {
  for (const [kind, name] of holders) {
    const run = () => request.call('iam', `${verb}${kind}Policy`, { [`${kind}Name`]: name, PolicyArn });
    await (verb === 'Attach' ? run() : unlessGone(['NoSuchEntity'], run));
  }
}

function without(holders: readonly Holder[], others: readonly Holder[]): Holder[] {
  return holders.filter(([kind, name]) => !others.some((other) => other[0] === kind && other[1] === name));
}

function attributesOf(policy: GetPolicyCommandOutput['Policy']): Record<string, unknown> {
  return { PolicyArn: policy?.Arn, PolicyId: policy?.PolicyId, DefaultVersionId: policy?.DefaultVersionId };
}
