import type {
  ApiDestinationHttpMethod,
  ConnectionAuthorizationType,
  ConnectionState,
  CreateConnectionAuthRequestParameters,
} from '@aws-sdk/client-eventbridge';
import type { Call, Cloud } from '../../../service.ts';
import { notFound } from '../errors.ts';
import type { Place } from '../state.ts';

/** How HTTP endpoints are authorized with. What AWS keeps in a secret of Secrets Manager is kept here and told nobody. */
export interface Connection extends Place {
  readonly name: string;
  readonly arn: string;
  readonly secretArn: string;
  readonly created: Date;
  modified: Date;
  authorized: Date | undefined;
  description: string | undefined;
  state: ConnectionState;
  stateReason: string | undefined;
  authorizationType: ConnectionAuthorizationType;
  /** None once it was deauthorized. */
  parameters: CreateConnectionAuthRequestParameters | undefined;
  /** Of OAuth: the value of the Authorization header, and until when, in milliseconds since the epoch. */
  token: { readonly header: string; readonly until: number } | undefined;
}

export interface ApiDestination extends Place {
  readonly name: string;
  readonly arn: string;
  readonly created: Date;
  modified: Date;
  description: string | undefined;
  connectionArn: string;
  endpoint: string;
  method: ApiDestinationHttpMethod;
  /** Invocations a second. */
  rateLimit: number;
  /** When the next invocation may begin. Milliseconds since the epoch. */
  nextSlot: number;
}

interface ConnectionsState {
  readonly connections: Map<string, Connection>;
  readonly destinations: Map<string, ApiDestination>;
}

export function connectionsOf(cloud: Cloud, { account, region }: Place): ConnectionsState {
  return cloud.store('events-connections', account, region, () => ({
    connections: new Map<string, Connection>(),
    destinations: new Map<string, ApiDestination>(),
  }));
}

/** Throws ResourceNotFoundException. */
export function connectionOf(name: string | undefined, call: Call): Connection {
  const connection = connectionsOf(call.cloud, call).connections.get(name ?? '');
  if (!connection) throw notFound(`Connection ${name}`);
  return connection;
}

/** Throws ResourceNotFoundException. */
export function destinationOf(name: string | undefined, call: Call): ApiDestination {
  const destination = connectionsOf(call.cloud, call).destinations.get(name ?? '');
  if (!destination) throw notFound(`An api-destination '${name}'`);
  return destination;
}

/** The one with this ARN, of `connection/NAME/ID` or `api-destination/NAME/ID`. */
export function findByArn(
  cloud: Cloud,
  arn: string,
): { connection: Connection | undefined; destination: ApiDestination | undefined } {
  const [, , , region = '', account = '', resource = ''] = arn.split(':');
  const name = resource.split('/')[1] ?? '';
  const { connections, destinations } = connectionsOf(cloud, { account, region });
  const [connection, destination] = [connections.get(name), destinations.get(name)];
  return {
    connection: connection?.arn === arn ? connection : undefined,
    destination: destination?.arn === arn ? destination : undefined,
  };
}
