import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { CreateRoleCommand, DeleteRoleCommand, IAMClient, ListRolesCommand } from '@aws-sdk/client-iam';
import { GetRecordsCommand, KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { GetFunctionCommand, InvokeCommand, LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import {
  CopyObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClock } from '../src/clock.ts';
import type { Listener } from '../src/endpoint/listener.ts';
import { createEndpoint } from '../src/endpoint/server.ts';
import { AwsError } from '../src/errors.ts';
import { createFaults } from '../src/faults/active-faults.ts';
import type { Cloud, Service } from '../src/service.ts';

/** What the last call's operation was given. */
let seen: { operation: string; input: Record<string, unknown> };
/** What the next call's operation answers. */
let next: () => Record<string, unknown> = () => ({});

function recorder(name: string, model: Service['model'], operations: string[], rest: Partial<Service> = {}): Service {
  return {
    name,
    model,
    ...rest,
    operations: Object.fromEntries(
      operations.map((operation) => [
        operation,
        {
          run(input: Record<string, unknown>) {
            seen = { operation, input };
            return next();
          },
        },
      ]),
    ),
  };
}

const services = [
  recorder('kinesis', () => import('@aws-sdk/client-kinesis'), ['PutRecords', 'GetRecords']),
  recorder('iam', () => import('@aws-sdk/client-iam'), ['CreateRole', 'DeleteRole'], {
    xmlNamespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
  }),
  recorder('lambda', () => import('@aws-sdk/client-lambda'), ['Invoke', 'GetFunction', 'ListFunctions'], {
    rest: 'json',
  }),
  recorder(
    's3',
    () => import('@aws-sdk/client-s3'),
    [
      'PutObject',
      'GetObject',
      'HeadObject',
      'CopyObject',
      'UploadPart',
      'ListBuckets',
      'ListObjectsV2',
      'PutBucketVersioning',
    ],
    { rest: 'xml', xmlNamespace: 'http://s3.amazonaws.com/doc/2006-03-01/' },
  ),
];

const lines: string[] = [];
let listener: Listener;
let config: {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
  maxAttempts: 1;
};

beforeAll(async () => {
  const root = {
    account: '000000000000',
    type: 'root',
    arn: 'arn:aws:iam::000000000000:root',
    userId: '000000000000',
  } as const;
  const cloud = {
    clock: createClock(),
    authenticate: async () => ({ caller: root, region: 'us-east-1', service: '' }),
    authorize: () => undefined,
    log: (line: string) => lines.push(line),
  } as unknown as Cloud;
  listener = createEndpoint(
    cloud,
    new Map(services.map((service) => [service.name, service])),
    createFaults(cloud.clock),
  );
  const { server } = listener;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  config = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  };
});

afterAll(() => {
  listener.closeConnections();
  listener.server.close();
});

test('JSON: blobs and timestamps arrive and return as the SDK has them', async () => {
  const kinesis = new KinesisClient(config);
  next = () => ({ FailedRecordCount: 0, Records: [{ SequenceNumber: '1', ShardId: 'shardId-000000000000' }] });
  const Records = [{ Data: Buffer.from('grüße'), PartitionKey: 'k' }];
  const answer = await kinesis.send(new PutRecordsCommand({ StreamName: 's', Records }));
  expect(Buffer.from((seen.input as { Records: { Data: Uint8Array }[] }).Records[0]?.Data ?? []).toString()).toBe(
    'grüße',
  );
  expect(answer.Records).toEqual([{ SequenceNumber: '1', ShardId: 'shardId-000000000000' }]);

  const at = new Date('2026-01-02T03:04:05.678Z');
  next = () => ({
    Records: [
      { Data: new Uint8Array([0, 255]), PartitionKey: 'k', SequenceNumber: '1', ApproximateArrivalTimestamp: at },
    ],
  });
  const read = await kinesis.send(new GetRecordsCommand({ ShardIterator: 'i' }));
  expect(read.Records?.[0]?.ApproximateArrivalTimestamp).toEqual(at);
  expect(read.Records?.[0]?.Data).toEqual(new Uint8Array([0, 255]));
});

test('query: lists of structures arrive in order, the answer is XML that escapes its text', async () => {
  const iam = new IAMClient(config);
  const role = {
    Path: '/',
    RoleName: 'r',
    RoleId: 'AROA',
    Arn: 'arn',
    CreateDate: new Date(0),
    Description: '<a> & "b"',
  };
  next = () => ({ Role: role });
  const Tags = Array.from({ length: 11 }, (_, i) => ({ Key: `k${i}`, Value: `${i}` }));
  const answer = await iam.send(new CreateRoleCommand({ RoleName: 'r', AssumeRolePolicyDocument: '{}', Tags }));
  expect(seen.input).toEqual({ RoleName: 'r', AssumeRolePolicyDocument: '{}', Tags });
  expect(answer.Role).toEqual(role);
});

test('query: an error carries its code, status and text', async () => {
  next = () => {
    throw new AwsError('NoSuchEntity', 'The role with name <r> cannot be found.');
  };
  const failure = await new IAMClient(config).send(new DeleteRoleCommand({ RoleName: 'r' })).catch((error) => error);
  expect(failure).toMatchObject({ name: 'NoSuchEntityException', message: 'The role with name <r> cannot be found.' });
  expect(failure.$metadata.httpStatusCode).toBe(404);
});

test('REST JSON: labels, query, headers and payload find their members', async () => {
  const lambda = new LambdaClient(config);
  next = () => ({ StatusCode: 202, Payload: new Uint8Array(Buffer.from('{"a":1}')), FunctionError: 'Unhandled' });
  const answer = await lambda.send(
    new InvokeCommand({
      FunctionName: 'a:b/c',
      InvocationType: 'Event',
      Qualifier: 'live',
      Payload: Buffer.from('{}'),
    }),
  );
  expect(seen.input).toMatchObject({ FunctionName: 'a:b/c', InvocationType: 'Event', Qualifier: 'live' });
  expect(answer).toMatchObject({ StatusCode: 202, FunctionError: 'Unhandled' });
  expect(answer.Payload?.transformToString()).toBe('{"a":1}');
  next = () => ({ Functions: [] });
  await lambda.send(new ListFunctionsCommand({ MaxItems: 5 }));
  expect(seen).toEqual({ operation: 'ListFunctions', input: { MaxItems: 5 } });
});

test("REST JSON: an error's own members reach the client", async () => {
  next = () => {
    throw new AwsError('ResourceNotFoundException', 'Function not found: f', { members: { Type: 'User' } });
  };
  const failure = await new LambdaClient(config)
    .send(new GetFunctionCommand({ FunctionName: 'f' }))
    .catch((error) => error);
  expect(failure).toMatchObject({ name: 'ResourceNotFoundException', message: 'Function not found: f', Type: 'User' });
  expect(failure.$metadata.httpStatusCode).toBe(404);
});

test('S3: each request finds its operation, bucket and key', async () => {
  const s3 = new S3Client({ ...config, forcePathStyle: true });
  next = () => ({ ETag: '"e"' });
  await s3.send(new PutObjectCommand({ Bucket: 'b', Key: 'a/ü +%.txt', Body: 'hello', Metadata: { who: 'me' } }));
  expect(seen.operation).toBe('PutObject');
  expect(seen.input).toMatchObject({ Bucket: 'b', Key: 'a/ü +%.txt', Metadata: { who: 'me' } });
  expect(Buffer.from(seen.input['Body'] as Uint8Array).toString()).toBe('hello');

  next = () => ({ CopyObjectResult: { ETag: '"e"' } });
  await s3.send(new CopyObjectCommand({ Bucket: 'b', Key: 'k', CopySource: 'b/other' }));
  expect(seen.operation).toBe('CopyObject');
  await s3.send(new UploadPartCommand({ Bucket: 'b', Key: 'k', UploadId: 'u', PartNumber: 2, Body: 'x' }));
  expect(seen).toMatchObject({ operation: 'UploadPart', input: { UploadId: 'u', PartNumber: 2 } });
  await s3.send(new PutBucketVersioningCommand({ Bucket: 'b', VersioningConfiguration: { Status: 'Enabled' } }));
  expect(seen.input).toMatchObject({ Bucket: 'b', VersioningConfiguration: { Status: 'Enabled' } });

  next = () => ({ Buckets: [{ Name: 'b', CreationDate: new Date(0) }] });
  expect((await s3.send(new ListBucketsCommand({}))).Buckets).toEqual([{ Name: 'b', CreationDate: new Date(0) }]);
  next = () => ({ Contents: [{ Key: 'k', Size: 3, LastModified: new Date(0) }], KeyCount: 1, IsTruncated: false });
  const listed = await s3.send(new ListObjectsV2Command({ Bucket: 'b', Prefix: 'a b/' }));
  expect(seen.input).toMatchObject({ Bucket: 'b', Prefix: 'a b/' });
  expect(listed.Contents).toEqual([{ Key: 'k', Size: 3, LastModified: new Date(0) }]);
});

test('S3: an object and its headers come back; a missing one is NoSuchKey, or a bare 404 to HEAD', async () => {
  const s3 = new S3Client({ ...config, forcePathStyle: true });
  const LastModified = new Date('2026-01-01T00:00:00Z');
  next = () => ({ Body: new Uint8Array([1, 2, 3]), ContentType: 'text/plain', LastModified, Metadata: { who: 'me' } });
  const got = await s3.send(new GetObjectCommand({ Bucket: 'b', Key: 'k' }));
  expect(await got.Body?.transformToByteArray()).toEqual(new Uint8Array([1, 2, 3]));
  expect(got).toMatchObject({ ContentType: 'text/plain', LastModified, Metadata: { who: 'me' } });

  next = () => {
    throw new AwsError('NoSuchKey', 'The specified key does not exist.', { status: 404 });
  };
  await expect(s3.send(new GetObjectCommand({ Bucket: 'b', Key: 'k' }))).rejects.toMatchObject({ name: 'NoSuchKey' });
  await expect(s3.send(new HeadObjectCommand({ Bucket: 'b', Key: 'k' }))).rejects.toMatchObject({ name: 'NotFound' });
});

test('an operation the service lacks is a 501 that names it, and one log line', async () => {
  const failure = await new IAMClient(config).send(new ListRolesCommand({})).catch((error) => error);
  expect(failure.message).toMatch(/no ListRoles in its iam/);
  expect(failure.$metadata.httpStatusCode).toBe(501);
  expect(lines.filter((line) => line.includes('iam.ListRoles'))).toHaveLength(1);
});

test('a missing required member is told as AWS does', async () => {
  const call = new KinesisClient(config).send(new PutRecordsCommand({ StreamName: 's', Records: undefined }));
  await expect(call).rejects.toMatchObject({
    name: 'ValidationException',
    message:
      "1 validation error detected: Value null at 'records' failed to satisfy constraint: Member must not be null",
  });
});
