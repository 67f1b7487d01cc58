import type { Cloud } from '../../../service.ts';

type Session = Awaited<ReturnType<Cloud['assumeRole']>>;

/** Not part of the state: a role is taken again whenever its session is not there. */
const sessions = new WeakMap<Cloud, Map<string, { readonly session: Session; readonly until: number }>>();
/** A role is not taken for every request; a trust policy that was changed counts after this time. */
const keptMs = 60_000;

/**
 * The gateway's own session of a role: of the account's for logs, of a method's `credentials`.
 *
 * @param context condition keys for the role's trust policy.
 * @throws AccessDenied when the role does not trust the gateway.
 */
export async function gatewaySession(
  cloud: Cloud,
  roleArn: string,
  context: Readonly<Record<string, string>> = {},
): Promise<Session> {
  const known = sessions.get(cloud) ?? new Map();
  sessions.set(cloud, known);
  const name = JSON.stringify([roleArn, context]);
  const now = cloud.clock.now();
  const kept = known.get(name);
  if (kept && kept.until > now) return kept.session;
  const session = await cloud.assumeRole(roleArn, 'BackplaneAssumeRoleSession', 'apigateway.amazonaws.com', context);
  known.set(name, { session, until: now + keptMs });
  return session;
}
