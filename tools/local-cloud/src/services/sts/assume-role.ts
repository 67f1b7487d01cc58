import type { AssumeRoleCommandInput, AssumeRoleCommandOutput } from '@aws-sdk/client-sts';
import { AwsError } from '../../errors.ts';
import { parsePolicy } from '../../iam/parse-policy.ts';
import { managedDocument } from '../../iam/policies-of.ts';
import type { PolicyDocument } from '../../iam/policy-document.ts';
import { startRoleSession } from '../../iam/role-session.ts';
import { iamState, roleOfArn } from '../../iam/state.ts';
import { type Call, type Caller, operation } from '../../service.ts';
import { credentialsOutput } from './credentials-output.ts';
import { sessionTags } from './session-tags.ts';

/** "AssumeRole", AWS STS API Reference: seconds; a role taken by a role's session lasts an hour at most. */
const shortestSession = 900;
const longestSession = 43_200;
const longestChainedSession = 3600;
/** Characters of the session policy and the ARNs together. */
const longestSessionPolicy = 2048;

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
      sessionPolicies: sessionPolicies(input, call, roleArn),
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

function checkArn(arn: string): void {
  if (/^arn:aws:iam::\d{12}:role\/.+$/.test(arn)) return;
  throw new AwsError('ValidationError', `${arn} is invalid`, { status: 400 });
}

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

function checkedDuration({ DurationSeconds: seconds, RoleArn }: AssumeRoleCommandInput, call: Call): number {
  if (seconds === undefined) return 3600;
  if (seconds < shortestSession) throw outOfRange(seconds, `greater than or equal to ${shortestSession}`);
  if (seconds > longestSession) throw outOfRange(seconds, `less than or equal to ${longestSession}`);
  if (call.caller.type === 'role' && seconds > longestChainedSession) {
    throw new AwsError(
      'ValidationError',
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
      { status: 400 },
    );
  }
  const role = roleOfArn(call.cloud, RoleArn ?? '');
  if (role && seconds > role.maxSessionSeconds) {
    throw new AwsError(
      'ValidationError',
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
      { status: 400 },
    );
  }
  return seconds;
}

function outOfRange(seconds: number, bound: string): AwsError {
  return new AwsError(
    'ValidationError',
    `1 validation error detected: Value '${seconds}' at 'durationSeconds' failed to satisfy constraint: Member must have value ${bound}`,
    { status: 400 },
  );
}

/** `undefined` when the request passes none: then the role's policies alone decide. */
function sessionPolicies(input: AssumeRoleCommandInput, call: Call, roleArn: string): PolicyDocument[] | undefined {
  const arns = (input.PolicyArns ?? []).map((one) => one.arn ?? '');
  if (input.Policy === undefined && arns.length === 0) return undefined;
  if (packedSize(input) > 100) {
    throw new AwsError(
      'PackedPolicyTooLarge',
      `PackedPolicySize is ${packedSize(input)}%: policies have more than ${longestSessionPolicy} characters together`,
    );
  }
  const inline = input.Policy === undefined ? [] : [parsePolicy(input.Policy, 'identity')];
  const account = roleArn.split(':')[4] ?? '';
  return [...inline, ...arns.map((arn) => managed(call, account, arn))];
}

function managed(call: Call, account: string, arn: string): PolicyDocument {
  const document = managedDocument(iamState(call.cloud, account), arn);
  if (!document) {
    throw new AwsError('ValidationError', `Policy ARN ${arn} does not exist or is not attachable.`, { status: 400 });
  }
  return document;
}

/** Percent of what is allowed. */
function packedSize(input: AssumeRoleCommandInput): number {
  const policies = [input.Policy ?? '', ...(input.PolicyArns ?? []).map((one) => one.arn ?? '')];
  const tags = (input.Tags ?? []).map(({ Key = '', Value = '' }) => Key + Value);
  const characters = [...policies, ...tags].join('').length;
  return Math.ceil((characters / longestSessionPolicy) * 100);
}
