import {
  AddPermissionCommand,
  CreateFunctionCommand,
  CreateFunctionUrlConfigCommand,
  DeleteFunctionCommand,
  DeleteFunctionConcurrencyCommand,
  DeleteFunctionEventInvokeConfigCommand,
  DeleteFunctionUrlConfigCommand,
  GetAccountSettingsCommand,
  GetFunctionCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionEventInvokeConfigCommand,
  GetFunctionUrlConfigCommand,
  GetPolicyCommand,
  LambdaClient,
  ListFunctionEventInvokeConfigsCommand,
  ListFunctionsCommand,
  ListFunctionUrlConfigsCommand,
  ListTagsCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionEventInvokeConfigCommand,
  RemovePermissionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
  UpdateFunctionEventInvokeConfigCommand,
  UpdateFunctionUrlConfigCommand,
} from '@aws-sdk/client-lambda';
import { expect } from 'vitest';
import { type Claim, refusal } from './contract.ts';
import { deployed, quotas, reference, zip } from './lambda-support.ts';

/** Claims about functions, their settings and who may call them. */
export const functionClaims: readonly Claim[] = [
  {
    operation: 'CreateFunction',
    claim: 'refuses a name that is taken',
    source: reference('CreateFunction'),
    async run(target) {
      const { lambda, input } = await deployed(target);
      expect((await refusal(lambda.send(new CreateFunctionCommand(input)))).name).toBe('ResourceConflictException');
    },
  },
  {
    operation: 'CreateFunction',
    claim: 'refuses memory of more than 10,240 MB and a timeout of more than 15 minutes',
    limit: '10,240 MB, 900 s',
    source: quotas,
    async run(target) {
      const { lambda, input } = await deployed(target);
      const create = (more: object) =>
        lambda.send(new CreateFunctionCommand({ ...input, FunctionName: target.name(), ...more }));
      expect((await refusal(create({ MemorySize: 10_241 }))).name).toMatch(/ValidationException|InvalidParameterValue/);
      expect((await refusal(create({ Timeout: 901 }))).name).toMatch(/ValidationException|InvalidParameterValue/);
    },
  },
  {
    operation: 'CreateFunction',
    claim: 'refuses variables of more than 4 KB together',
    limit: '4 KB of environment variables',
    source: quotas,
    async run(target) {
      const { lambda, input } = await deployed(target);
      const Environment = { Variables: { LONG: 'x'.repeat(4096) } };
      const call = new CreateFunctionCommand({ ...input, FunctionName: target.name(), Environment });
      expect((await refusal(lambda.send(call))).name).toBe('InvalidParameterValueException');
    },
  },
  {
    operation: 'CreateFunction',
    claim: "refuses the names of Lambda's own variables",
    source: 'Lambda Developer Guide, Defined runtime environment variables',
    async run(target) {
      const { lambda, input } = await deployed(target);
      const Environment = { Variables: { AWS_REGION: 'mars-north-1' } };
      const call = new CreateFunctionCommand({ ...input, FunctionName: target.name(), Environment });
      expect((await refusal(lambda.send(call))).name).toBe('InvalidParameterValueException');
    },
  },
  {
    operation: 'GetFunction',
    claim: 'does not know what is not there',
    source: reference('GetFunction'),
    async run(target) {
      const call = new GetFunctionCommand({ FunctionName: target.name() });
      expect((await refusal(target.client(LambdaClient).send(call))).name).toBe('ResourceNotFoundException');
    },
  },
  {
    operation: 'PutFunctionConcurrency',
    claim: 'turns a function off with 0',
    source: 'Lambda Developer Guide, Configuring reserved concurrency',
    async run(target) {
      const { lambda, FunctionName, invoke } = await deployed(target);
      await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }));
      await target.until(async () => {
        expect((await refusal(invoke({}))).name).toBe('TooManyRequestsException');
      });
    },
  },
  {
    operation: 'UpdateFunctionConfiguration',
    claim: 'reaches the handler',
    source: reference('UpdateFunctionConfiguration'),
    async run(target) {
      const { lambda, FunctionName, settled, invoke } = await deployed(target);
      const Environment = { Variables: { GREETING: 'changed' } };
      await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment }));
      await settled();
      expect((await invoke({})).value.greeting).toBe('changed');
    },
  },
  {
    operation: 'AddPermission',
    claim: 'adds a statement once',
    source: reference('AddPermission'),
    async run(target) {
      const { lambda, FunctionName } = await deployed(target);
      const add = () =>
        lambda.send(
          new AddPermissionCommand({
            FunctionName,
            StatementId: 'logs',
            Action: 'lambda:InvokeFunction',
            Principal: 'logs.amazonaws.com',
            SourceAccount: target.account,
          }),
        );
      await add();
      expect((await refusal(add())).name).toBe('ResourceConflictException');
      const { Policy } = await lambda.send(new GetPolicyCommand({ FunctionName }));
      expect(JSON.parse(Policy as string).Statement).toMatchObject([
        { Sid: 'logs', Condition: { StringEquals: { 'AWS:SourceAccount': target.account } } },
      ]);
    },
  },
  {
    operation: 'DeleteFunction',
    beside: ['ListFunctions', 'GetFunctionConfiguration'],
    claim: 'does not know what is not there',
    source: reference('DeleteFunction'),
    async run(target) {
      const { lambda } = await deployed(target);
      const { Functions = [] } = await lambda.send(new ListFunctionsCommand({ MaxItems: 1 }));
      expect(Functions).toHaveLength(1);
      const call = lambda.send(new DeleteFunctionCommand({ FunctionName: target.name() }));
      expect((await refusal(call)).name).toBe('ResourceNotFoundException');
    },
  },
  {
    operation: 'GetFunctionConcurrency',
    beside: ['DeleteFunctionConcurrency', 'GetAccountSettings'],
    claim: 'tells what is reserved, which the account has less for others',
    source: 'Lambda Developer Guide, Configuring reserved concurrency',
    async run(target) {
      const { lambda, FunctionName } = await deployed(target);
      const reserved = async () =>
        (await lambda.send(new GetFunctionConcurrencyCommand({ FunctionName }))).ReservedConcurrentExecutions;
      const free = async () =>
        (await lambda.send(new GetAccountSettingsCommand({}))).AccountLimit?.UnreservedConcurrentExecutions ?? 0;
      const before = await free();
      await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 1 }));
      await target.until(async () => expect(await reserved()).toBe(1));
      await target.until(async () => expect(await free()).toBe(before - 1));
      await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
      await target.until(async () => expect(await reserved()).toBeUndefined());
    },
  },
  {
    operation: 'PutFunctionEventInvokeConfig',
    beside: [
      'GetFunctionEventInvokeConfig',
      'UpdateFunctionEventInvokeConfig',
      'ListFunctionEventInvokeConfigs',
      'DeleteFunctionEventInvokeConfig',
    ],
    claim: 'puts all anew where an update leaves what it does not name',
    limit: '2 retries',
    source: reference('PutFunctionEventInvokeConfig'),
    async run(target) {
      const { lambda, FunctionName } = await deployed(target);
      const get = () => lambda.send(new GetFunctionEventInvokeConfigCommand({ FunctionName }));
      const three = new PutFunctionEventInvokeConfigCommand({ FunctionName, MaximumRetryAttempts: 3 });
      expect((await refusal(lambda.send(three))).name).toMatch(/ValidationException|InvalidParameterValue/);
      const first = { FunctionName, MaximumRetryAttempts: 1, MaximumEventAgeInSeconds: 60 };
      await lambda.send(new PutFunctionEventInvokeConfigCommand(first));
      await lambda.send(new UpdateFunctionEventInvokeConfigCommand({ FunctionName, MaximumRetryAttempts: 0 }));
      expect(await get()).toMatchObject({ MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 });
      const listed = await lambda.send(new ListFunctionEventInvokeConfigsCommand({ FunctionName }));
      expect(listed.FunctionEventInvokeConfigs).toHaveLength(1);
      await lambda.send(new PutFunctionEventInvokeConfigCommand({ FunctionName, MaximumRetryAttempts: 2 }));
      expect((await get()).MaximumEventAgeInSeconds).not.toBe(60);
      await lambda.send(new DeleteFunctionEventInvokeConfigCommand({ FunctionName }));
      expect((await refusal(get())).name).toBe('ResourceNotFoundException');
    },
  },
  {
    operation: 'CreateFunctionUrlConfig',
    beside: ['GetFunctionUrlConfig', 'UpdateFunctionUrlConfig', 'ListFunctionUrlConfigs', 'DeleteFunctionUrlConfig'],
    claim: 'gives a function one URL, which answers nobody without a permission',
    source: 'Lambda Developer Guide, Control access to Lambda function URLs',
    async run(target) {
      const { lambda, FunctionName } = await deployed(target);
      const create = () => lambda.send(new CreateFunctionUrlConfigCommand({ FunctionName, AuthType: 'AWS_IAM' }));
      const { FunctionUrl } = await create();
      expect((await refusal(create())).name).toBe('ResourceConflictException');
      await target.until(async () => expect((await fetch(FunctionUrl as string)).status).toBe(403));
      await lambda.send(new UpdateFunctionUrlConfigCommand({ FunctionName, InvokeMode: 'RESPONSE_STREAM' }));
      const get = () => lambda.send(new GetFunctionUrlConfigCommand({ FunctionName }));
      expect(await get()).toMatchObject({ FunctionUrl, AuthType: 'AWS_IAM', InvokeMode: 'RESPONSE_STREAM' });
      const { FunctionUrlConfigs } = await lambda.send(new ListFunctionUrlConfigsCommand({ FunctionName }));
      expect(FunctionUrlConfigs).toHaveLength(1);
      await lambda.send(new DeleteFunctionUrlConfigCommand({ FunctionName }));
      expect((await refusal(get())).name).toBe('ResourceNotFoundException');
    },
  },
  {
    operation: 'RemovePermission',
    beside: ['GetPolicy'],
    claim: 'does not know a statement that is not there',
    source: reference('RemovePermission'),
    async run(target) {
      const { lambda, FunctionName } = await deployed(target);
      const call = lambda.send(new RemovePermissionCommand({ FunctionName, StatementId: 'none' }));
      expect((await refusal(call)).name).toBe('ResourceNotFoundException');
      const policy = lambda.send(new GetPolicyCommand({ FunctionName }));
      expect((await refusal(policy)).name).toBe('ResourceNotFoundException');
    },
  },
  {
    operation: 'TagResource',
    beside: ['UntagResource', 'ListTags'],
    claim: 'tags a function by its ARN',
    source: reference('TagResource'),
    async run(target) {
      const { lambda, FunctionName } = await deployed(target);
      const Resource = `arn:aws:lambda:${target.region}:${target.account}:function:${FunctionName}`;
      await lambda.send(new TagResourceCommand({ Resource, Tags: { team: 'a', stage: 'b' } }));
      await lambda.send(new UntagResourceCommand({ Resource, TagKeys: ['stage'] }));
      expect((await lambda.send(new ListTagsCommand({ Resource }))).Tags).toEqual({ team: 'a' });
    },
  },
  {
    operation: 'UpdateFunctionCode',
    beside: ['ListVersionsByFunction'],
    claim: 'changes nothing when it is a dry run',
    source: reference('UpdateFunctionCode'),
    async run(target) {
      const { lambda, FunctionName, invoke } = await deployed(target);
      const ZipFile = zip({ 'index.mjs': "export const handler = async () => 'new';" });
      await lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile, DryRun: true }));
      expect((await invoke({ a: 1 })).value).toMatchObject({ event: { a: 1 } });
    },
  },
];
