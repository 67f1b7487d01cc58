import type { DescribeAlarmsCommandOutput, MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { physicalName } from '../physical-name.ts';
import type { ResourceProvider, ResourceRequest, ResourceResult } from '../provider.ts';
import { tagChanges, unlessGone } from './calls.ts';

export const cloudWatchAlarm: ResourceProvider = {
  type: 'AWS::CloudWatch::Alarm',
  properties: [
    'ActionsEnabled',
    'AlarmActions',
    'AlarmDescription',
    'AlarmName',
    'ComparisonOperator',
    'DatapointsToAlarm',
    'Dimensions',
    'EvaluationPeriods',
    'ExtendedStatistic',
    'InsufficientDataActions',
    'MetricName',
    'Metrics',
    'Namespace',
    'OKActions',
    'Period',
    'Statistic',
    'Tags',
    'Threshold',
    'TreatMissingData',
    'Unit',
  ],
  async create(request) {
    const name = request.properties['AlarmName'] ?? physicalName(request, { longest: 255 });
    if (await alarmOf(request, name)) {
      throw new Error(`Resource of type '${request.type}' with identifier '${name}' already exists.`);
    }
    return put(request, name);
  },
  async update(request) {
    const { physicalId, properties, previous, account, region } = request;
    const ResourceARN = `arn:aws:cloudwatch:${region}:${account}:alarm:${physicalId}`;
    const { set, removed } = tagChanges(previous['Tags'], properties['Tags']);
    if (removed.length > 0) await request.call('monitoring', 'UntagResource', { ResourceARN, TagKeys: removed });
    if (set.length > 0) await request.call('monitoring', 'TagResource', { ResourceARN, Tags: set });
    return put(request, physicalId);
  },
  async delete(request) {
    await unlessGone(['ResourceNotFound'], () =>
      request.call('monitoring', 'DeleteAlarms', { AlarmNames: [request.physicalId] }),
    );
  },
};

async function put(request: ResourceRequest, AlarmName: string): Promise<ResourceResult> {
  await request.call('monitoring', 'PutMetricAlarm', { ...request.properties, AlarmName });
  const Arn = `arn:aws:cloudwatch:${request.region}:${request.account}:alarm:${AlarmName}`;
  return { physicalId: AlarmName, attributes: { Arn } };
}

async function alarmOf(request: ResourceRequest, name: string): Promise<MetricAlarm | undefined> {
  const input = { AlarmNames: [name] };
  const { MetricAlarms } = await request.call<DescribeAlarmsCommandOutput>('monitoring', 'DescribeAlarms', input);
  return MetricAlarms?.[0];
}
