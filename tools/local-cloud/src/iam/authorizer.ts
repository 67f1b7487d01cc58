import type { Caller, Cloud, Credentials, Demand } from '../service.ts';
import { accessDenied } from './access-denied.ts';
import { findKey, rootOf } from './credentials.ts';
import { evaluate } from './evaluate.ts';
import { policiesOf } from './policies-of.ts';
import { requestContext } from './request-context.ts';
import { startRoleSession } from './role-session.ts';
import { iamState } from './state.ts';

/** IAM as the rest of the cloud uses it: who holds a key, and what may they do. */
export interface Authorizer {
  authorize: Cloud['authorize'];
  assumeRole: Cloud['assumeRole'];
  /** The caller behind an access key whose signature was verified. */
  callerOf(accessKeyId: string): Caller;
  /** What an access key's signatures are checked against; `undefined` when nobody has it. */
  credentialsOf(accessKeyId: string): Omit<Credentials, 'accessKeyId'> | undefined;
}

export function createAuthorizer(cloud: Cloud): Authorizer {
  function userOf(accessKeyId: string) {
    const key = findKey(cloud, accessKeyId);
    if (key?.kind !== 'user') return undefined;
    const user = iamState(cloud, key.account).users.get(key.userName.toLowerCase());
    return user?.accessKeys.get(accessKeyId)?.active ? { user, account: key.account } : undefined;
  }

  return {
    authorize(caller, demands, { region, service }) {
      for (const demand of demands) {
        const { tags, ...own } = policiesOf(cloud, caller);
        const resourceAccount = ownerOf(demand, caller);
        const context = requestContext(caller, demand, {
          now: cloud.clock.now(),
          region,
          resourceAccount,
          principalTags: tags,
        });
        const { action, resource } = demand;
        const decision = evaluate(
          { ...own, resource: demand.resourcePolicy },
          { caller, action, resource, resourceAccount, context },
        );
        if (!decision.allowed) throw accessDenied(caller, demand, decision, service);
      }
    },
    async assumeRole(roleArn, sessionName, trustedAs, context) {
      const region = 'us-east-1';
      const { credentials, caller } = startRoleSession(cloud, { roleArn, sessionName, trustedAs, region, context });
      return { credentials, caller };
    },
    callerOf(accessKeyId) {
      const root = rootOf(accessKeyId);
      if (root) return root;
      const key = findKey(cloud, accessKeyId);
      if (key?.kind === 'session') return key.caller;
      const found = userOf(accessKeyId);
      if (!found) throw new Error(`Nobody has the access key ${accessKeyId}`);
      const { user, account } = found;
      return { account, type: 'user', arn: user.arn, userId: user.id, accessKeyId };
    },
    credentialsOf(accessKeyId) {
      if (rootOf(accessKeyId)) return { secretAccessKey: 'test' };
      const key = findKey(cloud, accessKeyId);
      if (key?.kind === 'session') return key;
      return key && userOf(accessKeyId) ? { secretAccessKey: key.secretAccessKey } : undefined;
    },
  };
}

/** The account in the resource's ARN. ARNs without one (S3's) are the caller's own unless the demand says otherwise. */
function ownerOf(demand: Demand, caller: Caller): string {
  const stated = Object.entries(demand.context ?? {}).find(([key]) => key.toLowerCase() === 'aws:resourceaccount')?.[1];
  if (typeof stated === 'string') return stated;
  const account = demand.resource.split(':')[4] ?? '';
  return /^\d{12}$/.test(account) ? account : caller.account;
}
