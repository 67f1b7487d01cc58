import type {
  CreateResourceServerCommandInput,
  CreateResourceServerCommandOutput,
  DeleteResourceServerCommandInput,
  DeleteResourceServerCommandOutput,
  DescribeResourceServerCommandInput,
  DescribeResourceServerCommandOutput,
  ListResourceServersCommandInput,
  ListResourceServersCommandOutput,
  ResourceServerScopeType,
  ResourceServerType,
  UpdateResourceServerCommandInput,
  UpdateResourceServerCommandOutput,
} from '@aws-sdk/client-cognito-identity-provider';
import { between, lengthBetween, matches, sizeBetween } from '../../constraints.ts';
import { AwsError } from '../../errors.ts';
import { operation } from '../../service.ts';
import { invalidParameter, validate } from './errors.ts';
import { page } from './paging.ts';
import { onPool, poolOf } from './references.ts';
import type { ResourceServer, UserPool } from './state.ts';

/** "Scopes, M2M, and resource servers", Cognito Developer Guide: APIs with scopes of their own, `identifier/scope`. */
export const createResourceServer = operation<CreateResourceServerCommandInput, CreateResourceServerCommandOutput>({
  demands: onPool('CreateResourceServer'),
  run(input, call) {
    const pool = poolOf(input, call);
    const { Identifier = '', Name = '' } = input;
    check(input);
    if (pool.resourceServers.has(Identifier)) {
      throw invalidParameter(`${Identifier} already exists in user pool ${pool.id}.`);
    }
    const server: ResourceServer = { identifier: Identifier, name: Name, scopes: input.Scopes ?? [] };
    pool.resourceServers.set(Identifier, server);
    return { ResourceServer: described(pool, server) };
  },
});

export const describeResourceServer = operation<
  DescribeResourceServerCommandInput,
  DescribeResourceServerCommandOutput
>({
  demands: onPool('DescribeResourceServer'),
  run(input, call) {
    const pool = poolOf(input, call);
    return { ResourceServer: described(pool, serverOf(pool, input.Identifier)) };
  },
});

export const updateResourceServer = operation<UpdateResourceServerCommandInput, UpdateResourceServerCommandOutput>({
  demands: onPool('UpdateResourceServer'),
  run(input, call) {
    const pool = poolOf(input, call);
    const server = serverOf(pool, input.Identifier);
    check(input);
    server.name = input.Name ?? server.name;
    server.scopes = input.Scopes ?? [];
    return { ResourceServer: described(pool, server) };
  },
});

export const deleteResourceServer = operation<DeleteResourceServerCommandInput, DeleteResourceServerCommandOutput>({
  demands: onPool('DeleteResourceServer'),
  run(input, call) {
    const pool = poolOf(input, call);
    pool.resourceServers.delete(serverOf(pool, input.Identifier).identifier);
    return {};
  },
});

export const listResourceServers = operation<ListResourceServersCommandInput, ListResourceServersCommandOutput>({
  demands: onPool('ListResourceServers'),
  run(input, call) {
    validate(between('maxResults', input.MaxResults, 1, 50));
    const pool = poolOf(input, call);
    const all = [...pool.resourceServers.values()];
    const { items, next } = page(all, ({ identifier }) => identifier, input.MaxResults ?? 50, input.NextToken);
    return {
      ResourceServers: items.map((server) => described(pool, server)),
      ...(next !== undefined && { NextToken: next }),
    };
  },
});

interface Given {
  readonly Identifier?: string | undefined;
  readonly Name?: string | undefined;
  readonly Scopes?: readonly ResourceServerScopeType[] | undefined;
}

function check({ Identifier, Name, Scopes = [] }: Given): void {
  validate(
    lengthBetween('identifier', Identifier, 1, 256),
    matches('identifier', Identifier, '[\\x21\\x23-\\x5B\\x5D-\\x7E]+'),
    lengthBetween('name', Name, 1, 256),
    sizeBetween('scopes', Scopes.length, 0, 100),
    ...Scopes.map(({ ScopeName }) =>
      matches('scopes.scopeName', ScopeName, '[\\x21\\x23-\\x2E\\x30-\\x5B\\x5D-\\x7E]+'),
    ),
  );
}

function serverOf(pool: UserPool, identifier = ''): ResourceServer {
  const server = pool.resourceServers.get(identifier);
  if (!server) {
    throw new AwsError('ResourceNotFoundException', `Resource server ${identifier} does not exist.`);
  }
  return server;
}

function described(pool: UserPool, { identifier, name, scopes }: ResourceServer): ResourceServerType {
  return { UserPoolId: pool.id, Identifier: identifier, Name: name, Scopes: [...scopes] };
}
