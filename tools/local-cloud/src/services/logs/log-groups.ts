import type {
  CreateLogGroupCommandInput,
  CreateLogGroupCommandOutput,
  DeleteLogGroupCommandInput,
  DeleteLogGroupCommandOutput,
  DescribeLogGroupsCommandInput,
  DescribeLogGroupsCommandOutput,
  LogGroup as LogGroupDescription,
} from '@aws-sdk/client-cloudwatch-logs';
import { between, oneOf } from '../../constraints.ts';
import { type Call, operation } from '../../service.ts';
import { alreadyExists, invalidParameter, validate } from './errors.ts';
import { checkGroupName, groupArn, groupNameOf, nameInArn, onGroup } from './log-group-reference.ts';
import { pageOf } from './page.ts';
import { eventBytes, expire, groupOf, type LogGroup, logsOf } from './state.ts';
import { checkTags } from './tag-rules.ts';

const classes = ['STANDARD', 'INFREQUENT_ACCESS', 'ESSENTIALS', 'DELIVERY'];
/** DescribeLogGroups, CloudWatch Logs API Reference: at most, and by default, 50 a page. */
const largestPage = 50;

export const createLogGroup = operation<CreateLogGroupCommandInput, CreateLogGroupCommandOutput>({
  demands(input, call) {
    const create = onGroup('CreateLogGroup')(input, call);
    if (!input.tags) return create;
    return [...create, { action: 'logs:TagResource', resource: groupArn(groupNameOf(input), call) }];
  },
  run(input, call) {
    const name = groupNameOf(input);
    validate(oneOf('logGroupClass', input.logGroupClass, classes));
    if (/^aws\//i.test(name)) throw invalidParameter('Log groups starting with AWS/ are reserved for AWS.');
    checkTags(input.tags ?? {});
    const { groups } = logsOf(call.cloud, call.account, call.region);
    if (groups.has(name)) throw alreadyExists('group');
    groups.set(name, {
      name,
      createdAt: call.cloud.clock.now(),
      class: input.logGroupClass ?? 'STANDARD',
      kmsKeyId: input.kmsKeyId,
      deletionProtection: input.deletionProtectionEnabled ?? false,
      tags: new Map(Object.entries(input.tags ?? {})),
      streams: new Map(),
      subscriptionFilters: new Map(),
    });
    return {};
  },
});

export const deleteLogGroup = operation<DeleteLogGroupCommandInput, DeleteLogGroupCommandOutput>({
  demands: onGroup('DeleteLogGroup'),
  run(input, call) {
    const group = groupOf(input, call);
    if (group.deletionProtection) {
      throw invalidParameter(`Log group ${group.name} has deletion protection; disable it before deleting the group.`);
    }
    logsOf(call.cloud, call.account, call.region).groups.delete(group.name);
    return {};
  },
});

export const describeLogGroups = operation<DescribeLogGroupsCommandInput, DescribeLogGroupsCommandOutput>({
  demands: (_input, call) => [{ action: 'logs:DescribeLogGroups', resource: `${groupArn('', call)}:log-stream:` }],
  run(input, call) {
    check(input);
    const { groups } = logsOf(call.cloud, call.account, call.region);
    const names = input.logGroupIdentifiers?.map(nameInArn);
    const found = [...groups.values()]
      .filter((group) => group.name.startsWith(input.logGroupNamePrefix ?? ''))
      .filter((group) => group.name.includes(input.logGroupNamePattern ?? ''))
      .filter((group) => !names || names.includes(group.name))
      .filter((group) => isOfClass(group, input.logGroupClass))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const { page, nextToken } = pageOf(found, (group) => group.name, input.nextToken, input.limit ?? largestPage);
    for (const group of page) expire(group, call.cloud.clock.now());
    const isBrief = input.logGroupNamePattern !== undefined;
    return { logGroups: page.map((group) => (isBrief ? brief(group, call) : describe(group, call))), nextToken };
  },
});

function check(input: DescribeLogGroupsCommandInput): void {
  validate(
    between('limit', input.limit, 1, largestPage),
    ...checkGroupName('logGroupNamePrefix', input.logGroupNamePrefix),
    ...checkGroupName('logGroupNamePattern', input.logGroupNamePattern),
    oneOf('logGroupClass', input.logGroupClass, classes),
  );
  if (input.logGroupNamePrefix !== undefined && input.logGroupNamePattern !== undefined) {
    throw invalidParameter('LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.');
  }
  if (input.includeLinkedAccounts || input.accountIdentifiers) {
    throw invalidParameter(
      'There are no linked accounts here: leave out includeLinkedAccounts and accountIdentifiers.',
    );
  }
}

/** Asking for either of the two cheaper classes answers both. */
function isOfClass(group: LogGroup, wanted: string | undefined): boolean {
  const cheaper = ['INFREQUENT_ACCESS', 'ESSENTIALS'];
  if (wanted === undefined) return true;
  return cheaper.includes(wanted) ? cheaper.includes(group.class) : group.class === wanted;
}

function brief(group: LogGroup, call: Call): LogGroupDescription {
  return { logGroupName: group.name, creationTime: group.createdAt, arn: `${groupArn(group.name, call)}:*` };
}

function describe(group: LogGroup, call: Call): LogGroupDescription {
  return {
    ...brief(group, call),
    logGroupArn: groupArn(group.name, call),
    retentionInDays: group.retentionInDays,
    metricFilterCount: 0,
    storedBytes: [...group.streams.values()]
      .flatMap((stream) => stream.events)
      .reduce((sum, event) => sum + eventBytes(event), 0),
    kmsKeyId: group.kmsKeyId,
    logGroupClass: group.class,
    deletionProtectionEnabled: group.deletionProtection,
  };
}
