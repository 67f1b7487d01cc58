import {
  GetAliasCommand,
  GetFunctionCommand,
  GetFunctionEventInvokeConfigCommand,
  GetFunctionUrlConfigCommand,
  GetLayerVersionPolicyCommand,
  GetPolicyCommand,
  InvokeCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { strToU8, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { live, type StackCloud, startStackCloud, template } from './cloudformation-support.ts';

let cloud: StackCloud;

beforeAll(async () => {
  cloud = await startStackCloud();
});
afterAll(() => cloud.close());

const trusting = (Service: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' }],
});

describe('Lambda', () => {
  const roleOnly = {
    Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: trusting('lambda.amazonaws.com') } },
  };
  const withFunction = (code: string, more: object = {}) => ({
    ...roleOnly,
    F: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
        Code: { ZipFile: `exports.handler = async () => ${code};` },
        ...more,
      },
    },
  });
  const said = async (FunctionName: string | undefined) => {
    const { Payload } = await cloud.client(LambdaClient).send(new InvokeCommand({ FunctionName }));
    return JSON.parse(Buffer.from(Payload ?? []).toString());
  };

  it('functions: code, configuration, concurrency and tags change', async () => {
    const lambda = cloud.client(LambdaClient);
    await live(cloud, [
      {
        resources: withFunction('process.env.SAY', {
          Environment: { Variables: { SAY: 'one' } },
          MemorySize: 256,
          Tags: [{ Key: 'a', Value: 'b' }],
        }),
        see: async ({ F }) => expect(await said(F)).toBe('one'),
      },
      {
        resources: withFunction('"two " + process.env.SAY', { Description: 'second', ReservedConcurrentExecutions: 5 }),
        async see({ F }) {
          expect(await said(F)).toBe('two undefined');
          expect(await lambda.send(new GetFunctionCommand({ FunctionName: F }))).toMatchObject({
            Configuration: { Description: 'second', MemorySize: 128 },
            Concurrency: { ReservedConcurrentExecutions: 5 },
          });
        },
      },
    ]);
  });

  it('versions, aliases, permissions, URLs and asynchronous invocation settings', async () => {
    const lambda = cloud.client(LambdaClient);
    const around = (retries: number, version: string, AuthType: string) => ({
      ...withFunction('1'),
      One: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'F' } } },
      Live: {
        Type: 'AWS::Lambda::Alias',
        Properties: {
          FunctionName: { Ref: 'F' },
          Name: 'live',
          FunctionVersion: version || { 'Fn::GetAtt': ['One', 'Version'] },
        },
      },
      Allow: {
        Type: 'AWS::Lambda::Permission',
        Properties: { FunctionName: { Ref: 'F' }, Action: 'lambda:InvokeFunction', Principal: 's3.amazonaws.com' },
      },
      Url: { Type: 'AWS::Lambda::Url', Properties: { TargetFunctionArn: { 'Fn::GetAtt': ['F', 'Arn'] }, AuthType } },
      Invoke: {
        Type: 'AWS::Lambda::EventInvokeConfig',
        Properties: { FunctionName: { Ref: 'F' }, Qualifier: '$LATEST', MaximumRetryAttempts: retries },
      },
    });
    const see =
      (retries: number, FunctionVersion: string, AuthType: string) => async (ids: Readonly<Record<string, string>>) => {
        const FunctionName = ids['F'];
        expect(await lambda.send(new GetAliasCommand({ FunctionName, Name: 'live' }))).toMatchObject({
          FunctionVersion,
        });
        expect((await lambda.send(new GetPolicyCommand({ FunctionName }))).Policy).toContain(ids['Allow']);
        expect(await lambda.send(new GetFunctionUrlConfigCommand({ FunctionName }))).toMatchObject({ AuthType });
        expect(
          await lambda.send(new GetFunctionEventInvokeConfigCommand({ FunctionName, Qualifier: '$LATEST' })),
        ).toMatchObject({ MaximumRetryAttempts: retries });
      };
    await live(cloud, [
      { resources: around(0, '', 'NONE'), see: see(0, '1', 'NONE') },
      { resources: around(2, '$LATEST', 'AWS_IAM'), see: see(2, '$LATEST', 'AWS_IAM') },
    ]);
  });

  it('a version of code that has not changed is refused', async () => {
    const name = 'unchanged';
    const version = { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'F' } } };
    await cloud.create(name, template({ ...withFunction('1'), One: version }));
    expect(await cloud.update(name, template({ ...withFunction('1'), One: version, Two: version }))).toMatchObject({
      StackStatus: 'UPDATE_ROLLBACK_COMPLETE',
    });
    expect(await cloud.events(name)).toContain(
      'Two CREATE_FAILED A version for this Lambda function exists ( 1 ). Modify the function to create a new version.',
    );
  });

  it('layers are published anew when they change, and shared by permission', async () => {
    const lambda = cloud.client(LambdaClient);
    const s3 = cloud.client(S3Client);
    await s3.send(new CreateBucketCommand({ Bucket: 'layers' }));
    const Body = zipSync({ 'nodejs/node_modules/said/index.js': strToU8('module.exports = "from the layer"') });
    await s3.send(new PutObjectCommand({ Bucket: 'layers', Key: 'layer.zip', Body }));
    const resources = (Description: string) => ({
      ...withFunction('require("said")', { Layers: [{ Ref: 'L' }] }),
      L: {
        Type: 'AWS::Lambda::LayerVersion',
        Properties: { LayerName: 'said', Description, Content: { S3Bucket: 'layers', S3Key: 'layer.zip' } },
      },
      Share: {
        Type: 'AWS::Lambda::LayerVersionPermission',
        Properties: { LayerVersionArn: { Ref: 'L' }, Action: 'lambda:GetLayerVersion', Principal: '*' },
      },
    });
    const see =
      (VersionNumber: number) =>
      async ({ F, L, Share }: Readonly<Record<string, string>>) => {
        expect(L).toMatch(new RegExp(`:layer:said:${VersionNumber}$`));
        expect(await said(F)).toBe('from the layer');
        const { Policy } = await lambda.send(new GetLayerVersionPolicyCommand({ LayerName: 'said', VersionNumber }));
        expect(Policy).toContain(Share?.split('#')[1]);
      };
    await live(cloud, [
      { resources: resources('one'), see: see(1) },
      { resources: resources('two'), see: see(2) },
    ]);
  });
});
