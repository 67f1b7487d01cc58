import type { Caller, Cloud } from '../service.ts';
import type { ApplicablePolicies } from './evaluate.ts';
import { awsManagedPolicies } from './managed-policies.ts';
import type { PolicyDocument } from './policy-document.ts';
import { findRole, type IamState, type Identity, iamState } from './state.ts';

type CallerPolicies = Omit<ApplicablePolicies, 'resource'> & { readonly tags: Readonly<Record<string, string>> };

/** Every policy that speaks about a caller itself, as IAM has them now. */
export function policiesOf(cloud: Cloud, caller: Caller): CallerPolicies {
  const state = iamState(cloud, caller.account);
  if (caller.type === 'user') return userPolicies(state, caller);
  if (caller.type === 'role') return { ...rolePolicies(cloud, state, caller), session: caller.sessionPolicies };
  return { identity: [], tags: {} };
}

function userPolicies(state: IamState, caller: Caller): CallerPolicies {
  const user = [...state.users.values()].find((one) => one.id === caller.userId);
  if (!user) return { identity: [], tags: {} };
  const groups = [...state.groups.values()].filter((group) => group.members.has(user.name));
  return {
    identity: [user, ...groups].flatMap((identity) => documentsOf(state, identity)),
    boundary: user.boundaryArn === undefined ? undefined : existing(state, user.boundaryArn),
    tags: Object.fromEntries(user.tags),
  };
}

function rolePolicies(cloud: Cloud, state: IamState, caller: Caller): CallerPolicies {
  const role = findRole(cloud, caller.account, caller.roleArn?.split('/').at(-1) ?? '');
  // A session of a deleted role may do nothing, even when a new role has taken the name.
  if (role?.id !== caller.userId.split(':')[0] || !role) return { identity: [], tags: {} };
  return {
    identity: documentsOf(state, role),
    boundary: role.boundaryArn === undefined ? undefined : existing(state, role.boundaryArn),
    // Condition keys have no case, so that a session's tag stands in for the role's of the same key.
    tags: { ...Object.fromEntries(role.tags), ...caller.sessionTags },
  };
}

/** An identity's inline and attached policies. */
function documentsOf(state: IamState, identity: Identity): PolicyDocument[] {
  const inline = [...identity.inline.values()].map((stored) => stored.document);
  const attached = [...identity.attached].map((arn) => existing(state, arn));
  return [...inline, ...attached];
}

/** A managed policy's default version, AWS's own included; `undefined` when there is no such policy. */
export function managedDocument(state: IamState, arn: string): PolicyDocument | undefined {
  const own = state.policies.get(arn);
  return awsManagedPolicies.get(arn)?.document ?? own?.versions.get(own.defaultVersionId)?.document;
}

/** IAM refuses to delete a policy in use, so one that is referred to exists. */
function existing(state: IamState, arn: string): PolicyDocument {
  const document = managedDocument(state, arn);
  if (!document) throw new Error(`The policy ${arn} is in use but does not exist`);
  return document;
}
