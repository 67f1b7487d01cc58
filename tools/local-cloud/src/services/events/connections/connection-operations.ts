import { randomUUID } from 'node:crypto';
import type {
  CreateConnectionCommandInput,
  CreateConnectionCommandOutput,
  DeauthorizeConnectionCommandInput,
  DeauthorizeConnectionCommandOutput,
  DeleteConnectionCommandInput,
  DeleteConnectionCommandOutput,
  DescribeConnectionCommandInput,
  DescribeConnectionCommandOutput,
  ListConnectionsCommandInput,
  ListConnectionsCommandOutput,
  UpdateConnectionCommandInput,
  UpdateConnectionCommandOutput,
} from '@aws-sdk/client-eventbridge';
import { lengthBetween, matches, oneOf } from '../../../constraints.ts';
import { type Call, operation } from '../../../service.ts';
import { alreadyExists, unsupported, validate } from '../errors.ts';
import { pageOf } from '../page.ts';
import { checkParameters, mergeParameters, withoutSecrets } from './auth-parameters.ts';
import { authorize } from './authorize.ts';
import { type Connection, connectionOf, connectionsOf } from './state.ts';

const types = ['API_KEY', 'BASIC', 'OAUTH_CLIENT_CREDENTIALS'] as const;

interface Named {
  readonly Name: string | undefined;
}

const onConnection =
  (action: string) =>
  ({ Name = '' }: Named, call: Call) => {
    const resource = connectionsOf(call.cloud, call).connections.get(Name)?.arn;
    const unnamed = `arn:aws:events:${call.region}:${call.account}:connection/${Name}`;
    return [{ action: `events:${action}`, resource: resource ?? unnamed }];
  };

const createConnection = operation<CreateConnectionCommandInput, CreateConnectionCommandOutput>({
  demands: onConnection('CreateConnection'),
  run(input, call) {
    const { Name: name = '', AuthorizationType = 'API_KEY' } = input;
    validate(lengthBetween('name', name, 1, 64), matches('name', name, '[\\.\\-_A-Za-z0-9]+'));
    checkSettings(input);
    const parameters = checkParameters(AuthorizationType, input.AuthParameters);
    const { connections } = connectionsOf(call.cloud, call);
    if (connections.has(name)) throw alreadyExists(`Connection ${name}`);
    const { account, region } = call;
    const now = new Date(call.cloud.clock.now());
    const id = randomUUID();
    const connection: Connection = {
      name,
      account,
      region,
      arn: `arn:aws:events:${region}:${account}:connection/${name}/${id}`,
      secretArn: `arn:aws:secretsmanager:${region}:${account}:secret:events!connection/${name}/${id}-${id.slice(0, 6)}`,
      created: now,
      modified: now,
      authorized: undefined,
      description: input.Description,
      state: 'AUTHORIZING',
      stateReason: undefined,
      authorizationType: AuthorizationType,
      parameters,
      token: undefined,
    };
    connections.set(name, connection);
    return answerAfterwards(connection, call);
  },
});

const updateConnection = operation<UpdateConnectionCommandInput, UpdateConnectionCommandOutput>({
  demands: onConnection('UpdateConnection'),
  run(input, call) {
    checkSettings(input);
    const connection = connectionOf(input.Name, call);
    const type = input.AuthorizationType ?? connection.authorizationType;
    const parameters = checkParameters(type, mergeParameters(connection.parameters, input.AuthParameters));
    const modified = new Date(call.cloud.clock.now());
    Object.assign(connection, { authorizationType: type, parameters, modified, state: 'AUTHORIZING' });
    if (input.Description !== undefined) connection.description = input.Description;
    return answerAfterwards(connection, call);
  },
});

const deauthorizeConnection = operation<DeauthorizeConnectionCommandInput, DeauthorizeConnectionCommandOutput>({
  demands: onConnection('DeauthorizeConnection'),
  run(input, call) {
    const connection = connectionOf(input.Name, call);
    const modified = new Date(call.cloud.clock.now());
    Object.assign(connection, { parameters: undefined, token: undefined, state: 'DEAUTHORIZED', modified });
    return answer(connection);
  },
});

const deleteConnection = operation<DeleteConnectionCommandInput, DeleteConnectionCommandOutput>({
  demands: onConnection('DeleteConnection'),
  run(input, call) {
    const connection = connectionOf(input.Name, call);
    connectionsOf(call.cloud, call).connections.delete(connection.name);
    return { ...answer(connection), ConnectionState: 'DELETING' };
  },
});

const describeConnection = operation<DescribeConnectionCommandInput, DescribeConnectionCommandOutput>({
  demands: onConnection('DescribeConnection'),
  run(input, call) {
    const connection = connectionOf(input.Name, call);
    return {
      ...summary(connection),
      Description: connection.description,
      SecretArn: connection.secretArn,
      AuthParameters: withoutSecrets(connection.parameters),
    };
  },
});

const listConnections = operation<ListConnectionsCommandInput, ListConnectionsCommandOutput>({
  demands: () => [{ action: 'events:ListConnections', resource: '*' }],
  run(input, call) {
    const found = [...connectionsOf(call.cloud, call).connections.values()]
      .filter(({ name }) => name.startsWith(input.NamePrefix ?? ''))
      .filter(({ state }) => input.ConnectionState === undefined || state === input.ConnectionState);
    const { page, next } = pageOf(found, input);
    return { Connections: page.map(summary), ...next };
  },
});

function checkSettings(input: CreateConnectionCommandInput | UpdateConnectionCommandInput): void {
  validate(
    lengthBetween('description', input.Description, 0, 512),
    oneOf('authorizationType', input.AuthorizationType, types),
  );
  if (input.KmsKeyIdentifier) throw unsupported('customer managed KMS keys', 'leave KmsKeyIdentifier out');
  const isPrivate =
    input.InvocationConnectivityParameters ??
    input.AuthParameters?.OAuthParameters?.['ConnectivityParameters' as never];
  if (isPrivate) throw unsupported('connections to private APIs', 'leave the connectivity parameters out');
}

/** Without OAuth a connection is AUTHORIZED at once; with it, when there is a token. */
function answerAfterwards(connection: Connection, { cloud }: Call) {
  void authorize(cloud, connection);
  return answer(connection);
}

function answer({ arn, state, created, modified, authorized }: Connection) {
  return {
    ConnectionArn: arn,
    ConnectionState: state,
    CreationTime: created,
    LastModifiedTime: modified,
    ...(authorized && { LastAuthorizedTime: authorized }),
  };
}

function summary(connection: Connection) {
  const { name, authorizationType, stateReason } = connection;
  return {
    Name: name,
    AuthorizationType: authorizationType,
    ...answer(connection),
    ...(stateReason !== undefined && { StateReason: stateReason }),
  };
}

export const connectionOperations = {
  CreateConnection: createConnection,
  DeauthorizeConnection: deauthorizeConnection,
  DeleteConnection: deleteConnection,
  DescribeConnection: describeConnection,
  ListConnections: listConnections,
  UpdateConnection: updateConnection,
};
