import { physicalName } from '../physical-name.ts';
import type { Properties, ResourceProvider, ResourceRequest } from '../provider.ts';
import { policyText, unlessGone } from './calls.ts';

/** An inline policy put on roles, users and groups. */
export const iamPolicy: ResourceProvider = {
  type: 'AWS::IAM::Policy',
  properties: ['Groups', 'PolicyDocument', 'PolicyName', 'Roles', 'Users'],
  async create(request) {
    if (holdersOf(request.properties).length === 0) {
      throw new Error('At least one of [Groups,Roles,Users] must be non-empty.');
    }
    const physicalId = physicalName(request, { longest: 64 });
    request.created(physicalId);
    await put(request);
    return { physicalId, attributes: { Id: physicalId } };
  },
  async update(request) {
    await put(request);
    const kept = holdersOf(request.properties);
    const isRenamed = request.previous['PolicyName'] !== request.properties['PolicyName'];
    const left = holdersOf(request.previous).filter(
      ([kind, name]) => isRenamed || !kept.some((holder) => holder[0] === kind && holder[1] === name),
    );
    await remove(request, request.previous['PolicyName'], left);
    return { physicalId: request.physicalId, attributes: { Id: request.physicalId } };
  },
  async delete(request) {
    await remove(request, request.properties['PolicyName'], holdersOf(request.properties));
  },
};

export type Holder = readonly [kind: 'Role' | 'User' | 'Group', name: string];

/** Who a policy is for: its Roles, Users and Groups. */
export function holdersOf({ Roles = [], Users = [], Groups = [] }: Properties): Holder[] {
  return [
    ...Roles.map((name: string) => ['Role', name] as const),
    ...Users.map((name: string) => ['User', name] as const),
    ...Groups.map((name: string) => ['Group', name] as const),
  ];
}

async function put(request: ResourceRequest): Promise<void> {
  const { PolicyName } = request.properties;
  const PolicyDocument = policyText(request.properties['PolicyDocument']);
  for (const [kind, name] of holdersOf(request.properties)) {
    await request.call('iam', `Put${kind}Policy`, { [`${kind}Name`]: name, PolicyName, PolicyDocument });
  }
}

async function remove(request: ResourceRequest, PolicyName: string, holders: readonly Holder[]): Promise<void> {
  for (const [kind, name] of holders) {
    await unlessGone(['NoSuchEntity'], () =>
      request.call('iam', `Delete${kind}Policy`, { [`${kind}Name`]: name, PolicyName }),
    );
  }
}
