import type { Group as GroupOutput, Role as RoleOutput, User as UserOutput } from '@aws-sdk/client-iam';
import type { Group, Role, User } from '../../iam/state.ts';
import type { Call } from '../../service.ts';
import { tagList } from '../../tag-list.ts';

export function roleOutput(role: Role): RoleOutput {
  return {
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: role.arn,
    CreateDate: role.createDate,
    AssumeRolePolicyDocument: encodeURIComponent(role.trust.text),
    Description: role.description,
    MaxSessionDuration: role.maxSessionSeconds,
    ...(role.boundaryArn ? { PermissionsBoundary: boundaryOutput(role.boundaryArn) } : {}),
    ...(role.tags.size > 0 ? { Tags: tagList(role.tags) } : {}),
    RoleLastUsed: {},
  };
}

export function userOutput(user: User): UserOutput {
  return {
    Path: user.path,
    UserName: user.name,
    UserId: user.id,
    Arn: user.arn,
    CreateDate: user.createDate,
    ...(user.boundaryArn ? { PermissionsBoundary: boundaryOutput(user.boundaryArn) } : {}),
    ...(user.tags.size > 0 ? { Tags: tagList(user.tags) } : {}),
  };
}

export function groupOutput(group: Group): GroupOutput {
  return {
    Path: group.path,
    GroupName: group.name,
    GroupId: group.id,
    Arn: group.arn,
    CreateDate: group.createDate,
  };
}

function boundaryOutput(arn: string) {
  return { PermissionsBoundaryType: 'PermissionsBoundaryPolicy' as const, PermissionsBoundaryArn: arn };
}

/** IAM keeps time in whole seconds. */
export function wholeSeconds({ cloud }: Call): Date {
  return new Date(Math.floor(cloud.clock.now() / 1000) * 1000);
}
