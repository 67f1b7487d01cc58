import { AttachRolePolicyCommand, CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  CreateFunctionCommand,
  type CreateFunctionCommandInput,
  LambdaClient,
  waitUntilFunctionActiveV2,
} from '@aws-sdk/client-lambda';
import type { CloudProcess } from './cloud/cloud-process.ts';

const trust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});

/** A role for functions, which may write logs and, where one is named, records into a stream. Resolves with its ARN. */
export async function createRole({ client }: CloudProcess, streamArn?: string): Promise<string> {
  const iam = new IAMClient(client);
  const RoleName = 'bench';
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust }));
  const PolicyArn = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
  await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
  if (streamArn) {
    const Statement = [{ Effect: 'Allow', Action: 'kinesis:PutRecords', Resource: streamArn }];
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'stream', PolicyDocument }));
  }
  return Role?.Arn ?? '';
}

/** A role for functions that may do nothing, not even log. Resolves with its ARN. */
export async function createSilentRole({ client }: CloudProcess): Promise<string> {
  const iam = new IAMClient(client);
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName: 'silent', AssumeRolePolicyDocument: trust }));
  return Role?.Arn ?? '';
}

/** Creates a function and resolves when it can be invoked. */
export async function createFunction(
  { client }: CloudProcess,
  input: Pick<CreateFunctionCommandInput, 'FunctionName' | 'Role' | 'Handler' | 'Code' | 'Layers' | 'Environment'>,
): Promise<void> {
  const lambda = new LambdaClient(client);
  await lambda.send(new CreateFunctionCommand({ Runtime: 'nodejs24.x', MemorySize: 256, Timeout: 30, ...input }));
  await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 30, minDelay: 1 }, input);
}
