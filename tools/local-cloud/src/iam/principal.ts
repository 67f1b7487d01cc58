import type { Caller } from '../service.ts';
import type { PolicyStatement } from './policy-document.ts';

/**
 * How a resource-based policy names a caller:
 * - `direct`: the user, the role's session or the service itself;
 * - `role`: the role behind the session, or everybody;
 * - `account`: its account, which leaves the decision to the account's own policies.
 */
export type Naming = 'direct' | 'role' | 'account';

/** "AWS JSON policy elements: Principal", IAM User Guide. `undefined` when the element does not name the caller. */
export function naming(principal: PolicyStatement['Principal'], caller: Caller): Naming | undefined {
  if (principal === undefined) return undefined;
  if (principal === '*') return everybody(caller);
  const found = Object.entries(principal).flatMap(([type, value]) => {
    const values = typeof value === 'string' ? [value] : value;
    return values.map((one) => (type === 'AWS' ? namedByAws(one, caller) : namedByService(type, one, caller)));
  });
  return (['direct', 'role', 'account'] as const).find((kind) => found.includes(kind));
}

/** A session keeps to its boundary and session policies when everybody is allowed: the narrower reading of the two. */
function everybody(caller: Caller): Naming {
  return caller.type === 'role' ? 'role' : 'direct';
}

function namedByAws(value: string, caller: Caller): Naming | undefined {
  if (value === '*') return everybody(caller);
  if (caller.type === 'service' || caller.type === 'federated') return undefined;
  if (value === caller.arn) return 'direct';
  if (value === caller.roleArn) return 'role';
  // A policy may name a user or role by its unique id.
  if (value === caller.userId.split(':')[0]) return caller.type === 'role' ? 'role' : 'direct';
  if (value === caller.account || value === `arn:aws:iam::${caller.account}:root`) return 'account';
  return undefined;
}

function namedByService(type: string, value: string, caller: Caller): Naming | undefined {
  const kind = { Service: 'service', Federated: 'federated' }[type];
  return kind === caller.type && value === caller.arn ? 'direct' : undefined;
}
