import { AwsError } from '../errors.ts';
import type { Faults } from '../faults/active-faults.ts';
import { readFault } from '../faults/read-fault.ts';
import type { Answer } from '../protocols/protocol.ts';
import type { Cloud, RawRequest, Service } from '../service.ts';
import type { EnvironmentAction, EnvironmentTarget } from '../services/lambda/environment-control.ts';

const prefix = '/_stackyard/';

/** What only an embedded cloud can do (faults, moving the clock) is under a path no AWS service has. */
export function isControl(request: RawRequest): boolean {
  return request.path.startsWith(prefix);
}

interface Controlled {
  readonly cloud: Cloud;
  readonly services: ReadonlyMap<string, Service>;
  readonly faults: Faults;
}

/**
 * - `GET  health` → `{ status: 'ready', now }`
 * - `POST faults` with a fault → `{ id }` · `GET faults/<id>` → `{ hits }` · `DELETE faults/<id>` · `DELETE faults`
 * - `POST clock` with `{ advanceMs }`, `{ passMs }` or `{ jumpMs }` → `{ now }`
 * - `GET messages?to=<address>` → `{ messages }`: mail and SMS that Cognito would have sent, newest last
 * - `POST signing-keys` with `{ userPoolId }`: the pool signs with new keys from now on, the old ones stay published
 * - `GET environments?function=<name>` → `{ environments }` · `POST environments/<action>` with an environment target
 *
 * Every request but `health` needs the header `x-stackyard: control`: a page in a browser cannot send it to loopback.
 * What is wrong with a request is answered with status 400 and `{ message }`, and nothing has happened.
 */
export async function answerControl(request: RawRequest, controlled: Controlled): Promise<Answer> {
  const path = request.path.slice(prefix.length);
  if (path === 'health') return json(200, { status: 'ready', now: controlled.cloud.clock.now() });
  if (request.headers['x-stackyard'] !== 'control') {
    return json(403, { message: "Send the header 'x-stackyard: control'" });
  }
  const [resource = '', id = ''] = path.split('/');
  try {
    const answer = await resources.get(resource)?.(request, id, controlled);
    if (answer) return answer;
  } catch (error) {
    if (error instanceof AwsError) return json(400, { message: error.message });
    throw error;
  }
  const known = ['health', ...resources.keys()].join(', ');
  return json(404, { message: `${request.method} ${request.path} is unknown; there are ${known}` });
}

type Resource = (request: RawRequest, id: string, controlled: Controlled) => Promise<Answer | undefined>;

const resources: ReadonlyMap<string, Resource> = new Map([
  ['faults', controlFaults],
  ['clock', controlClock],
  ['environments', controlEnvironments],
  ['messages', readMessages],
  ['signing-keys', rotateSigningKeys],
]);

async function controlFaults(request: RawRequest, id: string, { services, faults }: Controlled): Promise<Answer> {
  if (request.method === 'POST') return json(200, { id: faults.add(await readFault(readJson(request), services)) });
  if (request.method === 'DELETE' && id === '') {
    faults.clear();
    return json(200, {});
  }
  const hits = faults.hits(id);
  if (hits === undefined) return json(404, { message: `There is no fault '${id}'` });
  if (request.method === 'DELETE') faults.remove(id);
  return json(200, { hits });
}

/** `passMs` is `advanceMs` that waits for what happens on the way: see `Work`. */
async function controlClock(request: RawRequest, _: string, { cloud: { clock, work } }: Controlled) {
  if (request.method !== 'POST') return undefined;
  const [[how = '', ms] = [], ...others] = Object.entries(readJson(request));
  const isForward = isDuration(ms) && ms >= 0;
  if (others.length === 0 && how === 'jumpMs' && isDuration(ms)) clock.jump(ms);
  else if (others.length === 0 && how === 'advanceMs' && isForward) await clock.advance(ms);
  else if (others.length === 0 && how === 'passMs' && isForward) await clock.advance(ms, work.settled);
  else {
    throw new AwsError(
      'ValidationException',
      `The clock takes {advanceMs} or {passMs} from 0 or {jumpMs}, in milliseconds, not ${request.body.toString()}`,
    );
  }
  return json(200, { now: clock.now() });
}

async function controlEnvironments(request: RawRequest, action: string, { cloud }: Controlled) {
  // Loaded when it is needed, as every service's operations are.
  const lambda = await import('../services/lambda/environment-control.ts');
  if (request.method === 'GET') {
    return json(200, {
      environments: await lambda.describeEnvironments(cloud, request.query.get('function') ?? undefined),
    });
  }
  if (request.method !== 'POST' || !Object.hasOwn(lambda.environmentActions, action)) return undefined;
  await lambda.controlEnvironments(cloud, action as EnvironmentAction, readJson(request) as EnvironmentTarget);
  return json(200, {});
}

async function readMessages(request: RawRequest, _: string, { cloud }: Controlled) {
  if (request.method !== 'GET') return undefined;
  const { messagesTo } = await import('../services/cognito-idp/outbox.ts');
  return json(200, { messages: messagesTo(cloud, request.query.get('to') ?? undefined) });
}

async function rotateSigningKeys(request: RawRequest, _: string, { cloud }: Controlled) {
  if (request.method !== 'POST') return undefined;
  const { userPoolId } = readJson(request) as { userPoolId?: unknown };
  const { findPool } = await import('../services/cognito-idp/references.ts');
  const { rotateKeys } = await import('../services/cognito-idp/signing-keys.ts');
  const pool = findPool(cloud, String(userPoolId));
  if (!pool) throw new AwsError('ValidationException', `There is no user pool '${String(userPoolId)}'`);
  await rotateKeys(pool);
  return json(200, {});
}

/** Longer than a century is a slip. */
function isDuration(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) <= 100 * 366 * 86_400_000;
}

function readJson(request: RawRequest): object {
  let value: unknown;
  try {
    value = JSON.parse(request.body.toString());
  } catch {
    throw new AwsError('ValidationException', 'The body is not JSON');
  }
  if (typeof value !== 'object' || value === null)
    throw new AwsError('ValidationException', 'The body is no JSON object');
  return value;
}

function json(status: number, document: unknown): Answer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(document) };
}
