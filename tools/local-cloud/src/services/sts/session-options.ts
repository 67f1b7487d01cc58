import type { AssumeRoleCommandInput } from '@aws-sdk/client-sts';
import { AwsError } from '../../errors.ts';
import { parsePolicy } from '../../iam/parse-policy.ts';
import { managedDocument } from '../../iam/policies-of.ts';
import type { PolicyDocument } from '../../iam/policy-document.ts';
import { iamState, roleOfArn } from '../../iam/state.ts';
import type { Call, Cloud } from '../../service.ts';

/** What the operations that take a role have in common. */
type SessionOptions = Pick<AssumeRoleCommandInput, 'DurationSeconds' | 'Policy' | 'PolicyArns' | 'RoleArn' | 'Tags'>;

/** "AssumeRole", AWS STS API Reference: seconds; a role taken by a role's session lasts an hour at most. */
const shortestSession = 900;
const longestSession = 43_200;
const longestChainedSession = 3600;
/** Characters of the session policy and the ARNs together. */
const longestSessionPolicy = 2048;

/** Throws ValidationError for what is no role's ARN. */
export function checkArn(arn: string): void {
  if (/^arn:aws:iam::\d{12}:role\/.+$/.test(arn)) return;
  throw new AwsError('ValidationError', `${arn} is invalid`, { status: 400 });
}

/** The seconds a session lasts: an hour unless the request says otherwise. Throws ValidationError. */
export function checkedDuration(
  { DurationSeconds: seconds, RoleArn }: SessionOptions,
  { cloud, caller }: Pick<Call, 'cloud' | 'caller'>,
): number {
  if (seconds === undefined) return 3600;
  if (seconds < shortestSession) throw outOfRange(seconds, `greater than or equal to ${shortestSession}`);
  if (seconds > longestSession) throw outOfRange(seconds, `less than or equal to ${longestSession}`);
  if (caller.type === 'role' && seconds > longestChainedSession) {
    throw new AwsError(
      'ValidationError',
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
      { status: 400 },
    );
  }
  const role = roleOfArn(cloud, RoleArn ?? '');
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
export function sessionPolicies(input: SessionOptions, cloud: Cloud, roleArn: string): PolicyDocument[] | undefined {
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
  return [...inline, ...arns.map((arn) => managed(cloud, account, arn))];
}

function managed(cloud: Cloud, account: string, arn: string): PolicyDocument {
  const document = managedDocument(iamState(cloud, account), arn);
  if (!document) {
    throw new AwsError('ValidationError', `Policy ARN ${arn} does not exist or is not attachable.`, { status: 400 });
  }
  return document;
}

/** Percent of what is allowed. */
export function packedSize(input: SessionOptions): number {
  const policies = [input.Policy ?? '', ...(input.PolicyArns ?? []).map((one) => one.arn ?? '')];
  const tags = (input.Tags ?? []).map(({ Key = '', Value = '' }) => Key + Value);
  const characters = [...policies, ...tags].join('').length;
  return Math.ceil((characters / longestSessionPolicy) * 100);
}
