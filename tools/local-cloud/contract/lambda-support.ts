import {
  CreateFunctionCommand,
  type CreateFunctionCommandInput,
  DeleteFunctionCommand,
  GetFunctionConfigurationCommand,
  InvokeCommand,
  type InvokeCommandInput,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import { strToU8, zipSync } from 'fflate';
import { expect } from 'vitest';
import type { Target } from './contract.ts';
import { roleFor } from './role.ts';

export const reference = (operation: string) => `Lambda API Reference, ${operation}`;
export const quotas = 'Lambda Developer Guide, Lambda quotas';

/** A deployment package of these files. */
export const zip = (files: Record<string, string>) =>
  zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])));

/** Answers its event, its greeting and its version; throws and prints when it is told to. */
const code = `export const handler = async (event, context) => {
  if (event.print) console.log(event.print);
  if (event.fail) throw new TypeError(event.fail);
  if (event.bytes) return 'x'.repeat(event.bytes);
  return { event, greeting: process.env.GREETING, version: context.functionVersion };
};`;

/** A function of its own with a role of its own, active; `invoke` calls it and reads its answer. */
export async function deployed(target: Target, more: Partial<CreateFunctionCommandInput> = {}) {
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
