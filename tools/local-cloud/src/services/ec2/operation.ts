import type { Tag, TagSpecification } from '@aws-sdk/client-ec2';
import { AwsError } from '../../errors.ts';
import { type Call, type Demand, type Operation, operation } from '../../service.ts';
import type { ResourceKind } from './errors.ts';
import { ec2Arn } from './state.ts';

/** What every request may carry. */
export interface Ec2Input {
  readonly DryRun?: boolean | undefined;
  readonly TagSpecifications?: TagSpecification[] | undefined;
}

/** A resource a call is about: its kind, and its ID unless the call creates it. */
export type Subject = readonly [kind: ResourceKind, id?: string | undefined];

/**
 * An operation of EC2: IAM is asked for the action on each resource, for `ec2:CreateTags` when tags come with a creation,
 * and DryRun ends there ("Dry run", Amazon EC2 API Reference).
 */
export function ec2Operation<Input extends object, Output>(
  name: string,
  subjects: (input: Input) => readonly Subject[],
  run: (input: Input, call: Call) => Omit<Output, '$metadata'> | Promise<Omit<Output, '$metadata'>>,
): Operation<Input, Omit<Output, '$metadata'>> {
  return operation<Input, Output>({
    demands: (input, call) => demands(name, subjects(input), input as Ec2Input, call),
    run(input, call) {
      if ((input as Ec2Input).DryRun) {
        throw new AwsError('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', { status: 412 });
      }
      return run(input, call);
    },
  });
}

function demands(name: string, subjects: readonly Subject[], input: Ec2Input, call: Call): readonly Demand[] {
  const action = `ec2:${name}`;
  if (subjects.length === 0) return [{ action, resource: '*' }];
  const specifications = input.TagSpecifications ?? [];
  const arn = ([kind, id = '*']: Subject) => ec2Arn(call, `${kind}/${id}`);
  const tagged = specifications.map(({ ResourceType, Tags = [] }) => ({
    action: 'ec2:CreateTags',
    resource: arn([ResourceType as ResourceKind]),
    context: { ...tagKeys(Tags), 'ec2:CreateAction': name },
  }));
  const context = tagKeys(specifications.flatMap(({ Tags = [] }) => Tags));
  return [...subjects.map((subject) => ({ action, resource: arn(subject), context })), ...tagged];
}

/** `aws:RequestTag/…` and `aws:TagKeys` of a request that sets tags. */
export function tagKeys(tags: readonly Tag[]): NonNullable<Demand['context']> {
  if (tags.length === 0) return {};
  return {
    'aws:TagKeys': tags.map(({ Key = '' }) => Key),
    ...Object.fromEntries(tags.map(({ Key, Value = '' }) => [`aws:RequestTag/${Key}`, Value])),
  };
}

/** A call of a Describe operation is on `*`. */
export const onAll = () => [];
