import type { IamState, Identity } from '../../iam/state.ts';
import type { Call } from '../../service.ts';
import { groupArn, roleArn, userArn } from './demands.ts';
import { groupNamed, roleNamed, userNamed } from './find.ts';

/** One of these names the identity, depending on the operation. */
export interface IdentityInput {
  readonly RoleName?: string;
  readonly UserName?: string;
  readonly GroupName?: string;
}

/** What differs between roles, users and groups when policies are put on them. */
export interface IdentityKind {
  readonly name: 'Role' | 'User' | 'Group';
  readonly nameMember: keyof IdentityInput;
  /** "IAM and AWS STS quotas": characters of all inline policies together. */
  readonly inlineCharacters: number;
  arn(call: Call, name: string): string;
  /** Throws NoSuchEntity. */
  find(state: IamState, name: string): Identity;
  /** Value of the condition key `iam:PermissionsBoundary`. */
  boundaryArn(state: IamState, name: string): string | undefined;
}

export const identityKinds: readonly IdentityKind[] = [
  {
    name: 'Role',
    nameMember: 'RoleName',
    inlineCharacters: 10_240,
    arn: roleArn,
    find: roleNamed,
    boundaryArn: (state, name) => state.roles.get(name.toLowerCase())?.boundaryArn,
  },
  {
    name: 'User',
    nameMember: 'UserName',
    inlineCharacters: 2048,
    arn: userArn,
    find: userNamed,
    boundaryArn: (state, name) => state.users.get(name.toLowerCase())?.boundaryArn,
  },
  {
    name: 'Group',
    nameMember: 'GroupName',
    inlineCharacters: 5120,
    arn: groupArn,
    find: groupNamed,
    boundaryArn: () => undefined,
  },
];
