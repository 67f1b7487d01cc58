import { AwsError } from '../../../errors.ts';
import { isObject, type Json } from '../../../event-patterns/json.ts';
import { fetchOnLoopback, isLoopback, Unreachable } from '../../../loopback.ts';
import type { Caller, Cloud } from '../../../service.ts';
import { notFoundText } from '../errors.ts';
import { readJsonPath } from '../json-path.ts';
import type { Delivery } from '../target-kinds.ts';
import { authorizationOf } from './authorize.ts';
import { addQuery, named } from './http-parameters.ts';
import { type ApiDestination, type Connection, findByArn } from './state.ts';

/** "Requests to an API destination endpoint must have a maximum client execution timeout of 5 seconds." */
const timeoutMs = 5000;

/** "Headers included in requests to API destinations", EventBridge User Guide. */
const ownHeaders = {
  'user-agent': 'Amazon/EventBridge/ApiDestinations',
  'content-type': 'application/json; charset=utf-8',
  range: 'bytes=0-1048575',
  'accept-encoding': 'gzip,deflate',
};

/** Calls the endpoint of an API destination, as soon as its rate limit lets it. Rejects with AwsError when it does not take the event. */
export async function invokeDestination(delivery: Delivery, caller: Caller): Promise<void> {
  const { cloud, target } = delivery;
  const { destination } = findByArn(cloud, target.Arn ?? '');
  if (!destination) throw notFoundText(`The API destination ${target.Arn} does not exist.`);
  requirePermission(cloud, destination, caller);
  const { connection } = findByArn(cloud, destination.connectionArn);
  if (!connection?.parameters) {
    throw new AwsError('AccessDenied', `The connection ${destination.connectionArn} is not authorized.`);
  }
  await slotOf(cloud, destination);
  const response = await request(delivery, destination, connection);
  await response.body?.cancel();
  // "OAuth tokens are refreshed when a 401 or 407 response is returned."
  if (response.status === 401 || response.status === 407) connection.token = undefined;
  if (!response.ok) throw refused(destination, response);
}

/** A policy names a destination with its id, or without it as `ArnForPolicy` does. */
function requirePermission(cloud: Cloud, { arn, region }: ApiDestination, caller: Caller): void {
  const demand = (resource: string) => [{ action: 'events:InvokeApiDestination', resource }];
  const service = 'events';
  try {
    cloud.authorize(caller, demand(arn), { region, service });
  } catch {
    cloud.authorize(caller, demand(arn.replace(/\/[^/]+$/, '')), { region, service });
  }
}

/** Waits until the destination's rate limit has room. */
async function slotOf({ clock }: Cloud, destination: ApiDestination): Promise<void> {
  const slot = Math.max(clock.now(), destination.nextSlot);
  destination.nextSlot = slot + 1000 / destination.rateLimit;
  if (slot > clock.now()) await clock.sleep(slot - clock.now());
}

async function request(
  { cloud, target, event, input }: Delivery,
  { endpoint, method }: ApiDestination,
  connection: Connection,
): Promise<Response> {
  const { PathParameterValues = [], HeaderParameters, QueryStringParameters } = target.HttpParameters ?? {};
  const own = connection.parameters?.InvocationHttpParameters;
  const address = addQuery(
    fillPath(
      endpoint,
      PathParameterValues.map((value) => textAt(value, event.json)),
    ),
    {
      ...valuesOf(QueryStringParameters, event.json),
      ...named(own?.QueryStringParameters),
    },
  );
  const hasBody = method !== 'GET' && method !== 'HEAD';
  try {
    return await fetchOnLoopback(address, {
      method,
      signal: AbortSignal.timeout(timeoutMs),
      headers: {
        ...ownHeaders,
        ...valuesOf(HeaderParameters, event.json),
        ...named(own?.HeaderParameters),
        ...(await authorizationOf(cloud, connection)),
      },
      ...(hasBody && { body: bodyOf(input, named(own?.BodyParameters)) }),
    });
  } catch (error) {
    const { message } = error as Error;
    // Another address of this machine may answer later; others are never called.
    const isElsewhere = error instanceof Unreachable && URL.canParse(address) && !isLoopback(new URL(address).hostname);
    throw new AwsError('ApiDestinationError', message, { status: isElsewhere ? 400 : 503 });
  }
}

/** Every `*` of the endpoint stands for one of the values, in order. */
function fillPath(endpoint: string, values: readonly string[]): string {
  const rest = [...values];
  return endpoint.replaceAll('*', () => encodeURIComponent(rest.shift() ?? '*'));
}

/** A value that is a JSON path is what the event has there. */
function textAt(value: string, event: Json): string {
  const found = value.startsWith('$') ? readJsonPath(value)?.(event) : value;
  return typeof found === 'string' ? found : JSON.stringify(found ?? '');
}

function valuesOf(entries: Readonly<Record<string, string>> | undefined, event: Json): Record<string, string> {
  return Object.fromEntries(Object.entries(entries ?? {}).map(([name, value]) => [name, textAt(value, event)]));
}

/** The connection's body parameters are added to an object. */
function bodyOf(input: string, more: Readonly<Record<string, string>>): string {
  if (Object.keys(more).length === 0) return input;
  const body = JSON.parse(input) as Json;
  return isObject(body) ? JSON.stringify({ ...body, ...more }) : input;
}

/**
 * "API destination error codes": 401, 407, 409, 429 and 5xx are tried again, no sooner than `Retry-After` says; not at all
 * when it is negative.
 */
function refused({ name }: ApiDestination, { status, headers }: Response): AwsError {
  const seconds = Number(headers.get('retry-after') ?? 0);
  const isPassing = status >= 500 || [401, 407, 409, 429].includes(status);
  const message = `The endpoint of API destination ${name} answered ${status}.`;
  if (!isPassing || seconds < 0) return new AwsError('ApiDestinationError', message, { status: 400 });
  const members = { retryAfterMs: Number.isNaN(seconds) ? 0 : seconds * 1000 };
  return new AwsError('ApiDestinationError', message, { status: status === 429 ? 429 : 503, members });
}
