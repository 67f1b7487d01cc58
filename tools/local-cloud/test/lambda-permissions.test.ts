import {
  AddPermissionCommand,
  type AddPermissionCommandInput,
  CreateAliasCommand,
  GetPolicyCommand,
  InvokeCommand,
  LambdaClient,
  PublishVersionCommand,
  RemovePermissionCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serviceCaller } from '../src/iam/service-caller.ts';
import type { Caller } from '../src/service.ts';
import { account, functionArn, type LambdaCloud, startLambdaCloud } from './fixtures/lambda/support.ts';

let cloud: LambdaCloud;
beforeAll(async () => {
  cloud = await startLambdaCloud();
});
afterAll(() => cloud.close());

const add = (FunctionName: string, permission: Partial<AddPermissionCommandInput>) =>
  cloud.lambda.send(
    new AddPermissionCommand({
      FunctionName,
      StatementId: 'one',
      Action: 'lambda:InvokeFunction',
      Principal: '111111111111',
      ...permission,
    }),
  );
const statements = async (FunctionName: string, Qualifier?: string) =>
  JSON.parse((await cloud.lambda.send(new GetPolicyCommand({ FunctionName, Qualifier }))).Policy ?? '').Statement;
const other = () =>
  cloud.client(LambdaClient, { credentials: { accessKeyId: '111111111111', secretAccessKey: 'test' } });

const invokeAs = (caller: Caller, FunctionName: string) =>
  cloud.cloud.call('lambda', 'Invoke', { FunctionName }, { caller, region: 'us-east-1' });

describe('a permission', () => {
  test.each<[string, Partial<AddPermissionCommandInput>, object]>([
    [
      'for a service on behalf of a resource',
      { Principal: 's3.amazonaws.com', SourceArn: 'arn:aws:s3:::orders', SourceAccount: account },
      {
        Principal: { Service: 's3.amazonaws.com' },
        Condition: {
          StringEquals: { 'AWS:SourceAccount': account },
          ArnLike: { 'AWS:SourceArn': 'arn:aws:s3:::orders' },
        },
      },
    ],
    ['for an account', {}, { Principal: { AWS: 'arn:aws:iam::111111111111:root' } }],
    [
      'for a public function URL',
      { Principal: '*', Action: 'lambda:InvokeFunctionUrl', FunctionUrlAuthType: 'NONE' },
      { Principal: '*', Condition: { StringEquals: { 'lambda:FunctionUrlAuthType': 'NONE' } } },
    ],
    [
      'for invocations via the function URL',
      { Principal: '*', InvokedViaFunctionUrl: true },
      { Principal: '*', Condition: { Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } } },
    ],
  ])('%s becomes a statement of the policy', async (title, permission, expected) => {
    const name = title.replaceAll(' ', '-');
    await cloud.create(name);
    const { Statement } = await add(name, permission);
    expect(JSON.parse(Statement ?? '')).toMatchObject({ Sid: 'one', Effect: 'Allow', ...expected });
    expect(await statements(name)).toEqual([JSON.parse(Statement ?? '')]);
  });

  test('lets another account in until it is removed', async () => {
    await cloud.create('shared');
    const invoke = () => other().send(new InvokeCommand({ FunctionName: functionArn('shared') }));
    await expect(invoke()).rejects.toMatchObject({ name: 'AccessDeniedException' });
    await add('shared', {});
    expect((await invoke()).StatusCode).toBe(200);
    await cloud.lambda.send(new RemovePermissionCommand({ FunctionName: 'shared', StatementId: 'one' }));
    await expect(invoke()).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  test('of an alias does not reach the function behind it', async () => {
    await cloud.create('qualified');
    await cloud.lambda.send(new PublishVersionCommand({ FunctionName: 'qualified' }));
    await cloud.lambda.send(new CreateAliasCommand({ FunctionName: 'qualified', Name: 'live', FunctionVersion: '1' }));
    await add('qualified', { Qualifier: 'live' });
    const invoke = (FunctionName: string) => other().send(new InvokeCommand({ FunctionName }));
    expect((await invoke(`${functionArn('qualified')}:live`)).ExecutedVersion).toBe('1');
    await expect(invoke(functionArn('qualified'))).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  test('for a service lets that service in and no other', async () => {
    await cloud.create('notified');
    await add('notified', { Principal: 'sns.amazonaws.com' });
    expect(await invokeAs(serviceCaller('sns.amazonaws.com', account), 'notified')).toMatchObject({ StatusCode: 200 });
    await expect(invokeAs(serviceCaller('s3.amazonaws.com', account), 'notified')).rejects.toMatchObject({
      code: 'AccessDeniedException',
    });
  });

  test('on behalf of a resource asks for that resource and its account', async () => {
    await cloud.create('uploads');
    const permission = { Principal: 's3.amazonaws.com', SourceArn: 'arn:aws:s3:::orders', SourceAccount: account };
    await add('uploads', permission);
    const s3 = (bucket?: string, owner = account) =>
      invokeAs(serviceCaller('s3.amazonaws.com', owner, bucket && `arn:aws:s3:::${bucket}`), functionArn('uploads'));
    expect(await s3('orders')).toMatchObject({ StatusCode: 200 });
    for (const wrong of [s3('others'), s3(), s3('orders', '111111111111')]) {
      await expect(wrong).rejects.toMatchObject({
        code: 'AccessDeniedException',
        message: `User: s3.amazonaws.com is not authorized to perform: lambda:InvokeFunction on resource: ${functionArn('uploads')} because no resource-based policy allows the lambda:InvokeFunction action`,
      });
    }
  });
});

describe('AddPermission refuses', () => {
  test('a statement id twice', async () => {
    await cloud.create('twice');
    await add('twice', {});
    await expect(add('twice', {})).rejects.toMatchObject({
      name: 'ResourceConflictException',
      message:
        'The statement id (one) provided already exists. Please provide a new statement id, or remove the existing statement.',
    });
  });

  test.each<[string, Partial<AddPermissionCommandInput>, string]>([
    [
      'a principal that is none',
      { Principal: 'nobody' },
      'The provided principal was invalid. Please check the principal and try again.',
    ],
    ['$LATEST', { Qualifier: '$LATEST' }, 'We currently do not support adding policies for $LATEST.'],
  ])('%s', async (title, permission, message) => {
    const name = `refuses-${title.replaceAll(/\W/g, '-')}`;
    await cloud.create(name);
    await expect(add(name, permission)).rejects.toMatchObject({ name: 'InvalidParameterValueException', message });
    await expect(statements(name)).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'The resource you requested does not exist.',
    });
  });

  test('a function that is missing', async () => {
    await expect(add('missing', {})).rejects.toMatchObject({
      message: `Function not found: ${functionArn('missing')}`,
    });
  });
});
