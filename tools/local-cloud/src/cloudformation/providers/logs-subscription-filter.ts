import type { DescribeSubscriptionFiltersCommandOutput } from '@aws-sdk/client-cloudwatch-logs';
import { physicalName } from '../physical-name.ts';
import type { Properties, ResourceProvider, ResourceRequest } from '../provider.ts';
import { unlessGone } from './calls.ts';

export const logsSubscriptionFilter: ResourceProvider = {
  type: 'AWS::Logs::SubscriptionFilter',
  properties: ['DestinationArn', 'Distribution', 'FilterName', 'FilterPattern', 'LogGroupName', 'RoleArn'],
  async create(request) {
    const filterName = request.properties['FilterName'] ?? physicalName(request, { longest: 512 });
    await refuseExisting(request, filterName);
    await request.call('logs', 'PutSubscriptionFilter', inputOf(request.properties, filterName));
    return { physicalId: filterName };
  },
  async update(request) {
    await request.call('logs', 'PutSubscriptionFilter', inputOf(request.properties, request.physicalId));
    return { physicalId: request.physicalId };
  },
  async delete(request) {
    const { LogGroupName: logGroupName } = request.properties;
    await unlessGone(['ResourceNotFoundException'], () =>
      request.call('logs', 'DeleteSubscriptionFilter', { logGroupName, filterName: request.physicalId }),
    );
  },
};

/** PutSubscriptionFilter replaces a filter of the same name: a creation must not take over another stack's. */
async function refuseExisting({ call, type, properties }: ResourceRequest, filterName: string): Promise<void> {
  const { LogGroupName: logGroupName } = properties;
  const { subscriptionFilters } = await call<DescribeSubscriptionFiltersCommandOutput>(
    'logs',
    'DescribeSubscriptionFilters',
    { logGroupName, filterNamePrefix: filterName },
  );
  if (subscriptionFilters?.some((filter) => filter.filterName === filterName)) {
    throw new Error(`Resource of type '${type}' with identifier '${filterName}|${logGroupName}' already exists.`);
  }
}

function inputOf(properties: Properties, filterName: string): object {
  const { DestinationArn, Distribution, FilterPattern, LogGroupName, RoleArn } = properties;
  return {
    logGroupName: LogGroupName,
    filterName,
    filterPattern: FilterPattern,
    destinationArn: DestinationArn,
    roleArn: RoleArn,
    distribution: Distribution,
  };
}
