import { randomUUID } from 'node:crypto';
import { functionRole } from '../services/lambda/assume-role.ts';
import { arnOf, functionOf, targetOf } from '../services/lambda/function-reference.ts';
import type { Answer } from './call-function.ts';
import type { Run } from './run.ts';
import type { SourceRecord } from './source.ts';

/** A batch that is given up. */
export interface Discarded {
  readonly shardId: string;
  readonly records: readonly SourceRecord[];
  readonly condition: 'RetryAttemptsExhausted' | 'RecordAgeExceeded';
  /** How often the function was called with it. */
  readonly attempts: number;
  readonly answer: Answer | undefined;
}

/** Tells the on-failure destination, as the function's role; one that can't be reached leaves a line in the cloud's log. */
export async function sendToFailureDestination(run: Run, discarded: Discarded): Promise<void> {
  const { cloud, mapping } = run;
  const destination = mapping.settings.onFailure;
  if (destination === undefined) return;
  const { region, target, uuid } = mapping;
  try {
    const found = functionOf(cloud, target);
    const { caller } = await functionRole(cloud, found, targetOf(found, target).version.settings.role);
    const { service, operation, input } = delivery(run, discarded, destination);
    await cloud.call(service, operation, input, { caller, region });
  } catch (error) {
    cloud.log(
      `lambda: a discarded batch of mapping ${uuid} could not be sent to ${destination}: ${(error as Error).message}`,
    );
  }
}

/** The call that tells a destination: a bucket gets the records themselves, topics and queues where in the stream they are. */
function delivery(run: Run, discarded: Discarded, arn: string) {
  const { cloud, mapping } = run;
  const time = new Date(cloud.clock.now()).toISOString();
  const record = invocationRecord(run, discarded, time);
  const [, , service = '', , account, name = ''] = arn.split(':');
  if (service === 'sns') {
    return { service, operation: 'Publish', input: { TopicArn: arn, Message: JSON.stringify(record) } };
  }
  if (service === 'sqs') {
    const QueueUrl = `${cloud.endpoint}/${account}/${name}`;
    return { service, operation: 'SendMessage', input: { QueueUrl, MessageBody: JSON.stringify(record) } };
  }
  const day = time.slice(0, 10);
  const second = time.slice(0, 19).replaceAll(':', '.');
  const payload = JSON.stringify({ Records: discarded.records.map(({ event }) => event) });
  const input = {
    Bucket: name,
    Key: `aws/lambda/${mapping.uuid}/${discarded.shardId}/${day.replaceAll('-', '/')}/${second}-${randomUUID()}`,
    Body: Buffer.from(JSON.stringify({ ...record, payload })),
  };
  return { service: 's3', operation: 'PutObject', input };
}

/** "Retain discarded batch records for a Kinesis Data Streams event source in Lambda"; in S3 `payload`, the event as text, is added. */
function invocationRecord({ mapping, source }: Run, discarded: Discarded, timestamp: string): object {
  const { shardId, records, condition, attempts, answer } = discarded;
  const [first, last] = [records[0], records.at(-1)];
  const time = (record: SourceRecord | undefined) => new Date(record?.arrived ?? 0).toISOString();
  return {
    requestContext: {
      requestId: answer?.requestId ?? randomUUID(),
      functionArn: arnOf(mapping.target),
      condition,
      approximateInvokeCount: attempts,
    },
    ...(answer && {
      responseContext: {
        statusCode: answer.statusCode,
        executedVersion: answer.executedVersion,
        ...(answer.functionError && { functionError: answer.functionError }),
      },
    }),
    version: '1.0',
    timestamp,
    [source.batchInfoName]: {
      shardId,
      startSequenceNumber: first?.sequenceNumber,
      endSequenceNumber: last?.sequenceNumber,
      approximateArrivalOfFirstRecord: time(first),
      approximateArrivalOfLastRecord: time(last),
      batchSize: records.length,
      streamArn: mapping.eventSourceArn,
    },
  };
}
