import type {
  DeleteSubscriptionFilterCommandInput,
  DeleteSubscriptionFilterCommandOutput,
  DescribeSubscriptionFiltersCommandInput,
  DescribeSubscriptionFiltersCommandOutput,
  PutSubscriptionFilterCommandInput,
  PutSubscriptionFilterCommandOutput,
} from '@aws-sdk/client-cloudwatch-logs';
import { between, lengthBetween, matches, oneOf } from '../../constraints.ts';
import { AwsError, validationError } from '../../errors.ts';
import { passRoleDemand } from '../../iam/pass-role.ts';
import { type Call, operation } from '../../service.ts';
import { invalidParameter, limitExceeded, validate } from './errors.ts';
import { compileFilterPattern } from './filter-pattern.ts';
import { type GroupReference, onGroup } from './log-group-reference.ts';
import { pageOf } from './page.ts';
import { groupOf, type LogGroup, type SubscriptionFilter } from './state.ts';
import { checkDestination } from './subscription-delivery.ts';

/** "Each log group can have up to two subscription filters associated with it." */
const mostFilters = 2;
const largestPage = 50;

export const putSubscriptionFilter = operation<PutSubscriptionFilterCommandInput, PutSubscriptionFilterCommandOutput>({
  demands(input, call) {
    const put = onGroup('PutSubscriptionFilter')(input, call);
    return input.roleArn ? [...put, passRoleDemand(input.roleArn, 'logs.amazonaws.com')] : put;
  },
  async run(input, call) {
    check(input);
    const group = standardGroupOf(input, call);
    const name = input.filterName as string;
    const earlier = group.subscriptionFilters.get(name);
    if (!earlier && group.subscriptionFilters.size >= mostFilters) throw limitExceeded();
    const filter: SubscriptionFilter = {
      name,
      pattern: input.filterPattern as string,
      destinationArn: input.destinationArn as string,
      roleArn: input.roleArn as string,
      distribution: input.distribution ?? 'ByLogStream',
      createdAt: earlier?.createdAt ?? call.cloud.clock.now(),
    };
    try {
      await checkDestination(group, filter, call);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      call.cloud.log(`logs: PutSubscriptionFilter ${name}: ${error.message}`);
      throw invalidParameter(
        'Could not deliver test message to specified Kinesis stream. Check if the given kinesis stream is in ACTIVE state. ',
      );
    }
    group.subscriptionFilters.set(name, filter);
    return {};
  },
});

export const describeSubscriptionFilters = operation<
  DescribeSubscriptionFiltersCommandInput,
  DescribeSubscriptionFiltersCommandOutput
>({
  demands: onGroup('DescribeSubscriptionFilters'),
  run(input, call) {
    validate(between('limit', input.limit, 1, largestPage));
    const group = standardGroupOf(input, call);
    const found = [...group.subscriptionFilters.values()]
      .filter((filter) => filter.name.startsWith(input.filterNamePrefix ?? ''))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const { page, nextToken } = pageOf(found, (filter) => filter.name, input.nextToken, input.limit ?? largestPage);
    return {
      subscriptionFilters: page.map((filter) => ({
        filterName: filter.name,
        logGroupName: group.name,
        filterPattern: filter.pattern,
        destinationArn: filter.destinationArn,
        roleArn: filter.roleArn,
        distribution: filter.distribution,
        creationTime: filter.createdAt,
      })),
      nextToken,
    };
  },
});

export const deleteSubscriptionFilter = operation<
  DeleteSubscriptionFilterCommandInput,
  DeleteSubscriptionFilterCommandOutput
>({
  demands: onGroup('DeleteSubscriptionFilter'),
  run(input, call) {
    if (!standardGroupOf(input, call).subscriptionFilters.delete(input.filterName as string)) {
      throw new AwsError('ResourceNotFoundException', 'The specified subscription filter does not exist.');
    }
    return {};
  },
});

/** The group an input names. Throws ValidationException unless it is of the class that has subscriptions. */
function standardGroupOf(input: GroupReference, call: Call): LogGroup {
  const group = groupOf(input, call);
  if (group.class !== 'STANDARD') {
    throw validationError('This operation is only supported on the Standard log class.');
  }
  return group;
}

function check(input: PutSubscriptionFilterCommandInput): void {
  validate(
    matches('filterName', input.filterName, '[^:*]*'),
    lengthBetween('filterName', input.filterName, 1, 512),
    lengthBetween('filterPattern', input.filterPattern, 0, 1024),
    oneOf('distribution', input.distribution, ['Random', 'ByLogStream']),
  );
  compileFilterPattern(input.filterPattern ?? '');
  const destination = input.destinationArn ?? '';
  if (!/^arn:aws[^:]*:kinesis:[^:]+:\d{12}:stream\/\S+$/.test(destination)) {
    throw invalidParameter(`Only Kinesis streams can be subscribed here: destinationArn ${destination} is none.`);
  }
  if (!input.roleArn) throw invalidParameter('destinationArn for vendor kinesis cannot be used without roleArn');
  if (input.applyOnTransformedLogs || input.fieldSelectionCriteria || input.emitSystemFields?.length) {
    throw invalidParameter(
      'applyOnTransformedLogs, fieldSelectionCriteria and emitSystemFields are not supported here: leave them out.',
    );
  }
}
