import type { Tag } from '@aws-sdk/client-iam';
import { findRole, iamState } from '../../iam/state.ts';
import type { Call, Demand } from '../../service.ts';

type Context = NonNullable<Demand['context']>;

/** Arns as "Actions, resources, and condition keys for AWS Identity and Access Management" names them. */
export function roleArn(call: Call, name: string, path = '/'): string {
  return findRole(call.cloud, call.account, name)?.arn ?? `arn:aws:iam::${call.account}:role${path}${name}`;
}

export function userArn(call: Call, name: string, path = '/'): string {
  const user = iamState(call.cloud, call.account).users.get(name.toLowerCase());
  return user?.arn ?? `arn:aws:iam::${call.account}:user${path}${name}`;
}

export function groupArn(call: Call, name: string, path = '/'): string {
  const group = iamState(call.cloud, call.account).groups.get(name.toLowerCase());
  return group?.arn ?? `arn:aws:iam::${call.account}:group${path}${name}`;
}

export function policyArn(call: Call, name: string, path = '/'): string {
  return `arn:aws:iam::${call.account}:policy${path}${name}`;
}

export function demand(operation: string, resource: string, context: Record<string, string | undefined> = {}): Demand {
  const stated = Object.entries(context).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { action: `iam:${operation}`, resource, context: Object.fromEntries(stated) };
}

/** `aws:RequestTag/…` and `aws:TagKeys` of a request that sets tags. */
export function withTags(one: Demand, tags: readonly Tag[] | undefined): Demand {
  if (!tags || tags.length === 0) return one;
  const context: Context = { ...one.context, 'aws:TagKeys': tags.map((tag) => tag.Key ?? '') };
  for (const { Key, Value } of tags) context[`aws:RequestTag/${Key}`] = Value ?? '';
  return { ...one, context };
}
