import { AwsError } from '../../errors.ts';
import { cannotAccess } from '../../event-sources/pollers.ts';
import type { Call } from '../../service.ts';
import { functionRole } from './assume-role.ts';
import { invalidParameter, unsupported } from './errors.ts';
import { type FunctionReference, functionOf, targetOf } from './function-reference.ts';

/** What the poller needs of a stream; "Adding permissions", Using Lambda to process records from Amazon Kinesis Data Streams. */
const streamActions = ['GetRecords', 'GetShardIterator', 'DescribeStream'];

/**
 * The stream an input names, if the function's role may read it. Throws InvalidParameterValueException in the words of
 * AWS when it may not or when there is no such stream.
 */
export async function checkSource(arn: string | undefined, target: FunctionReference, call: Call): Promise<string> {
  if (arn === undefined) throw invalidParameter('EventSourceArn is required.');
  const [, , service, region = '', , resource = ''] = arn.split(':');
  if (service !== 'kinesis')
    throw unsupported(`event source mappings of ${arn}: only Kinesis streams can be a source here`);
  if (resource.includes('/consumer/')) {
    throw unsupported(`the stream consumer ${arn} as event source (enhanced fan-out): name the stream itself`);
  }
  const found = functionOf(call.cloud, target);
  const { caller } = await functionRole(call.cloud, found, targetOf(found, target).version.settings.role);
  const demands = streamActions.map((action) => ({ action: `kinesis:${action}`, resource: arn }));
  try {
    call.cloud.authorize(caller, demands, { region, service });
    await call.cloud.call('kinesis', 'DescribeStream', { StreamARN: arn, Limit: 1 }, { caller, region });
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    if (error.code === 'ResourceNotFoundException') throw invalidParameter(`Stream not found: ${arn}`);
    throw invalidParameter(cannotAccess(arn));
  }
  return arn;
}
