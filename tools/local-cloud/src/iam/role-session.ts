import { AwsError } from '../errors.ts';
import type { Caller, Cloud, Credentials, Demand } from '../service.ts';
import { accessDenied } from './access-denied.ts';
import { issueSession } from './credentials.ts';
import { evaluate } from './evaluate.ts';
import { policiesOf } from './policies-of.ts';
import type { PolicyDocument } from './policy-document.ts';
import { requestContext } from './request-context.ts';
import { serviceCaller } from './service-caller.ts';
import { type Role, roleOfArn } from './state.ts';

export interface RoleSessionRequest {
  readonly roleArn: string;
  readonly sessionName: string;
  /** Default: `AssumeRole`. */
  readonly action?: 'AssumeRole' | 'AssumeRoleWithWebIdentity';
  /** A service principal (`lambda.amazonaws.com`) or a caller. */
  readonly trustedAs: string | Caller;
  readonly region: string;
  /** Default: an hour for callers, twelve for services, which keep what they run alive for long. */
  readonly durationSeconds?: number | undefined;
  readonly sessionPolicies?: readonly PolicyDocument[] | undefined;
  readonly tags?: SessionTags | undefined;
  readonly sourceIdentity?: string | undefined;
  /** Condition keys of the request: `sts:ExternalId`, `aws:SourceArn`. */
  readonly context?: Record<string, string | readonly string[]> | undefined;
}

/** The tags of a session; keys are unique whatever their case. */
export interface SessionTags {
  readonly requested: Readonly<Record<string, string>>;
  /** With those inherited from the session that takes the role. */
  readonly all: Readonly<Record<string, string>>;
  /** Keys of those that are inherited further. */
  readonly transitive: readonly string[];
}

const defaultSeconds = 3600;
/** "Maximum session duration": 12 hours is the most a role can have. */
const longestSeconds = 12 * 3600;

/**
 * Takes a role: its trust policy must trust the principal, and within an account that only trusts the account as a whole,
 * or across accounts, the principal's own policies must allow it too. Throws AccessDenied.
 */
export function startRoleSession(
  cloud: Cloud,
  request: RoleSessionRequest,
): { credentials: Required<Credentials>; caller: Caller; role: Role } {
  const { roleArn, sessionName, trustedAs } = request;
  // Services name their sessions by themselves: a function called `f` is one letter.
  if (typeof trustedAs !== 'string') checkSessionName(sessionName);
  const account = roleArn.split(':')[4] ?? '';
  const taker: Caller = typeof trustedAs === 'string' ? serviceCaller(trustedAs, account) : trustedAs;
  const demands = trustDemands(request);
  const role = roleOfArn(cloud, roleArn);
  // AWS does not tell a role that is missing from one that does not trust the caller.
  if (!role) throw accessDenied(taker, demands[0] as Demand, { allowed: true }, 'sts');
  for (const demand of demands) checkTrust(cloud, taker, role, demand, request.region);
  const session: Caller = {
    account,
    type: 'role',
    arn: `arn:aws:sts::${account}:assumed-role/${role.name}/${sessionName}`,
    userId: `${role.id}:${sessionName}`,
    roleArn,
    ...(request.sessionPolicies ? { sessionPolicies: request.sessionPolicies } : {}),
    ...(request.tags ? { sessionTags: request.tags.all, transitiveTagKeys: request.tags.transitive } : {}),
    ...(request.sourceIdentity === undefined ? {} : { sourceIdentity: request.sourceIdentity }),
  };
  const seconds = request.durationSeconds ?? (typeof trustedAs === 'string' ? longestSeconds : defaultSeconds);
  return { ...issueSession(cloud, session, seconds), role };
}

/** What the trust policy and the taker's own policies must allow: to take the role, to tag the session, to name who it is. */
function trustDemands({
  roleArn,
  sessionName,
  tags,
  sourceIdentity,
  context,
  action = 'AssumeRole',
}: RoleSessionRequest): Demand[] {
  const shared = {
    'sts:RoleSessionName': sessionName,
    ...(sourceIdentity === undefined ? {} : { 'sts:SourceIdentity': sourceIdentity }),
    ...tagKeys(tags),
    ...context,
  };
  const hasTags = Object.keys(tags?.all ?? {}).length > 0;
  const actions = [action, ...(hasTags ? ['TagSession'] : []), ...(sourceIdentity ? ['SetSourceIdentity'] : [])];
  return actions.map((name) => ({ action: `sts:${name}`, resource: roleArn, context: shared }));
}

function tagKeys(tags: SessionTags | undefined): Record<string, string | readonly string[]> {
  if (!tags || Object.keys(tags.requested).length === 0) return {};
  return {
    'aws:TagKeys': Object.keys(tags.requested),
    ...(tags.transitive.length > 0 ? { 'sts:TransitiveTagKeys': tags.transitive } : {}),
    ...Object.fromEntries(Object.entries(tags.requested).map(([key, value]) => [`aws:RequestTag/${key}`, value])),
  };
}

/**
 * AWS refuses to let an account's root take a role. Here it may, as an administrator may on AWS: root's is the key one
 * starts with, and the CDK CLI's bootstrap roles are only tried out when they are taken.
 */
function checkTrust(cloud: Cloud, taker: Caller, role: Role, demand: Demand, region: string): void {
  const resourceAccount = role.arn.split(':')[4] as string;
  const { tags, ...own } = policiesOf(cloud, taker);
  const context = requestContext(taker, demand, {
    now: cloud.clock.now(),
    region,
    resourceAccount,
    principalTags: tags,
  });
  const decision = evaluate(
    { ...own, resource: role.trust.document },
    {
      caller: taker,
      action: demand.action,
      resource: role.arn,
      resourceAccount,
      context,
      needsResourcePolicy: true,
    },
  );
  if (decision.allowed) return;
  throw accessDenied(taker, demand, decision.explicit ? decision : { allowed: true }, 'sts');
}

function checkSessionName(name: string): void {
  const broken = brokenConstraint(name);
  if (!broken) return;
  throw new AwsError(
    'ValidationError',
    `1 validation error detected: Value '${name}' at 'roleSessionName' failed to satisfy constraint: Member must ${broken}`,
    { status: 400 },
  );
}

function brokenConstraint(name: string): string | undefined {
  if (name.length < 2) return 'have length greater than or equal to 2';
  if (name.length > 64) return 'have length less than or equal to 64';
  return /^[\w+=,.@-]*$/.test(name) ? undefined : 'satisfy regular expression pattern: [\\w+=,.@-]*';
}
