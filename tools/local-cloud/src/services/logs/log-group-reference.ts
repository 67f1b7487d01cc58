import { lengthBetween, matches, type Problem } from '../../constraints.ts';
import type { Call, Demand } from '../../service.ts';
import { invalidParameter, validate } from './errors.ts';
import { policyForServices } from './resource-policies.ts';

/** How an input names a log group: by name, or by name or ARN as its identifier. */
export interface GroupReference {
  readonly logGroupName?: string | undefined;
  readonly logGroupIdentifier?: string | undefined;
}

export function checkGroupName(member: string, name: string | undefined): Problem[] {
  return [matches(member, name, String.raw`[\.\-_/#A-Za-z0-9]+`), lengthBetween(member, name, 1, 512)];
}

export function checkStreamName(member: string, name: string | undefined): Problem[] {
  return [matches(member, name, '[^:*]*'), lengthBetween(member, name, 1, 512)];
}

/** `arn:aws:logs:us-east-1:123456789012:log-group:NAME`, which the tagging operations use. */
export function groupArn(name: string, { account, region }: { account: string; region: string }): string {
  return `arn:aws:logs:${region}:${account}:log-group:${name}`;
}

/** Throws InvalidParameterException for malformed names and for none or both of name and identifier. */
export function groupNameOf({ logGroupName, logGroupIdentifier }: GroupReference): string {
  validate(...checkGroupName('logGroupName', logGroupName));
  if ((logGroupName === undefined) === (logGroupIdentifier === undefined)) {
    throw invalidParameter('Exactly one of logGroupName and logGroupIdentifier must be given.');
  }
  return logGroupName ?? nameInArn(logGroupIdentifier as string);
}

/** The name in a log group's ARN, with or without `:*` at its end; anything else is taken for a name. */
export function nameInArn(identifier: string): string {
  const match = /^arn:aws[^:]*:logs:[^:]*:\d{12}:log-group:([^:]+)(?::\*)?$/.exec(identifier);
  const name = match?.[1] ?? identifier;
  validate(...checkGroupName('logGroupIdentifier', name));
  return name;
}

/**
 * Demands a `logs:` action on the log group as AWS evaluates it, `…:log-group:NAME:log-stream:`: policies name the group
 * as `…:log-group:NAME:*` ("Overview of managing access permissions", CloudWatch Logs User Guide).
 */
export function onGroup(action: string) {
  return (input: GroupReference, call: Call): readonly Demand[] => [
    { action: `logs:${action}`, resource: `${groupArn(groupNameOf(input), call)}:log-stream:` },
  ];
}

/** The same on one log stream, `…:log-group:NAME:log-stream:STREAM`. */
export function onLogStream(action: string) {
  return (input: GroupReference & { logStreamName?: string | undefined }, call: Call): readonly Demand[] => [
    {
      action: `logs:${action}`,
      resource: `${groupArn(groupNameOf(input), call)}:log-stream:${input.logStreamName}`,
      resourcePolicy: policyForServices(call),
    },
  ];
}

/** The same on the group's ARN without anything behind its name: the tagging operations. */
export function onGroupArn(action: string) {
  return (input: { resourceArn: string | undefined }, call: Call): readonly Demand[] => [
    { action: `logs:${action}`, resource: groupArn(nameInArn(input.resourceArn ?? ''), call) },
  ];
}
