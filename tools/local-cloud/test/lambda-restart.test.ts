import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  CreateFunctionCommand,
  CreateFunctionUrlConfigCommand,
  GetFunctionUrlConfigCommand,
  InvokeCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCloud } from '../src/cloud.ts';
import { defaultRegion, rootCredentials } from '../src/testing.ts';
import { handlerZip } from './fixtures/lambda/support.ts';

let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'lambda-'));
});
afterAll(() => rm(dataDir, { recursive: true }));

test('a function and its URL are there again after a restart', async () => {
  const FunctionName = 'kept';
  const settings = { region: defaultRegion, credentials: rootCredentials, maxAttempts: 1 };
  const start = async () => {
    const { endpoint, close } = await startCloud({ port: 0, dataDir, log: () => undefined });
    return { endpoint, close, lambda: new LambdaClient({ ...settings, endpoint }) };
  };

  const before = await start();
  const trust = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };
  const { Role } = await new IAMClient({ ...settings, endpoint: before.endpoint }).send(
    new CreateRoleCommand({
      RoleName: 'Function',
      AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: trust }),
    }),
  );
  await before.lambda.send(
    new CreateFunctionCommand({
      FunctionName,
      Role: Role?.Arn,
      Runtime: 'nodejs24.x',
      Handler: 'handler.echo',
      Code: { ZipFile: handlerZip },
    }),
  );
  await before.lambda.send(new CreateFunctionUrlConfigCommand({ FunctionName, AuthType: 'NONE' }));
  await before.close();

  const after = await start();
  const { Payload } = await after.lambda.send(
    new InvokeCommand({ FunctionName, Payload: Buffer.from('{"still":"here"}') }),
  );
  const { FunctionUrl } = await after.lambda.send(new GetFunctionUrlConfigCommand({ FunctionName }));
  await after.close();
  expect(JSON.parse(Buffer.from(Payload ?? []).toString()).event).toEqual({ still: 'here' });
  expect(FunctionUrl).toContain(`${after.endpoint}/lambda-url/`);
});
