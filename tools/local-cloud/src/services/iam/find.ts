import { awsManagedPolicies } from '../../iam/managed-policies.ts';
import type { Group, IamState, ManagedPolicy, Role, User } from '../../iam/state.ts';
import { noSuchEntity } from './errors.ts';

export function roleNamed(state: IamState, name: string): Role {
  return found(state.roles.get(name.toLowerCase()), `The role with name ${name} cannot be found.`);
}

export function userNamed(state: IamState, name: string): User {
  return found(state.users.get(name.toLowerCase()), `The user with name ${name} cannot be found.`);
}

export function groupNamed(state: IamState, name: string): Group {
  return found(state.groups.get(name.toLowerCase()), `The group with name ${name} cannot be found.`);
}

/** A policy of the account's own. */
export function policyOfArn(state: IamState, arn: string): ManagedPolicy {
  return found(state.policies.get(arn), `Policy ${arn} was not found.`);
}

/** Throws unless the ARN is a managed policy's, AWS's own included. */
export function checkAttachable(state: IamState, arn: string): void {
  if (awsManagedPolicies.has(arn) || state.policies.has(arn)) return;
  throw noSuchEntity(`Policy ${arn} does not exist or is not attachable.`);
}

/** Throws unless the ARN can be a permissions boundary. */
export function checkBoundary(state: IamState, arn: string | undefined): void {
  if (arn === undefined || awsManagedPolicies.has(arn) || state.policies.has(arn)) return;
  throw noSuchEntity(`Scope ARN: ${arn} does not exist or is not attachable.`);
}

function found<Entity>(entity: Entity | undefined, message: string): Entity {
  if (!entity) throw noSuchEntity(message);
  return entity;
}
