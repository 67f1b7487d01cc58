import type { AssumeRoleCommandInput, AssumeRoleCommandOutput } from '@aws-sdk/client-sts';
import { AwsError } from '../../errors.ts';
import { startRoleSession } from '../../iam/role-session.ts';
import { type Caller, operation } from '../../service.ts';
import { credentialsOutput } from './credentials-output.ts';
import { checkArn, checkedDuration, packedSize, sessionPolicies } from './session-options.ts';
import { sessionTags } from './session-tags.ts';

export const assumeRole = operation<AssumeRoleCommandInput, AssumeRoleCommandOutput>({
  // Trust and identity policies are weighed together when the role is taken.
  demands: () => [],
  run(input, call) {
    const { RoleArn: roleArn = '', RoleSessionName: sessionName = '' } = input;
    checkArn(roleArn);
    checkUnsupported(input);
    const durationSeconds = checkedDuration(input, call);
    const tags = sessionTags(input, call.caller);
    const sourceIdentity = checkedSourceIdentity(input.SourceIdentity, call.caller);
    const { credentials, caller, role } = startRoleSession(call.cloud, {
      roleArn,
      sessionName,
      trustedAs: call.caller,
      region: call.region,
      durationSeconds,
      sessionPolicies: sessionPolicies(input, call.cloud, roleArn),
      tags,
      sourceIdentity,
      context: input.ExternalId === undefined ? {} : { 'sts:ExternalId': input.ExternalId },
    });
    return {
      Credentials: credentialsOutput(credentials),
      AssumedRoleUser: { AssumedRoleId: `${role.id}:${sessionName}`, Arn: caller.arn },
      ...(sourceIdentity === undefined ? {} : { SourceIdentity: sourceIdentity }),
      ...(input.Policy || input.PolicyArns?.length || input.Tags?.length
        ? { PackedPolicySize: packedSize(input) }
        : {}),
    };
  },
});

/** Options that would change what the session may do are refused rather than ignored. */
function checkUnsupported(input: AssumeRoleCommandInput): void {
  const unsupported = (['SerialNumber', 'TokenCode'] as const).filter((name) => input[name] !== undefined);
  if (unsupported.length === 0) return;
  throw new AwsError(
    'NotImplementedException',
    `The embedded cloud's AssumeRole does not know ${unsupported.join(', ')}; leave it out.`,
    { status: 501 },
  );
}

/** "AssumeRole", AWS STS API Reference: once set it stays for all sessions taken with the session. */
function checkedSourceIdentity(asked: string | undefined, caller: Caller): string | undefined {
  if (asked === undefined) return caller.sourceIdentity;
  if (!/^[\w+=,.@-]{2,64}$/.test(asked) || /^aws:/i.test(asked)) {
    throw new AwsError(
      'ValidationError',
      `1 validation error detected: Value '${asked}' at 'sourceIdentity' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*`,
      { status: 400 },
    );
  }
  if (caller.sourceIdentity === undefined || caller.sourceIdentity === asked) return asked;
  throw new AwsError('AccessDenied', `The source identity ${caller.sourceIdentity} of the calling session is kept`, {
    status: 403,
  });
}
