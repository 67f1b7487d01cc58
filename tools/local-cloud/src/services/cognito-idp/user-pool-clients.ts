import { randomBytes } from 'node:crypto';
import type {
  CreateUserPoolClientCommandInput,
  CreateUserPoolClientCommandOutput,
  DeleteUserPoolClientCommandInput,
  DeleteUserPoolClientCommandOutput,
  DescribeUserPoolClientCommandInput,
  DescribeUserPoolClientCommandOutput,
  ListUserPoolClientsCommandInput,
  ListUserPoolClientsCommandOutput,
  UpdateUserPoolClientCommandInput,
  UpdateUserPoolClientCommandOutput,
  UserPoolClientType,
} from '@aws-sdk/client-cognito-identity-provider';
import { randomText } from '../../cloudformation/physical-name.ts';
import { between, lengthBetween, matches } from '../../constraints.ts';
import { operation } from '../../service.ts';
import { checkedClientSettings } from './client-settings.ts';
import { unsupported, validate } from './errors.ts';
import { page } from './paging.ts';
import { clientOf, onPool, poolOf } from './references.ts';
import type { AppClient } from './state.ts';

const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';

export const createUserPoolClient = operation<CreateUserPoolClientCommandInput, CreateUserPoolClientCommandOutput>({
  demands: onPool('CreateUserPoolClient'),
  run(input, call) {
    const pool = poolOf(input, call);
    const { ClientName = '', GenerateSecret, ClientSecret, ...settings } = input;
    if (ClientSecret !== undefined) throw unsupported("ClientSecret of the caller's choice");
    checkName(ClientName);
    const now = new Date(call.cloud.clock.now());
    const client: AppClient = {
      id: randomText(26, letters),
      poolId: pool.id,
      name: ClientName,
      secret: GenerateSecret
        ? BigInt(`0x${randomBytes(33).toString('hex')}`)
            .toString(36)
            .slice(0, 51)
        : undefined,
      created: now,
      modified: now,
      settings: checkedClientSettings(pool, { ...settings, ClientId: undefined }),
    };
    pool.clients.set(client.id, client);
    return { UserPoolClient: described(client) };
  },
});

export const describeUserPoolClient = operation<
  DescribeUserPoolClientCommandInput,
  DescribeUserPoolClientCommandOutput
>({
  demands: onPool('DescribeUserPoolClient'),
  run: (input, call) => ({ UserPoolClient: described(clientOf(poolOf(input, call), input.ClientId)) }),
});

export const updateUserPoolClient = operation<UpdateUserPoolClientCommandInput, UpdateUserPoolClientCommandOutput>({
  demands: onPool('UpdateUserPoolClient'),
  run(input, call) {
    const pool = poolOf(input, call);
    const client = clientOf(pool, input.ClientId);
    if (input.ClientName !== undefined) checkName(input.ClientName);
    client.settings = checkedClientSettings(pool, input);
    client.name = input.ClientName ?? client.name;
    client.modified = new Date(call.cloud.clock.now());
    return { UserPoolClient: described(client) };
  },
});

export const deleteUserPoolClient = operation<DeleteUserPoolClientCommandInput, DeleteUserPoolClientCommandOutput>({
  demands: onPool('DeleteUserPoolClient'),
  run(input, call) {
    const pool = poolOf(input, call);
    pool.clients.delete(clientOf(pool, input.ClientId).id);
    return {};
  },
});

export const listUserPoolClients = operation<ListUserPoolClientsCommandInput, ListUserPoolClientsCommandOutput>({
  demands: onPool('ListUserPoolClients'),
  run(input, call) {
    validate(between('maxResults', input.MaxResults, 1, 60));
    const pool = poolOf(input, call);
    const { items, next } = page([...pool.clients.values()], ({ id }) => id, input.MaxResults ?? 60, input.NextToken);
    return {
      UserPoolClients: items.map(({ id, name }) => ({ ClientId: id, UserPoolId: pool.id, ClientName: name })),
      ...(next !== undefined && { NextToken: next }),
    };
  },
});

function checkName(name: string): void {
  validate(lengthBetween('clientName', name, 1, 128), matches('clientName', name, '[\\w\\s+=,.@-]+'));
}

function described(client: AppClient): UserPoolClientType {
  return {
    UserPoolId: client.poolId,
    ClientId: client.id,
    ClientName: client.name,
    ...(client.secret !== undefined && { ClientSecret: client.secret }),
    CreationDate: client.created,
    LastModifiedDate: client.modified,
    ...client.settings,
  };
}
