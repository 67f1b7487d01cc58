import type { CreateUserCommandOutput, GetUserCommandOutput } from '@aws-sdk/client-iam';
import { physicalName } from '../physical-name.ts';
import type { Properties, ResourceProvider, ResourceRequest } from '../provider.ts';
import { unlessGone } from './calls.ts';
import { changeBoundaryAndTags, changePolicies } from './iam-identity.ts';

export const iamUser: ResourceProvider = {
  type: 'AWS::IAM::User',
  properties: ['Groups', 'ManagedPolicyArns', 'Path', 'PermissionsBoundary', 'Policies', 'Tags', 'UserName'],
  async create(request) {
    const { Path, PermissionsBoundary, Tags } = request.properties;
    const UserName = request.properties['UserName'] ?? physicalName(request, { longest: 64 });
    const input = { UserName, Path, PermissionsBoundary, Tags };
    const { User } = await request.call<CreateUserCommandOutput>('iam', 'CreateUser', input);
    request.created(UserName);
    await changePolicies(request, 'User', UserName, {}, request.properties);
    await changeGroups(request, UserName, {}, request.properties);
    return { physicalId: UserName, attributes: { Arn: User?.Arn } };
  },
  async update(request) {
    const { physicalId: UserName, properties, previous } = request;
    if (properties['Path'] !== previous['Path']) {
      throw new Error('The embedded cloud cannot move a user to another Path: give it another UserName as well.');
    }
    await changePolicies(request, 'User', UserName, previous, properties);
    await changeBoundaryAndTags(request, 'User', UserName, previous, properties);
    await changeGroups(request, UserName, previous, properties);
    const { User } = await request.call<GetUserCommandOutput>('iam', 'GetUser', { UserName });
    return { physicalId: UserName, attributes: { Arn: User?.Arn } };
  },
  async delete(request) {
    const { physicalId: UserName } = request;
    await unlessGone(['NoSuchEntity'], async () => {
      await changeGroups(request, UserName, request.properties, {});
      await changePolicies(request, 'User', UserName, request.properties, {});
      await request.call('iam', 'DeleteUser', { UserName });
    });
  },
};

async function changeGroups(
  request: ResourceRequest,
  UserName: string,
  before: Properties,
  after: Properties,
): Promise<void> {
  const [old, next]: [string[], string[]] = [before['Groups'] ?? [], after['Groups'] ?? []];
  for (const GroupName of next.filter((name) => !old.includes(name))) {
    await request.call('iam', 'AddUserToGroup', { GroupName, UserName });
  }
  for (const GroupName of old.filter((name) => !next.includes(name))) {
    await unlessGone(['NoSuchEntity'], () => request.call('iam', 'RemoveUserFromGroup', { GroupName, UserName }));
  }
}
