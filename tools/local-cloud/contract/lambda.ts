import {
  AddLayerVersionPermissionCommand,
  AddPermissionCommand,
  CreateAliasCommand,
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  type CreateFunctionCommandInput,
  CreateFunctionUrlConfigCommand,
  DeleteAliasCommand,
  DeleteEventSourceMappingCommand,
  DeleteFunctionCommand,
  DeleteFunctionConcurrencyCommand,
  DeleteFunctionEventInvokeConfigCommand,
  DeleteFunctionUrlConfigCommand,
  DeleteLayerVersionCommand,
  GetAccountSettingsCommand,
  GetAliasCommand,
  GetEventSourceMappingCommand,
  GetFunctionCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  GetFunctionEventInvokeConfigCommand,
  GetFunctionUrlConfigCommand,
  GetLayerVersionByArnCommand,
  GetLayerVersionCommand,
  GetLayerVersionPolicyCommand,
  GetPolicyCommand,
  InvokeCommand,
  type InvokeCommandInput,
  InvokeWithResponseStreamCommand,
  LambdaClient,
  ListAliasesCommand,
  ListEventSourceMappingsCommand,
  ListFunctionEventInvokeConfigsCommand,
  ListFunctionsCommand,
  ListFunctionUrlConfigsCommand,
  ListLayersCommand,
  ListLayerVersionsCommand,
  ListTagsCommand,
  ListVersionsByFunctionCommand,
  PublishLayerVersionCommand,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionEventInvokeConfigCommand,
  RemoveLayerVersionPermissionCommand,
  RemovePermissionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateAliasCommand,
  UpdateEventSourceMappingCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
  UpdateFunctionEventInvokeConfigCommand,
  UpdateFunctionUrlConfigCommand,
} from '@aws-sdk/client-lambda';
import { strToU8, zipSync } from 'fflate';
import { expect } from 'vitest';
import { lambda as service } from '../src/services/lambda/service.ts';
import { type Contract, refusal, type Target } from './contract.ts';
import { dynamodbSourceClaims } from './lambda-dynamodb-sources.ts';
import { eventSourceClaims } from './lambda-event-sources.ts';
import { queueSourceClaims } from './lambda-queue-sources.ts';
import { roleFor } from './role.ts';

const reference = (operation: string) => `Lambda API Reference, ${operation}`;
const quotas = 'Lambda Developer Guide, Lambda quotas';
const zip = (files: Record<string, string>) =>
  zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])));

/** Answers its event, its greeting and its version; throws and prints when it is told to. */
const code = `export const handler = async (event, context) => {
  if (event.print) console.log(event.print);
  if (event.fail) throw new TypeError(event.fail);
  if (event.bytes) return 'x'.repeat(event.bytes);
  return { event, greeting: process.env.GREETING, version: context.functionVersion };
};`;

async function deployed(target: Target, more: Partial<CreateFunctionCommandInput> = {}) {
  const lambda = target.client(LambdaClient);
  const FunctionName = target.name();
  const { RoleArn: Role } = await roleFor(target, { Service: 'lambda.amazonaws.com' });
  const input = {
    FunctionName,
    Role,
    Runtime: 'nodejs24.x',
    Handler: 'index.handler',
    Code: { ZipFile: zip({ 'index.mjs': code }) },
    ...more,
  } as const;
  // A new role can't be assumed everywhere at once.
  await target.until(() => lambda.send(new CreateFunctionCommand(input)));
  target.afterwards(() => lambda.send(new DeleteFunctionCommand({ FunctionName })));
  const settled = () =>
    target.until(async () => {
      const { State, LastUpdateStatus } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
      expect([State, LastUpdateStatus]).toEqual(['Active', 'Successful']);
    });
  await settled();
  const invoke = async (event: object, options: Partial<InvokeCommandInput> = {}) => {
    const answer = await lambda.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(event), ...options }));
    const text = Buffer.from(answer.Payload ?? []).toString();
    return { ...answer, value: text === '' ? undefined : JSON.parse(text) };
  };
  return { lambda, FunctionName, input, settled, invoke };
}

async function layer(target: Target) {
  const lambda = target.client(LambdaClient);
  const LayerName = target.name();
  const Content = { ZipFile: zip({ 'a.txt': 'a' }) };
  const { Version, LayerVersionArn } = await lambda.send(new PublishLayerVersionCommand({ LayerName, Content }));
  const VersionNumber = Version as number;
  target.afterwards(() => lambda.send(new DeleteLayerVersionCommand({ LayerName, VersionNumber })));
  return { lambda, LayerName, VersionNumber, LayerVersionArn };
}

export const lambda: Contract = {
  service,
  claims: [
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
        expect((await refusal(create({ MemorySize: 10_241 }))).name).toMatch(
          /ValidationException|InvalidParameterValue/,
        );
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
      operation: 'Invoke',
      claim: 'gives the event to the handler and its answer to the caller',
      source: reference('Invoke'),
      async run(target) {
        const { invoke } = await deployed(target, { Environment: { Variables: { GREETING: 'hello' } } });
        const { StatusCode, ExecutedVersion, value } = await invoke({ order: 7 });
        expect({ StatusCode, ExecutedVersion }).toEqual({ StatusCode: 200, ExecutedVersion: '$LATEST' });
        expect(value).toEqual({ event: { order: 7 }, greeting: 'hello', version: '$LATEST' });
      },
    },
    {
      operation: 'Invoke',
      claim: "reports the handler's error with status 200 and FunctionError",
      source: reference('Invoke'),
      async run(target) {
        const { invoke } = await deployed(target);
        const { StatusCode, FunctionError, value } = await invoke({ fail: 'no stock' });
        expect({ StatusCode, FunctionError }).toEqual({ StatusCode: 200, FunctionError: 'Unhandled' });
        expect(value).toMatchObject({ errorType: 'TypeError', errorMessage: 'no stock' });
      },
    },
    {
      operation: 'Invoke',
      claim: 'returns the last 4 KB of the log when asked',
      limit: '4 KB of log',
      source: reference('Invoke'),
      async run(target) {
        const { invoke } = await deployed(target);
        const { LogResult } = await invoke({ print: 'p'.repeat(5000) }, { LogType: 'Tail' });
        const log = Buffer.from(LogResult as string, 'base64').toString();
        expect(log.length).toBeLessThanOrEqual(4096);
        expect(log).toMatch(/p{1000}[\s\S]+REPORT RequestId: /);
      },
    },
    {
      operation: 'Invoke',
      claim: 'refuses an event of more than 6 MB',
      limit: '6 MB a synchronous request',
      source: quotas,
      async run(target) {
        const { invoke } = await deployed(target);
        const { name } = await refusal(invoke({ long: 'x'.repeat(6 * 1024 * 1024) }));
        expect(name).toMatch(/RequestTooLargeException|RequestEntityTooLarge/);
      },
    },
    {
      operation: 'Invoke',
      claim: 'makes a function error of an answer of more than 6 MB',
      limit: '6 MB a synchronous response',
      source: quotas,
      async run(target) {
        const { invoke } = await deployed(target, { MemorySize: 512, Timeout: 20 });
        const { FunctionError, value } = await invoke({ bytes: 6 * 1024 * 1024 + 101 });
        expect(FunctionError).toBe('Unhandled');
        expect(value.errorType).toBe('Function.ResponseSizeTooLarge');
      },
    },
    {
      operation: 'Invoke',
      claim: 'answers an event at once with status 202',
      source: 'Lambda Developer Guide, Asynchronous invocation',
      async run(target) {
        const { invoke } = await deployed(target);
        const { StatusCode, value } = await invoke({}, { InvocationType: 'Event' });
        expect({ StatusCode, value }).toEqual({ StatusCode: 202, value: undefined });
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
      operation: 'PublishVersion',
      claim: 'freezes the code, and makes no second version of the same',
      source: 'Lambda Developer Guide, Manage Lambda function versions',
      async run(target) {
        const { lambda, FunctionName, settled, invoke } = await deployed(target);
        const publish = async () => (await lambda.send(new PublishVersionCommand({ FunctionName }))).Version;
        expect([await publish(), await publish()]).toEqual(['1', '1']);
        const ZipFile = zip({ 'index.mjs': "export const handler = async () => 'new';" });
        await lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile }));
        await settled();
        expect((await invoke({})).value).toBe('new');
        await target.until(async () => {
          expect((await invoke({ a: 1 }, { Qualifier: '1' })).value).toMatchObject({ event: { a: 1 }, version: '1' });
        });
        const { Versions } = await lambda.send(new ListVersionsByFunctionCommand({ FunctionName }));
        expect(Versions?.map(({ Version }) => Version)).toEqual(['$LATEST', '1']);
      },
    },
    {
      operation: 'CreateAlias',
      claim: 'refuses a version that is not there',
      source: reference('CreateAlias'),
      async run(target) {
        const { lambda, FunctionName } = await deployed(target);
        const call = new CreateAliasCommand({ FunctionName, Name: 'live', FunctionVersion: '7' });
        expect((await refusal(lambda.send(call))).name).toBe('ResourceNotFoundException');
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
      operation: 'PublishLayerVersion',
      claim: 'counts versions, whose files the function finds in /opt',
      source: 'Lambda Developer Guide, Adding layers to functions',
      async run(target) {
        const { lambda, FunctionName, settled, invoke } = await deployed(target);
        const LayerName = target.name();
        const text = "module.exports = 'from the layer';";
        const publish = async () => {
          const Content = { ZipFile: zip({ 'nodejs/node_modules/greeting/index.js': text }) };
          const made = await lambda.send(new PublishLayerVersionCommand({ LayerName, Content }));
          const VersionNumber = made.Version as number;
          target.afterwards(() => lambda.send(new DeleteLayerVersionCommand({ LayerName, VersionNumber })));
          return made;
        };
        const [first, second] = [await publish(), await publish()];
        expect([first.Version, second.Version]).toEqual([1, 2]);
        const ZipFile = zip({ 'index.js': "exports.handler = async () => require('greeting');" });
        await lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile }));
        await settled();
        const Layers = [second.LayerVersionArn as string];
        await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Layers }));
        await settled();
        expect((await invoke({})).value).toBe('from the layer');
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
      operation: 'GetAlias',
      beside: ['UpdateAlias', 'ListAliases', 'DeleteAlias'],
      claim: 'leads to the version the alias was last given',
      source: 'Lambda Developer Guide, Create an alias for a Lambda function',
      async run(target) {
        const { lambda, FunctionName, invoke } = await deployed(target);
        const { Version } = await lambda.send(new PublishVersionCommand({ FunctionName }));
        const live = { FunctionName, Name: 'live' };
        await lambda.send(new CreateAliasCommand({ ...live, FunctionVersion: '$LATEST' }));
        await lambda.send(new UpdateAliasCommand({ ...live, FunctionVersion: Version }));
        expect((await lambda.send(new GetAliasCommand(live))).FunctionVersion).toBe('1');
        expect(
          (await lambda.send(new ListAliasesCommand({ FunctionName, FunctionVersion: '1' }))).Aliases,
        ).toHaveLength(1);
        await target.until(async () => expect((await invoke({}, { Qualifier: 'live' })).ExecutedVersion).toBe('1'));
        await lambda.send(new DeleteAliasCommand(live));
        expect((await refusal(lambda.send(new GetAliasCommand(live)))).name).toBe('ResourceNotFoundException');
      },
    },
    {
      operation: 'GetLayerVersion',
      beside: ['GetLayerVersionByArn', 'ListLayers', 'ListLayerVersions', 'DeleteLayerVersion'],
      claim: 'is the same by name and by ARN, and is gone when it is deleted',
      source: reference('GetLayerVersion'),
      async run(target) {
        const { lambda, LayerName, VersionNumber, LayerVersionArn } = await layer(target);
        const byName = () => lambda.send(new GetLayerVersionCommand({ LayerName, VersionNumber }));
        const byArn = await lambda.send(new GetLayerVersionByArnCommand({ Arn: LayerVersionArn }));
        expect(byArn.Content?.CodeSha256).toBe((await byName()).Content?.CodeSha256);
        expect((await lambda.send(new ListLayerVersionsCommand({ LayerName }))).LayerVersions).toHaveLength(1);
        expect((await lambda.send(new ListLayersCommand({}))).Layers?.length).toBeGreaterThan(0);
        await lambda.send(new DeleteLayerVersionCommand({ LayerName, VersionNumber }));
        expect((await refusal(byName())).name).toBe('ResourceNotFoundException');
      },
    },
    {
      operation: 'AddLayerVersionPermission',
      beside: ['GetLayerVersionPolicy', 'RemoveLayerVersionPermission'],
      claim: 'shares a version until it is removed',
      source: reference('AddLayerVersionPermission'),
      async run(target) {
        const { lambda, LayerName, VersionNumber } = await layer(target);
        const version = { LayerName, VersionNumber };
        const share = { StatementId: 'own', Action: 'lambda:GetLayerVersion', Principal: target.account };
        await lambda.send(new AddLayerVersionPermissionCommand({ ...version, ...share }));
        const policy = () => lambda.send(new GetLayerVersionPolicyCommand(version));
        expect(JSON.parse((await policy()).Policy as string).Statement).toMatchObject([{ Sid: 'own' }]);
        await lambda.send(new RemoveLayerVersionPermissionCommand({ ...version, StatementId: 'own' }));
        expect((await refusal(policy())).name).toBe('ResourceNotFoundException');
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
    {
      operation: 'InvokeWithResponseStream',
      claim: 'hands on what the handler writes, and tells how it ended',
      source: reference('InvokeWithResponseStream'),
      async run(target) {
        const text = `export const handler = awslambda.streamifyResponse(async (event, stream) => {
          stream.write('one ');
          stream.write('two');
          stream.end();
        });`;
        const { lambda, FunctionName } = await deployed(target, { Code: { ZipFile: zip({ 'index.mjs': text }) } });
        const { EventStream } = await lambda.send(new InvokeWithResponseStreamCommand({ FunctionName, Payload: '{}' }));
        let said = '';
        let complete: object | undefined;
        for await (const { PayloadChunk, InvokeComplete } of EventStream ?? []) {
          said += Buffer.from(PayloadChunk?.Payload ?? []).toString();
          complete ??= InvokeComplete;
        }
        expect(said).toBe('one two');
        expect(complete).not.toHaveProperty('ErrorCode');
      },
    },
    {
      operation: 'CreateEventSourceMapping',
      beside: [
        'GetEventSourceMapping',
        'UpdateEventSourceMapping',
        'ListEventSourceMappings',
        'DeleteEventSourceMapping',
      ],
      claim: "refuses a function whose role can't read the stream",
      source: 'Lambda Developer Guide, Process Amazon Kinesis Data Streams records with Lambda',
      async run(target) {
        const { lambda, FunctionName } = await deployed(target);
        const EventSourceArn = `arn:aws:kinesis:${target.region}:${target.account}:stream/${target.name()}`;
        const create = lambda.send(
          new CreateEventSourceMappingCommand({ FunctionName, EventSourceArn, StartingPosition: 'LATEST' }),
        );
        expect((await refusal(create)).name).toBe('InvalidParameterValueException');
        const { EventSourceMappings } = await lambda.send(new ListEventSourceMappingsCommand({ FunctionName }));
        expect(EventSourceMappings).toEqual([]);
        const UUID = '00000000-0000-4000-8000-000000000000';
        for (const call of [
          () => lambda.send(new GetEventSourceMappingCommand({ UUID })),
          () => lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: false })),
          () => lambda.send(new DeleteEventSourceMappingCommand({ UUID })),
        ]) {
          expect((await refusal(call())).name).toBe('ResourceNotFoundException');
        }
      },
    },
    ...eventSourceClaims,
    ...queueSourceClaims,
    ...dynamodbSourceClaims,
  ],
};
