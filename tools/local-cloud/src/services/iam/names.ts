import { constraint, validationError } from './errors.ts';

/** "IAM and AWS STS quotas": role and user names have 64 characters at most, groups' and policies' names 128. */
const longest = { roleName: 64, userName: 64, groupName: 128, policyName: 128 };

export function checkName(member: keyof typeof longest, name: string): void {
  if (name.length > longest[member]) {
    throw constraint(member, name, `have length less than or equal to ${longest[member]}`);
  }
  if (!/^[\w+=,.@-]+$/.test(name)) {
    throw validationError(
      `The specified value for ${member} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-`,
    );
  }
}

/** Returns the path, `/` when none is given. */
export function checkedPath(path: string | undefined): string {
  if (path === undefined) return '/';
  if (!/^\/$|^\/[\u0021-\u007E]+\/$/.test(path) || path.length > 512) {
    throw validationError(
      'The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.',
    );
  }
  return path;
}
