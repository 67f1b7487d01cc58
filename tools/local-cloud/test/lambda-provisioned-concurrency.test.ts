import { CloudFormationClient, CreateStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  CreateAliasCommand,
  DeleteProvisionedConcurrencyConfigCommand,
  GetProvisionedConcurrencyConfigCommand,
  ListProvisionedConcurrencyConfigsCommand,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  PutProvisionedConcurrencyConfigCommand,
  UpdateAliasCommand,
  UpdateFunctionCodeCommand,
} from '@aws-sdk/client-lambda';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually, functionArn, type LambdaCloud, startLambdaCloud } from './fixtures/lambda/support.ts';

const source = (tag: string, init = '') => `${init}
const environment = { pid: process.pid, type: process.env.AWS_LAMBDA_INITIALIZATION_TYPE, tag: '${tag}' };
export const handler = async ({ ms = 0 }) => {
  await new Promise((resolve) => setTimeout(resolve, ms));
  return environment;
};`;
const zip = (text: string) => zipSync({ 'index.mjs': Buffer.from(text) });

let cloud: LambdaCloud;
beforeAll(async () => {
  cloud = await startLambdaCloud();
});
afterAll(() => cloud.close());

/** A function with version 1 and the alias `live` on it. */
async function create(FunctionName: string, text = source('one')): Promise<void> {
  await cloud.create(FunctionName, 'handler', { Handler: 'index.handler', Code: { ZipFile: zip(text) } });
  await cloud.lambda.send(new PublishVersionCommand({ FunctionName }));
  await cloud.lambda.send(new CreateAliasCommand({ FunctionName, Name: 'live', FunctionVersion: '1' }));
}
const put = (FunctionName: string, Qualifier: string, ProvisionedConcurrentExecutions: number) =>
  cloud.lambda.send(
    new PutProvisionedConcurrencyConfigCommand({ FunctionName, Qualifier, ProvisionedConcurrentExecutions }),
  );
const get = (FunctionName: string, Qualifier: string) =>
  cloud.lambda.send(new GetProvisionedConcurrencyConfigCommand({ FunctionName, Qualifier }));
const ready = (name: string, qualifier: string) =>
  eventually(async () => expect((await get(name, qualifier)).Status).toBe('READY'));

describe('provisioned concurrency', () => {
  test('initialises environments before the first invocation, which goes into one of them', async () => {
    await create('ahead');
    expect(await put('ahead', 'live', 2)).toMatchObject({
      Status: 'IN_PROGRESS',
      RequestedProvisionedConcurrentExecutions: 2,
      AvailableProvisionedConcurrentExecutions: 0,
    });
    await ready('ahead', 'live');
    const invoke = () => cloud.invoke('ahead', { ms: 300 }, { Qualifier: 'live' });
    const answers = await Promise.all([invoke(), invoke(), invoke()]);
    const types = answers.map(({ value }) => value.type).sort();
    // What goes beyond it is served on demand.
    expect(types).toEqual(['on-demand', 'provisioned-concurrency', 'provisioned-concurrency']);
  });

  test('follows its alias to another version', async () => {
    await create('followed');
    await put('followed', 'live', 1);
    await ready('followed', 'live');
    const FunctionName = 'followed';
    await cloud.lambda.send(
      new UpdateFunctionCodeCommand({ FunctionName, ZipFile: zip(source('two')), Publish: true }),
    );
    await cloud.lambda.send(new UpdateAliasCommand({ FunctionName, Name: 'live', FunctionVersion: '2' }));
    await ready('followed', 'live');
    const { value } = await cloud.invoke('followed', {}, { Qualifier: 'live' });
    expect(value).toMatchObject({ type: 'provisioned-concurrency', tag: 'two' });
  });

  test('stays through idle time, and its environments end with it', async () => {
    await create('kept');
    await put('kept', '1', 1);
    await ready('kept', '1');
    // With its log, the answer comes when the environment is idle again.
    const { value } = await cloud.invoke('kept', {}, { Qualifier: '1', LogType: 'Tail' });
    await cloud.cloud.clock.advance(600_000);
    expect((await cloud.invoke('kept', {}, { Qualifier: '1' })).value.pid).toBe(value.pid);
    const FunctionName = 'kept';
    const { ProvisionedConcurrencyConfigs } = await cloud.lambda.send(
      new ListProvisionedConcurrencyConfigsCommand({ FunctionName }),
    );
    expect(ProvisionedConcurrencyConfigs).toMatchObject([{ FunctionArn: `${functionArn('kept')}:1`, Status: 'READY' }]);
    await cloud.lambda.send(new DeleteProvisionedConcurrencyConfigCommand({ FunctionName, Qualifier: '1' }));
    await eventually(() => expect(() => process.kill(value.pid, 0)).toThrow('ESRCH'));
    await expect(get('kept', '1')).rejects.toMatchObject({ name: 'ProvisionedConcurrencyConfigNotFoundException' });
  });

  test('fails when the function cannot be initialised', async () => {
    await create('broken', source('one', "throw new Error('no');"));
    await put('broken', 'live', 1);
    await eventually(async () =>
      expect(await get('broken', 'live')).toMatchObject({
        Status: 'FAILED',
        StatusReason: 'FUNCTION_ERROR_INIT_FAILURE',
      }),
    );
  });

  test('is refused for $LATEST, twice for one version, and beyond what is reserved', async () => {
    await create('refused');
    const invalid = { name: 'InvalidParameterValueException' };
    await expect(put('refused', '$LATEST', 1)).rejects.toMatchObject({
      ...invalid,
      message: 'Provisioned Concurrency Configs cannot be applied to unpublished function versions.',
    });
    await cloud.lambda.send(
      new PutFunctionConcurrencyCommand({ FunctionName: 'refused', ReservedConcurrentExecutions: 1 }),
    );
    await expect(put('refused', 'live', 2)).rejects.toMatchObject(invalid);
    await put('refused', 'live', 1);
    await expect(put('refused', '1', 1)).rejects.toMatchObject({ name: 'ResourceConflictException' });
  });

  test('comes with aliases of templates, which are complete when it is there', async () => {
    const FunctionName = 'templated';
    const Resources = {
      Function: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          FunctionName,
          Runtime: 'nodejs24.x',
          Handler: 'index.handler',
          Role: cloud.role('Function'),
          Code: { ZipFile: 'exports.handler = async () => process.env.AWS_LAMBDA_INITIALIZATION_TYPE;' },
        },
      },
      Version: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Function' } } },
      Alias: {
        Type: 'AWS::Lambda::Alias',
        Properties: {
          FunctionName: { Ref: 'Function' },
          FunctionVersion: { 'Fn::GetAtt': ['Version', 'Version'] },
          Name: 'live',
          ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 1 },
        },
      },
    };
    const cloudFormation = cloud.client(CloudFormationClient);
    await cloudFormation.send(
      new CreateStackCommand({ StackName: FunctionName, TemplateBody: JSON.stringify({ Resources }) }),
    );
    await eventually(async () => {
      const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName: FunctionName }));
      expect(Stacks?.[0]?.StackStatus).toBe('CREATE_COMPLETE');
    });
    expect((await get(FunctionName, 'live')).Status).toBe('READY');
    expect((await cloud.invoke(FunctionName, {}, { Qualifier: 'live' })).value).toBe('provisioned-concurrency');
  });
});
