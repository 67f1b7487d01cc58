import type { Tag } from '@aws-sdk/client-iam';
import { AwsError } from '../../errors.ts';
import { type IamState, iamState } from '../../iam/state.ts';
import { type AnyOperation, type Call, operation } from '../../service.ts';
import { tagList } from '../../tag-list.ts';
import { demand, roleArn, userArn, withTags } from './demands.ts';
import { constraint, limitExceeded } from './errors.ts';
import { policyOfArn, roleNamed, userNamed } from './find.ts';
import { page } from './paging.ts';

/** "IAM and AWS STS quotas": 50 tags, keys of 128 and values of 256 characters at most. */
const mostTags = 50;

/** The tags of a request as a map. Throws on duplicates (keys differ by more than case) and broken limits. */
export function readTags(tags: readonly Tag[] | undefined): Map<string, string> {
  const read = new Map<string, string>();
  const seen = new Set<string>();
  for (const [i, { Key = '', Value = '' }] of (tags ?? []).entries()) {
    const at = `tags.${i + 1}.member`;
    if (Key.length > 128) throw constraint(`${at}.key`, Key, 'have length less than or equal to 128');
    if (Value.length > 256) throw constraint(`${at}.value`, Value, 'have length less than or equal to 256');
    if (!/^[\p{L}\p{Z}\p{N}_.:/=+\-@]+$/u.test(Key)) {
      throw constraint(`${at}.key`, Key, 'satisfy regular expression pattern: [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+');
    }
    if (seen.has(Key.toLowerCase())) {
      throw new AwsError('InvalidInput', 'Duplicate tag keys found. Please note that Tag keys are case insensitive.');
    }
    seen.add(Key.toLowerCase());
    read.set(Key, Value);
  }
  checkCount(read.size);
  return read;
}

interface TagInput {
  readonly RoleName?: string;
  readonly UserName?: string;
  readonly PolicyArn?: string;
  readonly Tags?: Tag[];
  readonly TagKeys?: string[];
  readonly Marker?: string;
  readonly MaxItems?: number;
}

interface Kind {
  readonly name: 'Role' | 'User' | 'Policy';
  arn(input: TagInput, call: Call): string;
  tags(state: IamState, input: TagInput): Map<string, string>;
}

const kinds: readonly Kind[] = [
  {
    name: 'Role',
    arn: (input, call) => roleArn(call, input.RoleName ?? ''),
    tags: (state, input) => roleNamed(state, input.RoleName ?? '').tags,
  },
  {
    name: 'User',
    arn: (input, call) => userArn(call, input.UserName ?? ''),
    tags: (state, input) => userNamed(state, input.UserName ?? '').tags,
  },
  {
    name: 'Policy',
    arn: (input) => input.PolicyArn ?? '',
    tags: (state, input) => policyOfArn(state, input.PolicyArn ?? '').tags,
  },
];

/** TagRole, UntagRole, ListRoleTags, and the same of users and policies. */
export const tagOperations: Record<string, AnyOperation> = Object.assign({}, ...kinds.map(operationsOf));

function operationsOf(kind: Kind): Record<string, AnyOperation> {
  const tagsIn = (input: TagInput, call: Call) => kind.tags(iamState(call.cloud, call.account), input);
  return {
    [`Tag${kind.name}`]: operation<TagInput, object>({
      demands: (input, call) => [withTags(demand(`Tag${kind.name}`, kind.arn(input, call)), input.Tags)],
      run(input, call) {
        const tags = tagsIn(input, call);
        const added = readTags(input.Tags);
        const lowered = new Map([...tags.keys()].map((key) => [key.toLowerCase(), key]));
        checkCount(new Set([...lowered.keys(), ...[...added.keys()].map((key) => key.toLowerCase())]).size);
        for (const [key, value] of added) {
          tags.delete(lowered.get(key.toLowerCase()) ?? key);
          tags.set(key, value);
        }
        return {};
      },
    }),
    [`Untag${kind.name}`]: operation<TagInput, object>({
      demands: (input, call) => [
        {
          ...demand(`Untag${kind.name}`, kind.arn(input, call)),
          context: { 'aws:TagKeys': input.TagKeys ?? [] },
        },
      ],
      run(input, call) {
        const tags = tagsIn(input, call);
        for (const key of input.TagKeys ?? []) tags.delete(key);
        return {};
      },
    }),
    [`List${kind.name}Tags`]: operation<TagInput, object>({
      demands: (input, call) => [demand(`List${kind.name}Tags`, kind.arn(input, call))],
      run(input, call) {
        const { items, ...rest } = page(tagList(tagsIn(input, call)), input);
        return { Tags: items, ...rest };
      },
    }),
  };
}

function checkCount(count: number): void {
  if (count > mostTags) throw limitExceeded(`The number of tags has reached the maximum limit: ${mostTags}`);
}
