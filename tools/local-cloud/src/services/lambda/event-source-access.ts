import type { GetQueueAttributesCommandOutput } from '@aws-sdk/client-sqs';
import { AwsError } from '../../errors.ts';
import { cannotAccess } from '../../event-sources/pollers.ts';
import type { Call, Caller } from '../../service.ts';
import { isConsumerArn, streamArnOfConsumer } from '../kinesis/consumer-reference.ts';
import { demand } from '../sqs/demands.ts';
import { locateArn, queueUrlOfArn } from '../sqs/queue-reference.ts';
import { functionRole } from './assume-role.ts';
import { invalidParameter, unsupported } from './errors.ts';
import { type FunctionReference, functionOf, targetOf } from './function-reference.ts';

/** What the poller needs of a stream; "Adding permissions", Using Lambda with Kinesis and with DynamoDB. */
const streamActions = ['GetRecords', 'GetShardIterator', 'DescribeStream'];

/** "Configuring execution role permissions", Creating and configuring an Amazon SQS event source mapping. */
const queueActions = ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'];

/**
 * The stream or queue an input names, if the function's role may read it. Throws InvalidParameterValueException in the
 * words of AWS when it may not or when there is no such thing.
 */
export async function checkSource(arn: string, target: FunctionReference, call: Call): Promise<void> {
  const [, , service, region = ''] = arn.split(':');
  if (service === 'sqs') return checkQueue(arn, target, call);
  if (service !== 'kinesis' && service !== 'dynamodb') {
    const sources = 'Kinesis streams, streams of DynamoDB tables and SQS queues';
    throw unsupported(`event source mappings of ${arn}: only ${sources} can be a source here`);
  }
  const found = functionOf(call.cloud, target);
  const { caller } = await functionRole(call.cloud, found, targetOf(found, target).version.settings.role);
  const streamArn = streamArnOfConsumer(arn);
  const demands = isConsumerArn(arn)
    ? [{ action: 'kinesis:SubscribeToShard', resource: arn }]
    : streamActions.map((action) => ({ action: `${service}:${action}`, resource: arn }));
  try {
    call.cloud.authorize(caller, demands, { region, service });
    const stream = service === 'kinesis' ? { StreamARN: streamArn } : { StreamArn: streamArn };
    await call.cloud.call(service, 'DescribeStream', { ...stream, Limit: 1 }, { caller, region });
    if (isConsumerArn(arn)) await checkConsumer(arn, { caller, region }, call);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    if (error.code === 'ResourceNotFoundException') throw invalidParameter(`Stream not found: ${arn}`);
    throw invalidParameter(cannotAccess(arn));
  }
}

/** Lambda's execution role for streams may subscribe without being allowed to describe: then the poller finds out. */
async function checkConsumer(ConsumerARN: string, as: { caller: Caller; region: string }, { cloud }: Call) {
  await cloud.call('kinesis', 'DescribeStreamConsumer', { ConsumerARN }, as).catch((error) => {
    if (!(error instanceof AwsError && error.code.startsWith('AccessDenied'))) throw error;
  });
}

async function checkQueue(arn: string, target: FunctionReference, { cloud, region }: Call): Promise<void> {
  if (arn.split(':')[3] !== region)
    throw invalidParameter(`The queue ${arn} must be in the function's region, ${region}.`);
  const found = functionOf(cloud, target);
  const { role, timeout } = targetOf(found, target).version.settings;
  const { caller } = await functionRole(cloud, found, role);
  for (const action of queueActions) {
    try {
      cloud.authorize(caller, [demand(action, locateArn('EventSourceArn', arn), { cloud, account: caller.account })], {
        region,
        service: 'sqs',
      });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      throw invalidParameter(`The function execution role does not have permissions to call ${action} on SQS`);
    }
  }
  const input = { QueueUrl: queueUrlOfArn(cloud, arn), AttributeNames: ['VisibilityTimeout'] };
  const { Attributes } = await cloud
    .call<GetQueueAttributesCommandOutput>('sqs', 'GetQueueAttributes', input, { caller, region })
    .catch((error) => {
      if (!(error instanceof AwsError)) throw error;
      throw invalidParameter(
        `Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: ${error.message}`,
      );
    });
  const visibility = Number(Attributes?.VisibilityTimeout);
  if (visibility >= timeout) return;
  throw invalidParameter(
    `Queue visibility timeout: ${visibility} seconds is less than Function timeout: ${timeout} seconds`,
  );
}
