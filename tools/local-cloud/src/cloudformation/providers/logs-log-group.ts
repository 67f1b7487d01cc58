import type { DescribeLogGroupsCommandOutput, ListTagsForResourceCommandOutput } from '@aws-sdk/client-cloudwatch-logs';
import { physicalName } from '../physical-name.ts';
import type { ResourceProvider, ResourceRequest, ResourceResult } from '../provider.ts';
import { tagChanges, tagList, tagMap, unlessGone } from './calls.ts';

export const logsLogGroup: ResourceProvider = {
  type: 'AWS::Logs::LogGroup',
  properties: ['KmsKeyId', 'LogGroupClass', 'LogGroupName', 'RetentionInDays', 'Tags'],
  async create(request) {
    const { KmsKeyId: kmsKeyId, LogGroupClass: logGroupClass, RetentionInDays, Tags } = request.properties;
    const logGroupName = request.properties['LogGroupName'] ?? physicalName(request, { longest: 512 });
    await request.call('logs', 'CreateLogGroup', {
      logGroupName,
      ...(kmsKeyId && { kmsKeyId }),
      ...(logGroupClass && { logGroupClass }),
      ...(Tags && { tags: tagMap(Tags) }),
    });
    request.created(logGroupName);
    if (RetentionInDays) {
      await request.call('logs', 'PutRetentionPolicy', { logGroupName, retentionInDays: RetentionInDays });
    }
    return resultOf(request, logGroupName);
  },
  async update(request) {
    const { physicalId: logGroupName, properties, previous } = request;
    const { RetentionInDays, KmsKeyId, LogGroupClass } = properties;
    if (LogGroupClass !== previous['LogGroupClass']) {
      throw new Error('The class of a log group cannot be changed (LogGroupClass): give it another LogGroupName.');
    }
    if (RetentionInDays) {
      await request.call('logs', 'PutRetentionPolicy', { logGroupName, retentionInDays: RetentionInDays });
    } else if (previous['RetentionInDays']) {
      await request.call('logs', 'DeleteRetentionPolicy', { logGroupName });
    }
    if (KmsKeyId && KmsKeyId !== previous['KmsKeyId']) {
      await request.call('logs', 'AssociateKmsKey', { logGroupName, kmsKeyId: KmsKeyId });
    } else if (!KmsKeyId && previous['KmsKeyId']) {
      await request.call('logs', 'DisassociateKmsKey', { logGroupName });
    }
    const { set, removed } = tagChanges(previous['Tags'], properties['Tags']);
    const resourceArn = arnOf(request, logGroupName);
    if (removed.length > 0) await request.call('logs', 'UntagResource', { resourceArn, tagKeys: removed });
    if (set.length > 0) await request.call('logs', 'TagResource', { resourceArn, tags: tagMap(set) });
    return resultOf(request, logGroupName);
  },
  async delete(request) {
    await unlessGone(['ResourceNotFoundException'], () =>
      request.call('logs', 'DeleteLogGroup', { logGroupName: request.physicalId }),
    );
  },
  async read(request) {
    const { physicalId: LogGroupName, call } = request;
    const input = { logGroupNamePrefix: LogGroupName };
    const { logGroups } = await call<DescribeLogGroupsCommandOutput>('logs', 'DescribeLogGroups', input);
    const group = logGroups?.find(({ logGroupName }) => logGroupName === LogGroupName);
    if (!group) return undefined;
    const resource = { resourceArn: arnOf(request, LogGroupName) };
    const { tags } = await call<ListTagsForResourceCommandOutput>('logs', 'ListTagsForResource', resource);
    const { retentionInDays: RetentionInDays, kmsKeyId: KmsKeyId, logGroupClass: LogGroupClass } = group;
    const properties = { LogGroupName, RetentionInDays, KmsKeyId, LogGroupClass, Tags: tagList(tags) };
    return { ...resultOf(request, LogGroupName), properties };
  },
};

const arnOf = ({ account, region }: ResourceRequest, name: string) =>
  `arn:aws:logs:${region}:${account}:log-group:${name}`;

function resultOf(request: ResourceRequest, name: string): ResourceResult {
  return { physicalId: name, attributes: { Arn: `${arnOf(request, name)}:*` } };
}
