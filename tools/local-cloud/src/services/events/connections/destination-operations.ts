import { randomUUID } from 'node:crypto';
import type {
  CreateApiDestinationCommandInput,
  CreateApiDestinationCommandOutput,
  DeleteApiDestinationCommandInput,
  DeleteApiDestinationCommandOutput,
  DescribeApiDestinationCommandInput,
  DescribeApiDestinationCommandOutput,
  ListApiDestinationsCommandInput,
  ListApiDestinationsCommandOutput,
  UpdateApiDestinationCommandInput,
  UpdateApiDestinationCommandOutput,
} from '@aws-sdk/client-eventbridge';
import { between, lengthBetween, matches, oneOf } from '../../../constraints.ts';
import { validationError } from '../../../errors.ts';
import { isLoopback } from '../../../loopback.ts';
import { type Call, operation } from '../../../service.ts';
import { alreadyExists, notFound, validate } from '../errors.ts';
import { pageOf } from '../page.ts';
import { type ApiDestination, connectionsOf, destinationOf, findByArn } from './state.ts';

const methods = ['POST', 'GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'DELETE'] as const;
/** CreateApiDestination, API Reference: invocations a second when nothing is said. */
const defaultRate = 300;

interface Named {
  readonly Name: string | undefined;
}

const onDestination =
  (action: string) =>
  ({ Name = '' }: Named, call: Call) => {
    const resource = connectionsOf(call.cloud, call).destinations.get(Name)?.arn;
    const unnamed = `arn:aws:events:${call.region}:${call.account}:api-destination/${Name}`;
    return [{ action: `events:${action}`, resource: resource ?? unnamed }];
  };

const createApiDestination = operation<CreateApiDestinationCommandInput, CreateApiDestinationCommandOutput>({
  demands: onDestination('CreateApiDestination'),
  run(input, call) {
    const { Name: name = '', ConnectionArn = '', InvocationEndpoint = '', HttpMethod = 'POST' } = input;
    validate(lengthBetween('name', name, 1, 64), matches('name', name, '[\\.\\-_A-Za-z0-9]+'));
    checkSettings(input, call);
    const { destinations } = connectionsOf(call.cloud, call);
    if (destinations.has(name)) throw alreadyExists(`An api-destination '${name}'`);
    const { account, region } = call;
    const now = call.cloud.clock.now();
    const destination: ApiDestination = {
      name,
      account,
      region,
      arn: `arn:aws:events:${region}:${account}:api-destination/${name}/${randomUUID()}`,
      created: new Date(now),
      modified: new Date(now),
      description: input.Description,
      connectionArn: ConnectionArn,
      endpoint: InvocationEndpoint,
      method: HttpMethod,
      rateLimit: input.InvocationRateLimitPerSecond ?? defaultRate,
      nextSlot: now,
    };
    destinations.set(name, destination);
    return answer(destination, call);
  },
});

const updateApiDestination = operation<UpdateApiDestinationCommandInput, UpdateApiDestinationCommandOutput>({
  demands: onDestination('UpdateApiDestination'),
  run(input, call) {
    checkSettings(input, call);
    const destination = destinationOf(input.Name, call);
    destination.description = input.Description ?? destination.description;
    destination.connectionArn = input.ConnectionArn ?? destination.connectionArn;
    destination.endpoint = input.InvocationEndpoint ?? destination.endpoint;
    destination.method = input.HttpMethod ?? destination.method;
    destination.rateLimit = input.InvocationRateLimitPerSecond ?? destination.rateLimit;
    destination.modified = new Date(call.cloud.clock.now());
    return answer(destination, call);
  },
});

const deleteApiDestination = operation<DeleteApiDestinationCommandInput, DeleteApiDestinationCommandOutput>({
  demands: onDestination('DeleteApiDestination'),
  run(input, call) {
    const { name } = destinationOf(input.Name, call);
    connectionsOf(call.cloud, call).destinations.delete(name);
    return {};
  },
});

const describeApiDestination = operation<DescribeApiDestinationCommandInput, DescribeApiDestinationCommandOutput>({
  demands: onDestination('DescribeApiDestination'),
  run(input, call) {
    const destination = destinationOf(input.Name, call);
    return { ...summary(destination, call), Description: destination.description };
  },
});

const listApiDestinations = operation<ListApiDestinationsCommandInput, ListApiDestinationsCommandOutput>({
  demands: () => [{ action: 'events:ListApiDestinations', resource: '*' }],
  run(input, call) {
    const found = [...connectionsOf(call.cloud, call).destinations.values()]
      .filter(({ name }) => name.startsWith(input.NamePrefix ?? ''))
      .filter(({ connectionArn }) => input.ConnectionArn === undefined || connectionArn === input.ConnectionArn);
    const { page, next } = pageOf(found, input);
    return { ApiDestinations: page.map((destination) => summary(destination, call)), ...next };
  },
});

/** Throws ValidationException, and ResourceNotFoundException for a connection that is not there. */
function checkSettings(input: CreateApiDestinationCommandInput | UpdateApiDestinationCommandInput, call: Call): void {
  const { InvocationEndpoint: endpoint, ConnectionArn: connection } = input;
  validate(
    lengthBetween('description', input.Description, 0, 512),
    lengthBetween('invocationEndpoint', endpoint, 1, 2048),
    oneOf('httpMethod', input.HttpMethod, methods),
    between('invocationRateLimitPerSecond', input.InvocationRateLimitPerSecond, 1, Number.MAX_SAFE_INTEGER),
  );
  if (endpoint !== undefined && !isTakenEndpoint(endpoint)) {
    throw validationError(
      `Parameter InvocationEndpoint is not valid. Reason: ${endpoint} does not begin with https:// (http:// is taken on this machine).`,
    );
  }
  if (connection !== undefined && !findByArn(call.cloud, connection).connection) {
    throw notFound(`Connection '${connection}'`);
  }
}

/** "The URL must use HTTPS"; the servers of this machine need not. */
function isTakenEndpoint(endpoint: string): boolean {
  if (!URL.canParse(endpoint)) return false;
  const { protocol, hostname } = new URL(endpoint);
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
}

/** INACTIVE as long as its connection is not authorized. */
function stateOf({ connectionArn }: ApiDestination, { cloud }: Call): 'ACTIVE' | 'INACTIVE' {
  return findByArn(cloud, connectionArn).connection?.state === 'AUTHORIZED' ? 'ACTIVE' : 'INACTIVE';
}

function answer(destination: ApiDestination, call: Call) {
  return {
    ApiDestinationArn: destination.arn,
    ApiDestinationState: stateOf(destination, call),
    CreationTime: destination.created,
    LastModifiedTime: destination.modified,
  };
}

function summary(destination: ApiDestination, call: Call) {
  return {
    Name: destination.name,
    ConnectionArn: destination.connectionArn,
    InvocationEndpoint: destination.endpoint,
    HttpMethod: destination.method,
    InvocationRateLimitPerSecond: destination.rateLimit,
    ...answer(destination, call),
  };
}

export const destinationOperations = {
  CreateApiDestination: createApiDestination,
  DeleteApiDestination: deleteApiDestination,
  DescribeApiDestination: describeApiDestination,
  ListApiDestinations: listApiDestinations,
  UpdateApiDestination: updateApiDestination,
};
