import {
  CreateEventSourceMappingCommand,
  type CreateEventSourceMappingCommandInput,
  CreateFunctionCommand,
  DeleteEventSourceMappingCommand,
  DeleteFunctionCommand,
  GetEventSourceMappingCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import { expect } from 'vitest';
import { refusal, type Target } from './contract.ts';
import { zip } from './lambda-support.ts';
import { roleFor } from './role.ts';

const ZipFile = zip({ 'index.mjs': 'export const handler = async () => undefined;' });

/** A function of 3 seconds that takes every event, and may do what the statement says. */
export async function consumer(target: Target, statement?: object) {
  const lambda = target.client(LambdaClient);
  const FunctionName = target.name();
  const { RoleArn: Role } = await roleFor(target, { Service: 'lambda.amazonaws.com' }, statement);
  const input = { FunctionName, Role, Runtime: 'nodejs24.x', Handler: 'index.handler', Code: { ZipFile } } as const;
  // A new role can't be assumed everywhere at once.
  await target.until(() => lambda.send(new CreateFunctionCommand(input)));
  target.afterwards(() => lambda.send(new DeleteFunctionCommand({ FunctionName })));
  return { lambda, FunctionName };
}

/** A mapping, enabled. */
export async function enabledMapping(target: Target, input: CreateEventSourceMappingCommandInput) {
  const lambda = target.client(LambdaClient);
  const { UUID } = await target.until(() => lambda.send(new CreateEventSourceMappingCommand(input)));
  // It may be on its way into another state, and one that is deleted is gone only some time later.
  target.afterwards(() =>
    target.until(async () => {
      const { name } = await refusal(lambda.send(new DeleteEventSourceMappingCommand({ UUID })));
      expect(name).toBe('ResourceNotFoundException');
    }),
  );
  const get = () => lambda.send(new GetEventSourceMappingCommand({ UUID }));
  const becomes = (State: string) => target.until(async () => expect((await get()).State).toBe(State));
  await becomes('Enabled');
  return { UUID, get, becomes };
}
