import { IAMClient } from '@aws-sdk/client-iam';
import {
  CreateStreamCommand,
  GetRecordsCommand,
  KinesisClient,
  PutRecordCommand,
  PutResourcePolicyCommand,
} from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestCloud } from '../src/testing.ts';
import { activeStream, errorOf, iteratorOf } from './kinesis-support.ts';
import { keysOfNewUser } from './users.ts';

let test: Awaited<ReturnType<typeof startTestCloud>>;
let root: KinesisClient;
let users = 0;

beforeAll(async () => {
  test = await startTestCloud();
  root = test.client(KinesisClient);
});
afterAll(() => test.close());

const arn = (name: string) => `arn:aws:kinesis:us-east-1:000000000000:stream/${name}`;

async function userWith(Action: string | string[], Resource: string): Promise<KinesisClient> {
  const allowed = { Effect: 'Allow', Action, Resource };
  const credentials = await keysOfNewUser(test.client(IAMClient), `user-${++users}`, allowed);
  return test.client(KinesisClient, { credentials });
}
const put = (client: KinesisClient, stream: { StreamName: string } | { StreamARN: string }) =>
  client.send(new PutRecordCommand({ ...stream, Data: Buffer.from('a'), PartitionKey: 'k' }));

it('a policy on one stream opens that stream, by name and by ARN, for the named action', async () => {
  const [own, other] = [await activeStream(root, test.cloud.clock), await activeStream(root, test.cloud.clock)];
  const user = await userWith('kinesis:PutRecord', arn(own));
  await put(user, { StreamName: own });
  await put(user, { StreamARN: arn(own) });
  expect(await errorOf(put(user, { StreamName: other }))).toEqual({
    name: 'AccessDeniedException',
    message: expect.stringMatching(
      `is not authorized to perform: kinesis:PutRecord on resource: ${arn(other)} because no identity-based policy`,
    ),
  });
  expect(await errorOf(iteratorOf(user, own))).toMatchObject({ name: 'AccessDeniedException' });
});

it('GetRecords is demanded on the stream of the iterator', async () => {
  const stream = await activeStream(root, test.cloud.clock);
  const ShardIterator = await iteratorOf(root, stream);
  const allowed = await userWith('kinesis:GetRecords', arn(stream));
  expect(await allowed.send(new GetRecordsCommand({ ShardIterator }))).toMatchObject({ Records: [] });
  const denied = await userWith('kinesis:GetRecords', arn('another'));
  expect(await errorOf(denied.send(new GetRecordsCommand({ ShardIterator })))).toMatchObject({
    name: 'AccessDeniedException',
  });
});

it('tags at creation need AddTagsToStream too', async () => {
  const user = await userWith('kinesis:CreateStream', arn('tagged'));
  const create = (Tags?: Record<string, string>) =>
    user.send(new CreateStreamCommand({ StreamName: 'tagged', ShardCount: 1, Tags }));
  expect(await errorOf(create({ a: 'b' }))).toMatchObject({
    message: expect.stringContaining('kinesis:AddTagsToStream'),
  });
  await create();
});

it('another account reaches a stream by ARN when its resource policy allows it', async () => {
  const stream = await activeStream(root, test.cloud.clock);
  const neighbour = test.client(KinesisClient, {
    credentials: { accessKeyId: '111111111111', secretAccessKey: 'test' },
  });
  expect(await errorOf(put(neighbour, { StreamARN: arn(stream) }))).toMatchObject({ name: 'AccessDeniedException' });
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::111111111111:root' },
        Action: 'kinesis:PutRecord',
        Resource: arn(stream),
      },
    ],
  });
  await root.send(new PutResourcePolicyCommand({ ResourceARN: arn(stream), Policy }));
  expect(await put(neighbour, { StreamARN: arn(stream) })).toHaveProperty('SequenceNumber');
  expect(await errorOf(put(neighbour, { StreamName: stream }))).toMatchObject({ name: 'ResourceNotFoundException' });
});
