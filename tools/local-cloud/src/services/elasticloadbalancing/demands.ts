import type { Tag } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Call, Demand } from '../../service.ts';
import { elbArn } from './state.ts';

/** "Actions, resources, and condition keys for AWS Elastic Load Balancing V2". */
export function demand(action: string, ...resources: readonly (string | undefined)[]): readonly Demand[] {
  return resources.map((resource = '*') => ({ action: `elasticloadbalancing:${action}`, resource }));
}

/** Describe operations know no resources. */
export const onAll = (action: string) => () => demand(action, '*');

/** A creation: on ARNs that end in an ID nobody knows yet, and with the tags it sets. */
export function creating(
  action: string,
  resource: string,
  tags: readonly Tag[] | undefined,
  call: Call,
): readonly Demand[] {
  const arn = elbArn(call, resource);
  if (!tags || tags.length === 0) return demand(action, arn);
  const context = {
    'aws:TagKeys': tags.map(({ Key = '' }) => Key),
    ...Object.fromEntries(tags.map(({ Key, Value = '' }) => [`aws:RequestTag/${Key}`, Value])),
  };
  return [
    ...demand(action, arn).map((one) => ({ ...one, context })),
    ...demand('AddTags', arn).map((one) => ({
      ...one,
      context: { ...context, 'elasticloadbalancing:CreateAction': action },
    })),
  ];
}
