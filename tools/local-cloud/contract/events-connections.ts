import {
  CreateApiDestinationCommand,
  CreateConnectionCommand,
  type CreateConnectionCommandInput,
  DeauthorizeConnectionCommand,
  DeleteApiDestinationCommand,
  DeleteConnectionCommand,
  DescribeApiDestinationCommand,
  DescribeConnectionCommand,
  EventBridgeClient,
  ListApiDestinationsCommand,
  ListConnectionsCommand,
  UpdateApiDestinationCommand,
  UpdateConnectionCommand,
} from '@aws-sdk/client-eventbridge';
import { expect } from 'vitest';
import { type Claim, refusal, type Target } from './contract.ts';
import { reference } from './events-support.ts';

const InvocationEndpoint = 'https://partner.example/orders/*';

/** A connection that sends an API key. */
async function connected(target: Target, more: Partial<CreateConnectionCommandInput> = {}) {
  const client = target.client(EventBridgeClient);
  const Name = target.name();
  const input: CreateConnectionCommandInput = {
    Name,
    AuthorizationType: 'API_KEY',
    AuthParameters: { ApiKeyAuthParameters: { ApiKeyName: 'x-api-key', ApiKeyValue: 'secret' } },
    ...more,
  };
  const { ConnectionArn } = await client.send(new CreateConnectionCommand(input));
  target.afterwards(() => client.send(new DeleteConnectionCommand({ Name })));
  const described = () => client.send(new DescribeConnectionCommand({ Name }));
  await target.until(async () => expect((await described()).ConnectionState).toBe('AUTHORIZED'));
  return { client, Name, ConnectionArn, described };
}

/** An API destination over such a connection. */
async function destination(target: Target) {
  const { client, ConnectionArn } = await connected(target);
  const Name = target.name();
  const input = { Name, ConnectionArn, InvocationEndpoint, HttpMethod: 'POST' as const };
  const { ApiDestinationArn } = await client.send(new CreateApiDestinationCommand(input));
  target.afterwards(() => client.send(new DeleteApiDestinationCommand({ Name })));
  return { client, Name, ConnectionArn, ApiDestinationArn, input };
}

/** Claims about connections and API destinations. */
export const connectionClaims: readonly Claim[] = [
  {
    operation: 'DescribeConnection',
    beside: ['CreateConnection'],
    claim: 'tells how a connection authorizes, and where its secret is, not the secret',
    source: reference('DescribeConnection'),
    async run(target) {
      const InvocationHttpParameters = {
        HeaderParameters: [
          { Key: 'shop', Value: '7', IsValueSecret: false },
          { Key: 'token', Value: 'hidden', IsValueSecret: true },
        ],
      };
      const BasicAuthParameters = { Username: 'shop', Password: 'secret' };
      const { described } = await connected(target, {
        AuthorizationType: 'BASIC',
        AuthParameters: { BasicAuthParameters, InvocationHttpParameters },
      });
      const connection = await described();
      expect(connection).toMatchObject({
        AuthorizationType: 'BASIC',
        SecretArn: expect.stringContaining(':secret:events!connection/'),
        AuthParameters: { BasicAuthParameters: { Username: 'shop' } },
      });
      expect(JSON.stringify(connection)).not.toMatch(/"Password"|hidden/);
    },
  },
  {
    operation: 'CreateConnection',
    claim: 'refuses a name that is taken, and parameters of another type of authorization',
    source: reference('CreateConnection'),
    async run(target) {
      const { client, Name } = await connected(target);
      const AuthParameters = { ApiKeyAuthParameters: { ApiKeyName: 'x-api-key', ApiKeyValue: 'secret' } };
      const again = new CreateConnectionCommand({ Name, AuthorizationType: 'API_KEY', AuthParameters });
      expect((await refusal(client.send(again))).name).toBe('ResourceAlreadyExistsException');
      const other = new CreateConnectionCommand({ Name: target.name(), AuthorizationType: 'BASIC', AuthParameters });
      expect((await refusal(client.send(other))).name).toBe('ValidationException');
    },
  },
  {
    operation: 'UpdateConnection',
    beside: ['DescribeConnection'],
    claim: 'changes how it authorizes, also to another type',
    source: reference('UpdateConnection'),
    async run(target) {
      const { client, Name, described } = await connected(target);
      const AuthParameters = { BasicAuthParameters: { Username: 'shop', Password: 'secret' } };
      await client.send(new UpdateConnectionCommand({ Name, AuthorizationType: 'BASIC', AuthParameters }));
      await target.until(async () => expect((await described()).ConnectionState).toBe('AUTHORIZED'));
      const connection = await described();
      expect(connection.AuthorizationType).toBe('BASIC');
      expect(connection.AuthParameters?.ApiKeyAuthParameters).toBeUndefined();
    },
  },
  {
    operation: 'DeauthorizeConnection',
    beside: ['DescribeConnection'],
    claim: 'takes its authorization parameters away',
    source: reference('DeauthorizeConnection'),
    async run(target) {
      const { client, Name, described } = await connected(target);
      await client.send(new DeauthorizeConnectionCommand({ Name }));
      await target.until(async () => expect((await described()).ConnectionState).toBe('DEAUTHORIZED'));
      expect((await described()).AuthParameters?.ApiKeyAuthParameters).toBeUndefined();
    },
  },
  {
    operation: 'ListConnections',
    claim: 'finds connections by the beginning of their names',
    source: reference('ListConnections'),
    async run(target) {
      const { client, Name } = await connected(target);
      const { Connections } = await client.send(new ListConnectionsCommand({ NamePrefix: Name }));
      expect(Connections?.map((connection) => connection.Name)).toEqual([Name]);
    },
  },
  {
    operation: 'DeleteConnection',
    claim: 'does not know what is not there',
    source: reference('DeleteConnection'),
    async run(target) {
      const call = target.client(EventBridgeClient).send(new DeleteConnectionCommand({ Name: target.name() }));
      expect((await refusal(call)).name).toBe('ResourceNotFoundException');
    },
  },
  {
    operation: 'CreateApiDestination',
    beside: ['DescribeApiDestination'],
    claim: 'makes an endpoint that takes 300 invocations a second unless told otherwise',
    limit: '300 invocations a second of an API destination by default',
    source: reference('CreateApiDestination'),
    async run(target) {
      const { client, Name, ConnectionArn } = await destination(target);
      const described = await client.send(new DescribeApiDestinationCommand({ Name }));
      expect(described).toMatchObject({
        ConnectionArn,
        InvocationEndpoint,
        HttpMethod: 'POST',
        InvocationRateLimitPerSecond: 300,
        ApiDestinationState: 'ACTIVE',
      });
    },
  },
  {
    operation: 'CreateApiDestination',
    claim: 'refuses a name that is taken, an endpoint without https, and a connection that is not there',
    source: reference('CreateApiDestination'),
    async run(target) {
      const { client, input, ConnectionArn } = await destination(target);
      const again = client.send(new CreateApiDestinationCommand(input));
      expect((await refusal(again)).name).toBe('ResourceAlreadyExistsException');
      const fresh = { ...input, Name: target.name() };
      const plain = { ...fresh, InvocationEndpoint: 'http://partner.example/orders' };
      expect((await refusal(client.send(new CreateApiDestinationCommand(plain)))).name).toBe('ValidationException');
      const lost = { ...fresh, ConnectionArn: ConnectionArn?.replace(/.{4}$/, '0000') };
      const call = client.send(new CreateApiDestinationCommand(lost));
      expect((await refusal(call)).name).toBe('ResourceNotFoundException');
    },
  },
  {
    operation: 'UpdateApiDestination',
    beside: ['DescribeApiDestination'],
    claim: 'changes what it is told to and keeps the rest',
    source: reference('UpdateApiDestination'),
    async run(target) {
      const { client, Name } = await destination(target);
      await client.send(new UpdateApiDestinationCommand({ Name, InvocationRateLimitPerSecond: 5 }));
      const described = await client.send(new DescribeApiDestinationCommand({ Name }));
      expect(described).toMatchObject({ InvocationRateLimitPerSecond: 5, InvocationEndpoint, HttpMethod: 'POST' });
    },
  },
  {
    operation: 'ListApiDestinations',
    claim: 'finds the destinations of a connection',
    source: reference('ListApiDestinations'),
    async run(target) {
      const { client, Name, ConnectionArn } = await destination(target);
      const { ApiDestinations } = await client.send(new ListApiDestinationsCommand({ ConnectionArn }));
      expect(ApiDestinations?.map((found) => found.Name)).toEqual([Name]);
    },
  },
  {
    operation: 'DeleteApiDestination',
    claim: 'does not know what is not there',
    source: reference('DeleteApiDestination'),
    async run(target) {
      const call = target.client(EventBridgeClient).send(new DeleteApiDestinationCommand({ Name: target.name() }));
      expect((await refusal(call)).name).toBe('ResourceNotFoundException');
    },
  },
];
