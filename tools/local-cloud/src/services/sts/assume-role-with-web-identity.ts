import type {
  AssumeRoleWithWebIdentityCommandInput,
  AssumeRoleWithWebIdentityCommandOutput,
  Tag,
} from '@aws-sdk/client-sts';
import type { JWTPayload } from 'jose';
import { AwsError } from '../../errors.ts';
import { startRoleSession } from '../../iam/role-session.ts';
import { type Caller, operation } from '../../service.ts';
import { credentialsOutput } from './credentials-output.ts';
import { checkArn, checkedDuration, packedSize, sessionPolicies } from './session-options.ts';
import { sessionTags } from './session-tags.ts';
import type { WebIdentity } from './web-identity.ts';

/** Whoever has a token of an identity provider that the role trusts takes the role; no AWS key is needed. */
export const assumeRoleWithWebIdentity = operation<
  AssumeRoleWithWebIdentityCommandInput,
  AssumeRoleWithWebIdentityCommandOutput
>({
  demands: () => [],
  async run(input, { cloud, region }) {
    const { RoleArn: roleArn = '', RoleSessionName: sessionName = '', WebIdentityToken: token = '' } = input;
    checkArn(roleArn);
    const account = roleArn.split(':')[4] as string;
    // Its library is loaded by those who need it: the cloud starts without.
    const { verifyToken } = await import('./web-identity.ts');
    const identity = await verifyToken(cloud, account, token);
    const { provider, claims, audience } = identity;
    const caller: Caller = { account, type: 'federated', arn: provider.arn, userId: `${provider.url}:${claims.sub}` };
    const tags = sessionTags(tagsOf(claims), caller);
    const request = {
      action: 'AssumeRoleWithWebIdentity' as const,
      roleArn,
      sessionName,
      trustedAs: caller,
      region,
      durationSeconds: checkedDuration(input, { cloud, caller }),
      sessionPolicies: sessionPolicies(input, cloud, roleArn),
      tags,
      context: keysOf(identity),
    };
    const { credentials, caller: session, role } = trusted(() => startRoleSession(cloud, request));
    return {
      Credentials: credentialsOutput(credentials),
      AssumedRoleUser: { AssumedRoleId: `${role.id}:${sessionName}`, Arn: session.arn },
      SubjectFromWebIdentityToken: claims.sub,
      Audience: audience,
      Provider: claims.iss,
      ...(input.Policy || input.PolicyArns?.length ? { PackedPolicySize: packedSize(input) } : {}),
    };
  },
});

/** The caller has no name that AWS would tell it. */
function trusted<Result>(take: () => Result): Result {
  try {
    return take();
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== 'AccessDenied') throw error;
    throw new AwsError('AccessDenied', 'Not authorized to perform sts:AssumeRoleWithWebIdentity', { status: 403 });
  }
}

/** "Available keys for AWS OIDC federation", IAM User Guide: named after the provider's URL. */
function keysOf({ provider: { url }, claims, audience }: WebIdentity): Record<string, string | readonly string[]> {
  const keys: Record<string, string | readonly string[]> = {
    [`${url}:aud`]: audience,
    [`${url}:oaud`]: [claims.aud ?? []].flat(),
    [`${url}:sub`]: claims.sub ?? '',
  };
  const { email, amr } = claims as { email?: unknown; amr?: unknown };
  if (typeof email === 'string') keys[`${url}:email`] = email;
  if (Array.isArray(amr)) keys[`${url}:amr`] = amr.map(String);
  return keys;
}

/** "Passing session tags using AssumeRoleWithWebIdentity", IAM User Guide: a claim of its own. */
function tagsOf(claims: JWTPayload): { Tags: Tag[]; TransitiveTagKeys: string[] } {
  const claim = claims['https://aws.amazon.com/tags'] as
    | { principal_tags?: Record<string, string[]>; transitive_tag_keys?: string[] }
    | undefined;
  const Tags = Object.entries(claim?.principal_tags ?? {}).map(([Key, values]) => ({ Key, Value: String(values[0]) }));
  return { Tags, TransitiveTagKeys: claim?.transitive_tag_keys ?? [] };
}
