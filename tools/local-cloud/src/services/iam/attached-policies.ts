import { type IamState, type Identity, iamState } from '../../iam/state.ts';
import { type AnyOperation, type Call, operation } from '../../service.ts';
import { demand } from './demands.ts';
import { limitExceeded, noSuchEntity } from './errors.ts';
import { checkAttachable } from './find.ts';
import { type IdentityInput, type IdentityKind, identityKinds } from './identity-kinds.ts';
import { page } from './paging.ts';

interface AttachedInput extends IdentityInput {
  readonly PolicyArn?: string;
  readonly PathPrefix?: string;
  readonly Marker?: string;
  readonly MaxItems?: number;
}

/** "IAM and AWS STS quotas": managed policies attached to one role, user or group, by default. */
const mostAttached = 10;

/** AttachRolePolicy, DetachRolePolicy, ListAttachedRolePolicies, and the same of users and groups. */
export const attachedPolicyOperations: Record<string, AnyOperation> = Object.assign(
  {},
  ...identityKinds.map(operationsOf),
);

/** Attaches a managed policy. Throws NoSuchEntity and LimitExceeded. */
export function attach(state: IamState, identity: Identity, arn: string, kind: 'Role' | 'User' | 'Group'): void {
  checkAttachable(state, arn);
  if (!identity.attached.has(arn) && identity.attached.size >= mostAttached) {
    throw limitExceeded(`Cannot exceed quota for PoliciesPer${kind}: ${mostAttached}`);
  }
  identity.attached.add(arn);
}

function operationsOf(kind: IdentityKind): Record<string, AnyOperation> {
  const { name, nameMember } = kind;
  const demands = (operationName: string) => (input: AttachedInput, call: Call) => [
    demand(operationName, kind.arn(call, input[nameMember] ?? ''), {
      'iam:PolicyARN': input.PolicyArn,
      'iam:PermissionsBoundary': kind.boundaryArn(iamState(call.cloud, call.account), input[nameMember] ?? ''),
    }),
  ];

  return {
    [`Attach${name}Policy`]: operation<AttachedInput, object>({
      demands: demands(`Attach${name}Policy`),
      run(input, call) {
        const state = iamState(call.cloud, call.account);
        attach(state, kind.find(state, input[nameMember] ?? ''), input.PolicyArn ?? '', name);
        return {};
      },
    }),
    [`Detach${name}Policy`]: operation<AttachedInput, object>({
      demands: demands(`Detach${name}Policy`),
      run(input, call) {
        const identity = kind.find(iamState(call.cloud, call.account), input[nameMember] ?? '');
        if (!identity.attached.delete(input.PolicyArn ?? '')) {
          throw noSuchEntity(`Policy ${input.PolicyArn} was not found.`);
        }
        return {};
      },
    }),
    [`ListAttached${name}Policies`]: operation<AttachedInput, object>({
      demands: demands(`ListAttached${name}Policies`),
      run(input, call) {
        const { attached } = kind.find(iamState(call.cloud, call.account), input[nameMember] ?? '');
        const policies = [...attached]
          .filter((arn) => pathOf(arn).startsWith(input.PathPrefix ?? '/'))
          .map((arn) => ({ PolicyName: arn.slice(arn.lastIndexOf('/') + 1), PolicyArn: arn }));
        const { items, ...rest } = page(policies, input);
        return { AttachedPolicies: items, ...rest };
      },
    }),
  };
}

/** `/service-role/` of `arn:aws:iam::aws:policy/service-role/X`. */
function pathOf(arn: string): string {
  return arn.slice(arn.indexOf('/'), arn.lastIndexOf('/') + 1);
}
