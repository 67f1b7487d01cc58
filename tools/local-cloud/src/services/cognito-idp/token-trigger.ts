import type { JWTPayload } from 'jose';
import { AwsError } from '../../errors.ts';
import type { Grant } from './state.ts';
import type { TokenContext } from './tokens.ts';
import { runTrigger, triggerAttributes } from './triggers.ts';

export interface TokenClaims {
  readonly id: JWTPayload;
  readonly access: JWTPayload;
  readonly groups: readonly string[];
  readonly roles: readonly string[];
  readonly now: number;
}

interface ClaimChanges {
  readonly claimsToAddOrOverride?: Readonly<Record<string, unknown>>;
  readonly claimsToSuppress?: readonly string[];
  readonly scopesToAdd?: readonly string[];
  readonly scopesToSuppress?: readonly string[];
}

interface GroupOverride {
  readonly groupsToOverride?: readonly string[];
  readonly iamRolesToOverride?: readonly string[];
  readonly preferredRole?: string;
}

/** "Claims and scopes that you can't change": what the trigger says of them is ignored. */
const fixed = new Set([
  'acr',
  'amr',
  'at_hash',
  'auth_time',
  'azp',
  'exp',
  'iat',
  'iss',
  'jti',
  'nbf',
  'nonce',
  'origin_jti',
  'sub',
  'token_use',
  'aud',
  'client_id',
  'event_id',
  'username',
  'cognito:username',
  'version',
  'device_key',
  'scope',
]);

/** Claims as the pre token generation trigger (V1_0: the ID token's; V2_0: both tokens') wants them. */
export async function withTriggerClaims(
  context: TokenContext,
  grant: Grant,
  claims: TokenClaims,
): Promise<TokenClaims> {
  const { cloud, pool, client, user, metadata, reason } = context;
  const second = (pool.settings.LambdaConfig?.PreTokenGenerationConfig?.LambdaVersion ?? 'V1_0') !== 'V1_0';
  const response = await runTrigger(cloud, pool, `TokenGeneration_${reason}`, {
    username: user.name,
    clientId: client.id,
    request: {
      userAttributes: triggerAttributes(user),
      groupConfiguration: {
        groupsToOverride: claims.groups,
        iamRolesToOverride: claims.roles,
        preferredRole: claims.roles[0] ?? null,
      },
      ...(second && { scopes: grant.scopes }),
      clientMetadata: metadata ?? {},
    },
    response: second ? { claimsAndScopeOverrideDetails: null } : { claimsOverrideDetails: null },
  });
  if (!response) return claims;
  if (!second) {
    const details = (response['claimsOverrideDetails'] ?? {}) as ClaimChanges & {
      groupOverrideDetails?: GroupOverride;
    };
    const id = changed(withGroups(claims.id, details.groupOverrideDetails), details);
    return { ...claims, id, access: withGroups(claims.access, details.groupOverrideDetails, true) };
  }
  const details = (response['claimsAndScopeOverrideDetails'] ?? {}) as {
    idTokenGeneration?: ClaimChanges;
    accessTokenGeneration?: ClaimChanges;
    groupOverrideDetails?: GroupOverride;
  };
  const { idTokenGeneration = {}, accessTokenGeneration = {}, groupOverrideDetails } = details;
  const access = changed(withGroups(claims.access, groupOverrideDetails, true), accessTokenGeneration);
  return {
    ...claims,
    id: changed(withGroups(claims.id, groupOverrideDetails), idTokenGeneration),
    access: { ...access, scope: changedScopes(grant.scopes, accessTokenGeneration) },
  };
}

function changed(claims: JWTPayload, { claimsToAddOrOverride, claimsToSuppress }: ClaimChanges): JWTPayload {
  const added = Object.entries(claimsToAddOrOverride ?? {}).filter(([name]) => !fixed.has(name));
  const suppressed = new Set((claimsToSuppress ?? []).filter((name) => !fixed.has(name)));
  return Object.fromEntries([...Object.entries(claims), ...added].filter(([name]) => !suppressed.has(name)));
}

function changedScopes(scopes: readonly string[], { scopesToAdd = [], scopesToSuppress = [] }: ClaimChanges): string {
  const bad = scopesToAdd.find((scope) => /\s/.test(scope));
  if (bad !== undefined) throw new AwsError('InvalidLambdaResponseException', `Invalid scope '${bad}'`);
  return [...new Set([...scopes, ...scopesToAdd])].filter((scope) => !scopesToSuppress.includes(scope)).join(' ');
}

function withGroups(claims: JWTPayload, override: GroupOverride | undefined, isAccess = false): JWTPayload {
  if (!override) return claims;
  const { 'cognito:groups': _, 'cognito:roles': __, 'cognito:preferred_role': ___, ...rest } = claims;
  const { groupsToOverride: groups = [], iamRolesToOverride: roles = [], preferredRole } = override;
  return {
    ...rest,
    ...(groups.length > 0 && { 'cognito:groups': groups }),
    ...(!isAccess && roles.length > 0 && { 'cognito:roles': roles }),
    ...(!isAccess && preferredRole && { 'cognito:preferred_role': preferredRole }),
  };
}
