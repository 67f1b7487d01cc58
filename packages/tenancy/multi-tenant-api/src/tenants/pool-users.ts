import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminGetUserCommand,
  AdminUserGlobalSignOutCommand,
  type CognitoIdentityProviderClient,
  CreateGroupCommand,
  DeleteGroupCommand,
  GroupExistsException,
  paginateListGroups,
  paginateListUsersInGroup,
  ResourceNotFoundException,
  UsernameExistsException,
} from '@aws-sdk/client-cognito-identity-provider';
import { TenancyError } from '../errors.ts';
import type { UserDirectory } from './ports.ts';
import { unless } from './unless.ts';

/** A tenant's users have its ID in an attribute they cannot change, and are in a group of its name, by which they are found. */
export function poolUsers(client: CognitoIdentityProviderClient, UserPoolId: string): UserDirectory {
  async function members(GroupName: string): Promise<readonly string[]> {
    const names: string[] = [];
    const read = async () => {
      for await (const { Users = [] } of paginateListUsersInGroup({ client }, { UserPoolId, GroupName })) {
        names.push(...Users.flatMap(({ Username }) => Username ?? []));
      }
    };
    await unless(ResourceNotFoundException, read());
    return names;
  }

  return {
    async ensureGroup(GroupName) {
      await unless(GroupExistsException, client.send(new CreateGroupCommand({ UserPoolId, GroupName })));
    },
    async *groups() {
      for await (const { Groups = [] } of paginateListGroups({ client }, { UserPoolId, Limit: 60 })) {
        for (const { GroupName } of Groups) if (GroupName !== undefined) yield GroupName;
      }
    },
    async invite(tenantId, email) {
      const UserAttributes = [
        { Name: 'email', Value: email },
        { Name: 'email_verified', Value: 'true' },
        { Name: 'custom:tenant_id', Value: tenantId },
      ];
      const input = { UserPoolId, Username: email, UserAttributes, DesiredDeliveryMediums: ['EMAIL' as const] };
      await unless(UsernameExistsException, client.send(new AdminCreateUserCommand(input)));
      const user = await client.send(new AdminGetUserCommand({ UserPoolId, Username: email }));
      const owner = user.UserAttributes?.find(({ Name }) => Name === 'custom:tenant_id')?.Value;
      if (owner !== tenantId) {
        throw new TenancyError('TENANT_NOT_ALLOWED', [`${email} is a user of another tenant; invite another address`]);
      }
      const membership = { UserPoolId, Username: user.Username, GroupName: tenantId };
      await client.send(new AdminAddUserToGroupCommand(membership));
    },
    async signOutAll(tenantId) {
      for (const Username of await members(tenantId)) {
        await client.send(new AdminUserGlobalSignOutCommand({ UserPoolId, Username }));
      }
    },
    async removeAll(tenantId) {
      for (const Username of await members(tenantId)) {
        await client.send(new AdminDeleteUserCommand({ UserPoolId, Username }));
      }
      const group = { UserPoolId, GroupName: tenantId };
      await unless(ResourceNotFoundException, client.send(new DeleteGroupCommand(group)));
    },
  };
}
