import {
  CreateResourceServerCommand,
  DeleteResourceServerCommand,
  DeleteUserPoolClientCommand,
  DescribeResourceServerCommand,
  DescribeUserPoolClientCommand,
  ListResourceServersCommand,
  ListUserPoolClientsCommand,
  UpdateResourceServerCommand,
  UpdateUserPoolClientCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { expect } from 'vitest';
import { guide, reference, userPool } from './cognito-support.ts';
import { type Claim, refusal } from './contract.ts';

/** Claims about app clients and the scopes they may ask for. */
export const clientClaims: readonly Claim[] = [
  {
    operation: 'CreateUserPoolClient',
    beside: ['DescribeUserPoolClient'],
    claim: 'makes a secret when asked to, and refresh tokens that last 30 days when not told otherwise',
    source: reference('CreateUserPoolClient'),
    async run(target) {
      const { cognito, UserPoolId, appClient } = await userPool(target);
      const ClientId = await appClient({ GenerateSecret: true });
      const { UserPoolClient } = await cognito.send(new DescribeUserPoolClientCommand({ UserPoolId, ClientId }));
      expect(ClientId).toMatch(/^[0-9a-z]{26}$/);
      expect(UserPoolClient?.ClientSecret).toMatch(/^[0-9a-z]{50,52}$/);
      expect(UserPoolClient).toMatchObject({ RefreshTokenValidity: 30, EnableTokenRevocation: true });
    },
  },
  {
    operation: 'CreateUserPoolClient',
    claim: 'refuses access tokens that live less than five minutes',
    limit: '5 minutes to 1 day an access token',
    source: reference('CreateUserPoolClient'),
    async run(target) {
      const { appClient } = await userPool(target);
      const short = appClient({ AccessTokenValidity: 4, TokenValidityUnits: { AccessToken: 'minutes' } });
      expect((await refusal(short)).name).toBe('InvalidParameterException');
    },
  },
  {
    operation: 'CreateUserPoolClient',
    claim: 'refuses a scope nobody defined',
    source: reference('CreateUserPoolClient'),
    async run(target) {
      const { appClient } = await userPool(target);
      const call = appClient({
        AllowedOAuthFlowsUserPoolClient: true,
        AllowedOAuthFlows: ['code'],
        AllowedOAuthScopes: ['orders/read'],
        CallbackURLs: ['https://app.example.com/callback'],
      });
      expect((await refusal(call)).name).toBe('ScopeDoesNotExistException');
    },
  },
  {
    operation: 'UpdateUserPoolClient',
    beside: ['DescribeUserPoolClient'],
    claim: 'puts what it does not say back to its default',
    source: reference('UpdateUserPoolClient'),
    async run(target) {
      const { cognito, UserPoolId, appClient } = await userPool(target);
      const ClientId = await appClient({ RefreshTokenValidity: 5 });
      await cognito.send(new UpdateUserPoolClientCommand({ UserPoolId, ClientId }));
      const { UserPoolClient } = await cognito.send(new DescribeUserPoolClientCommand({ UserPoolId, ClientId }));
      expect(UserPoolClient?.RefreshTokenValidity).toBe(30);
    },
  },
  {
    operation: 'DeleteUserPoolClient',
    beside: ['ListUserPoolClients'],
    claim: 'takes the client from the list',
    source: reference('DeleteUserPoolClient'),
    async run(target) {
      const { cognito, UserPoolId, appClient } = await userPool(target);
      const ClientId = await appClient();
      await cognito.send(new DeleteUserPoolClientCommand({ UserPoolId, ClientId }));
      const { UserPoolClients } = await cognito.send(new ListUserPoolClientsCommand({ UserPoolId }));
      expect(UserPoolClients).toEqual([]);
    },
  },
  {
    operation: 'CreateResourceServer',
    beside: ['DescribeResourceServer', 'UpdateResourceServer', 'ListResourceServers', 'DeleteResourceServer'],
    claim: 'defines scopes of an API; an update puts them anew',
    source: guide('Scopes, M2M, and resource servers'),
    async run(target) {
      const { cognito, UserPoolId } = await userPool(target);
      const server = { UserPoolId, Identifier: 'orders', Name: 'Orders' };
      const scope = (ScopeName: string) => ({ ScopeName, ScopeDescription: ScopeName });
      await cognito.send(new CreateResourceServerCommand({ ...server, Scopes: [scope('read')] }));
      await cognito.send(new UpdateResourceServerCommand({ ...server, Scopes: [scope('write')] }));
      const { ResourceServer } = await cognito.send(new DescribeResourceServerCommand(server));
      expect(ResourceServer?.Scopes).toEqual([scope('write')]);
      await cognito.send(new DeleteResourceServerCommand(server));
      const { ResourceServers } = await cognito.send(new ListResourceServersCommand({ UserPoolId }));
      expect(ResourceServers).toEqual([]);
    },
  },
];
