import { CreateRoleCommand, DeleteRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  AddPermissionCommand,
  CreateAliasCommand,
  CreateFunctionCommand,
  type CreateFunctionCommandInput,
  DeleteFunctionCommand,
  DeleteLayerVersionCommand,
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  GetPolicyCommand,
  InvokeCommand,
  type InvokeCommandInput,
  LambdaClient,
  ListVersionsByFunctionCommand,
  PublishLayerVersionCommand,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { strToU8, zipSync } from 'fflate';
import { expect } from 'vitest';
import { lambda as service } from '../src/services/lambda/service.ts';
import { type Contract, refusal, type Target } from './contract.ts';

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

async function role(target: Target): Promise<string> {
  const iam = target.client(IAMClient);
  const RoleName = target.name();
  const Statement = [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }];
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  target.afterwards(() => iam.send(new DeleteRoleCommand({ RoleName })));
  return Role?.Arn as string;
}

async function deployed(target: Target, more: Partial<CreateFunctionCommandInput> = {}) {
  const lambda = target.client(LambdaClient);
  const FunctionName = target.name();
  const Role = await role(target);
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
  ],
};
