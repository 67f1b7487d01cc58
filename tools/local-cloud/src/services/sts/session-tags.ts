import type { AssumeRoleCommandInput, Tag } from '@aws-sdk/client-sts';
import { AwsError } from '../../errors.ts';
import type { SessionTags } from '../../iam/role-session.ts';
import type { Caller } from '../../service.ts';

/** "IAM and AWS STS quotas": session tags, and characters of their keys and values. */
const mostTags = 50;
const longestKey = 128;
const longestValue = 256;

/**
 * The tags of a session: those of the request, and the transitive ones of the session that takes the role ("Pass session
 * tags in AWS STS", IAM User Guide). Throws what AssumeRole answers.
 */
export function sessionTags(
  { Tags = [], TransitiveTagKeys = [] }: Pick<AssumeRoleCommandInput, 'Tags' | 'TransitiveTagKeys'>,
  caller: Caller,
): SessionTags {
  checkTags(Tags);
  const keys = new Set(Tags.map(({ Key = '' }) => Key.toLowerCase()));
  if (TransitiveTagKeys.some((key) => !keys.has(key.toLowerCase()))) {
    throw invalid('The specified transitive tag key must be included in the requested tags.');
  }
  const inherited = transitiveTagsOf(caller);
  if (Object.keys(inherited).some((key) => keys.has(key.toLowerCase()))) {
    throw invalid(
      "One of the specified tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
    );
  }
  const requested = Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value]));
  return {
    requested,
    all: { ...inherited, ...requested },
    transitive: [...Object.keys(inherited), ...TransitiveTagKeys],
  };
}

function transitiveTagsOf({ sessionTags: tags = {}, transitiveTagKeys: keys = [] }: Caller): Record<string, string> {
  const isTransitive = (key: string) => keys.some((one) => one.toLowerCase() === key.toLowerCase());
  return Object.fromEntries(Object.entries(tags).filter(([key]) => isTransitive(key)));
}

function checkTags(tags: readonly Tag[]): void {
  if (tags.length > mostTags) {
    throw violated(`at 'tags' failed to satisfy constraint: Member must have length less than or equal to ${mostTags}`);
  }
  const seen = new Set<string>();
  for (const { Key = '', Value = '' } of tags) {
    if (Key.length === 0 || Key.length > longestKey) {
      throw violated(
        `'${Key}' at 'tags.member.key' failed to satisfy constraint: Member must have length between 1 and ${longestKey}`,
      );
    }
    if (Value.length > longestValue) {
      throw violated(
        `'${Value}' at 'tags.member.value' failed to satisfy constraint: Member must have length less than or equal to ${longestValue}`,
      );
    }
    if (/^aws:/i.test(Key)) throw invalid(`Tag keys beginning with 'aws:' are reserved: ${Key}`);
    if (seen.has(Key.toLowerCase())) {
      throw invalid('Duplicate tag keys found. Please note that Tag keys are case insensitive.');
    }
    seen.add(Key.toLowerCase());
  }
}

function violated(what: string): AwsError {
  return new AwsError('ValidationError', `1 validation error detected: Value ${what}`, { status: 400 });
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterValue', message, { status: 400 });
}
