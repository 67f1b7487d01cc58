import { CreateRoleCommand } from '@aws-sdk/client-iam';
import {
  type CreateFunctionCommandInput,
  DeleteFunctionCommand,
  GetAccountSettingsCommand,
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  LambdaClient,
  ListFunctionsCommand,
  ListTagsCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  account,
  file,
  functionArn,
  handlerZip,
  type LambdaCloud,
  startLambdaCloud,
} from './fixtures/lambda/support.ts';

let cloud: LambdaCloud;
beforeAll(async () => {
  cloud = await startLambdaCloud();
});
afterAll(() => cloud.close());

const configuration = (FunctionName: string) =>
  cloud.lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
const invalid = (message: string | RegExp) => ({
  name: 'InvalidParameterValueException',
  message: typeof message === 'string' ? message : expect.stringMatching(message),
  $metadata: { httpStatusCode: 400 },
});

describe('a new function', () => {
  test('has the defaults of Lambda where nothing is said', async () => {
    const created = await cloud.create('defaults');
    expect(created).toMatchObject({
      FunctionArn: functionArn('defaults'),
      Timeout: 3,
      MemorySize: 128,
      Description: '',
      Version: '$LATEST',
      State: 'Active',
      LastUpdateStatus: 'Successful',
      PackageType: 'Zip',
      Architectures: ['x86_64'],
      EphemeralStorage: { Size: 512 },
      TracingConfig: { Mode: 'PassThrough' },
      LoggingConfig: { LogFormat: 'Text', LogGroup: '/aws/lambda/defaults' },
      CodeSize: handlerZip.length,
      LastModified: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/),
    });
  });

  test('takes its code from S3', async () => {
    const s3 = cloud.client(S3Client);
    await s3.send(new CreateBucketCommand({ Bucket: 'deployments' }));
    await s3.send(new PutObjectCommand({ Bucket: 'deployments', Key: 'code.zip', Body: handlerZip }));
    await cloud.create('from-s3', 'echo', { Code: { S3Bucket: 'deployments', S3Key: 'code.zip' } });
    expect((await cloud.invoke('from-s3', { a: 1 })).value.event).toEqual({ a: 1 });
    await expect(
      cloud.create('nothing', 'echo', { Code: { S3Bucket: 'deployments', S3Key: 'no.zip' } }),
    ).rejects.toMatchObject(
      invalid(
        'Error occurred while GetObject. S3 Error Code: NoSuchKey. S3 Error Message: The specified key does not exist.',
      ),
    );
  });

  test('exists once', async () => {
    await cloud.create('once');
    await expect(cloud.create('once')).rejects.toMatchObject({
      name: 'ResourceConflictException',
      message: 'Function already exist: once',
      $metadata: { httpStatusCode: 409 },
    });
  });

  test('offers its package for download', async () => {
    await cloud.create('download');
    const { Code } = await cloud.lambda.send(new GetFunctionCommand({ FunctionName: 'download' }));
    const answer = await fetch(Code?.Location ?? '');
    expect(Buffer.from(await answer.arrayBuffer()).equals(handlerZip)).toBe(true);
    const forged = await fetch((Code?.Location ?? '').replace(/signature=../, 'signature=zz'));
    expect(forged.status).toBe(403);
  });
});

describe('a function that names an older Node.js', () => {
  test('runs on the one that is here, which the log says once, when it is created or changed', async () => {
    const said = () => cloud.lines.filter((line) => line.startsWith('Function older names'));
    const code = 'export const tell = async () => process.env.AWS_EXECUTION_ENV;';
    const Code = { ZipFile: zipSync({ 'handler.mjs': file(code) }) };
    await cloud.create('older', 'tell', { Runtime: 'nodejs20.x', Code });
    expect(said()).toEqual([expect.stringMatching(/nodejs20\.x and runs as nodejs24\.x here \(Node\.js 24\./)]);
    expect((await cloud.invoke('older')).value).toBe('AWS_Lambda_nodejs24.x');
    expect((await configuration('older')).Runtime).toBe('nodejs20.x');

    const change = (more: object) =>
      cloud.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'older', ...more }));
    await change({ Timeout: 10 });
    expect(said()).toHaveLength(1);
    await change({ Runtime: 'nodejs22.x' });
    expect(said()).toEqual([expect.anything(), expect.stringContaining('nodejs22.x')]);
  });
});

describe('a function is refused', () => {
  const refused: [string, Partial<CreateFunctionCommandInput>, string | RegExp][] = [
    [
      'with a role that Lambda may not take',
      { Role: `arn:aws:iam::${account}:role/ForTasks` },
      'The role defined for the function cannot be assumed by Lambda.',
    ],
    [
      'with a runtime that is not here',
      { Runtime: 'python3.13' },
      "Value python3.13 at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: [nodejs24.x, nodejs22.x, nodejs20.x] or be a valid ARN (these are the runtimes of the embedded cloud)",
    ],
    [
      'with reserved environment variables',
      { Environment: { Variables: { AWS_REGION: 'x', FINE: 'y' } } },
      /contains reserved keys .+ Reserved keys used in this request: AWS_REGION$/,
    ],
    [
      'with more than 4 KB of environment variables',
      { Environment: { Variables: { BIG: 'x'.repeat(4096 - '{"BIG":""}'.length + 1) } } },
      /exceeded the 4KB limit/,
    ],
    ['with a broken archive', { Code: { ZipFile: Buffer.from('PK nothing') } }, /^Could not unzip uploaded file/],
    [
      'with an archive that leaves its folder',
      { Code: { ZipFile: zipSync({ '../escape.mjs': file('') }) } },
      /^Could not unzip uploaded file/,
    ],
    [
      'with 250 MB of code',
      { Code: { ZipFile: zipSync({ big: [new Uint8Array(262_144_000), { level: 1 }] }) } },
      'Unzipped size must be smaller than 262144000 bytes',
    ],
  ];
  beforeAll(async () => {
    const AssumeRolePolicyDocument = JSON.stringify({
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' },
    });
    await cloud.iam.send(new CreateRoleCommand({ RoleName: 'ForTasks', AssumeRolePolicyDocument }));
  });

  test.each(refused)('%s', async (_, settings, message) => {
    await expect(cloud.create('refused', 'echo', settings)).rejects.toMatchObject(invalid(message));
    await expect(configuration('refused')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  test.each<[string, Partial<CreateFunctionCommandInput>, string]>([
    [
      'a timeout of 901 seconds',
      { Timeout: 901 },
      "Value '901' at 'timeout' failed to satisfy constraint: Member must have value less than or equal to 900",
    ],
    [
      '127 MB of memory',
      { MemorySize: 127 },
      "Value '127' at 'memorySize' failed to satisfy constraint: Member must have value greater than or equal to 128",
    ],
    [
      'blanks in the handler',
      { Handler: 'a b' },
      "Value 'a b' at 'handler' failed to satisfy constraint: Member must satisfy regular expression pattern: [^\\s]+",
    ],
    [
      'two architectures',
      { Architectures: ['arm64', 'x86_64'] },
      "Value '[arm64, x86_64]' at 'architectures' failed to satisfy constraint: Member must have length less than or equal to 1",
    ],
  ])('with %s', async (_, settings, problem) => {
    await expect(cloud.create('refused', 'echo', settings)).rejects.toMatchObject({
      name: 'ValidationException',
      message: `1 validation error detected: ${problem}`,
    });
  });

  test('with 50 MB of archive in the request', async () => {
    const ZipFile = new Uint8Array(52_428_801);
    await expect(cloud.create('refused', 'echo', { Code: { ZipFile } })).rejects.toMatchObject({
      name: 'RequestEntityTooLargeException',
      message: 'Zipped size must be smaller than 52428800 bytes',
      $metadata: { httpStatusCode: 413 },
    });
  });

  test('with settings that nothing here stands behind, naming them', async () => {
    await expect(cloud.create('refused', 'echo', { KMSKeyArn: 'arn:aws:kms:::key/1' })).rejects.toMatchObject({
      name: 'NotImplementedException',
      message: expect.stringContaining('KMSKeyArn'),
      $metadata: { httpStatusCode: 501 },
    });
  });

  test('from callers who may not pass its role', async () => {
    const credentials = await cloud.userWith('creator', { Effect: 'Allow', Action: 'lambda:*', Resource: '*' });
    const lambda = cloud.client(LambdaClient, { credentials });
    const { CreateFunctionCommand } = await import('@aws-sdk/client-lambda');
    const command = new CreateFunctionCommand({
      FunctionName: 'refused',
      Role: cloud.role('Function'),
      Runtime: 'nodejs24.x',
      Handler: 'handler.echo',
      Code: { ZipFile: handlerZip },
    });
    await expect(lambda.send(command)).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining(
        `is not authorized to perform: iam:PassRole on resource: ${cloud.role('Function')}`,
      ),
    });
  });
});

describe('an update', () => {
  test('of the code is what the next invocation runs', async () => {
    await cloud.create('changing');
    await cloud.invoke('changing');
    const before = await configuration('changing');
    const ZipFile = zipSync({ 'handler.mjs': file('export const echo = async () => "new";') });
    const after = await cloud.lambda.send(new UpdateFunctionCodeCommand({ FunctionName: 'changing', ZipFile }));
    expect(after.RevisionId).not.toBe(before.RevisionId);
    expect(after.CodeSha256).not.toBe(before.CodeSha256);
    expect((await cloud.invoke('changing')).value).toBe('new');
  });

  test('of the configuration changes what it names and keeps the rest', async () => {
    await cloud.create('configured', 'echo', { Timeout: 9, Environment: { Variables: { GREETING: 'first' } } });
    await cloud.invoke('configured');
    await cloud.lambda.send(
      new UpdateFunctionConfigurationCommand({
        FunctionName: 'configured',
        Environment: { Variables: { GREETING: 'second' } },
        LoggingConfig: { LogFormat: 'JSON' },
      }),
    );
    expect(await configuration('configured')).toMatchObject({
      Timeout: 9,
      LoggingConfig: { LogFormat: 'JSON', ApplicationLogLevel: 'INFO', SystemLogLevel: 'INFO' },
    });
    expect((await cloud.invoke('configured')).value.greeting).toBe('second');
  });

  test('is refused when it was made for another revision', async () => {
    await cloud.create('revised');
    const command = new UpdateFunctionConfigurationCommand({ FunctionName: 'revised', Timeout: 5, RevisionId: 'old' });
    await expect(cloud.lambda.send(command)).rejects.toMatchObject({
      name: 'PreconditionFailedException',
      message: expect.stringContaining('does not match the latest Revision Id'),
      $metadata: { httpStatusCode: 412 },
    });
    expect((await configuration('revised')).Timeout).toBe(3);
  });

  test('without code changes nothing when it is a dry run', async () => {
    await cloud.create('dry');
    const ZipFile = zipSync({ 'handler.mjs': file('export const echo = async () => "other";') });
    await cloud.lambda.send(new UpdateFunctionCodeCommand({ FunctionName: 'dry', ZipFile, DryRun: true }));
    expect((await cloud.invoke('dry', { still: 'here' })).value.event).toEqual({ still: 'here' });
  });
});

test('a deleted function is gone', async () => {
  await cloud.create('gone');
  await cloud.lambda.send(new DeleteFunctionCommand({ FunctionName: 'gone' }));
  await expect(cloud.invoke('gone')).rejects.toMatchObject({ message: `Function not found: ${functionArn('gone')}` });
  await expect(cloud.lambda.send(new DeleteFunctionCommand({ FunctionName: 'gone' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});

test('functions are listed in pages', async () => {
  await cloud.create('list-a');
  await cloud.create('list-b');
  const names: (string | undefined)[] = [];
  let Marker: string | undefined;
  do {
    const answer = await cloud.lambda.send(new ListFunctionsCommand({ MaxItems: 1, Marker }));
    names.push(...(answer.Functions ?? []).map(({ FunctionName }) => FunctionName));
    Marker = answer.NextMarker;
  } while (Marker);
  expect(names).toEqual(expect.arrayContaining(['list-a', 'list-b']));
  const { AccountUsage, AccountLimit } = await cloud.lambda.send(new GetAccountSettingsCommand({}));
  expect(AccountUsage?.FunctionCount).toBe(names.length);
  expect(AccountLimit).toMatchObject({ ConcurrentExecutions: 1000, UnreservedConcurrentExecutions: 1000 });
});

test('tags come with the function, are added and taken away', async () => {
  await cloud.create('tagged', 'echo', { Tags: { team: 'orders' } });
  const Resource = functionArn('tagged');
  await cloud.lambda.send(new TagResourceCommand({ Resource, Tags: { stage: 'dev' } }));
  await cloud.lambda.send(new UntagResourceCommand({ Resource, TagKeys: ['team'] }));
  expect((await cloud.lambda.send(new ListTagsCommand({ Resource }))).Tags).toEqual({ stage: 'dev' });
});
