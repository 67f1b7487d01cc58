import { AwsError } from '../errors.ts';
import type { Fault, Faults } from '../faults.ts';
import type { Answer } from '../protocols/protocol.ts';
import type { Cloud, RawRequest } from '../service.ts';

const prefix = '/_stackyard/';

/** What only an embedded cloud can do (faults, moving the clock) is under a path no AWS service has. */
export function isControl(request: RawRequest): boolean {
  return request.path.startsWith(prefix);
}

/**
 * - `GET  health` → `{ status: 'ready', now }`
 * - `POST faults` with a {@link Fault} → `{ id }` · `DELETE faults/<id>` · `DELETE faults`
 * - `POST clock` with `{ advanceMs }` → `{ now }`
 *
 * Every request but `health` needs the header `x-stackyard: control`: a page in a browser cannot send it to loopback.
 */
export async function answerControl(request: RawRequest, cloud: Cloud, faults: Faults): Promise<Answer> {
  const path = request.path.slice(prefix.length);
  if (path === 'health') return json(200, { status: 'ready', now: cloud.clock.now() });
  if (request.headers['x-stackyard'] !== 'control') {
    return json(403, { message: "Send the header 'x-stackyard: control'" });
  }
  try {
    const [resource, id] = path.split('/');
    if (resource === 'faults' && request.method === 'POST') return json(200, { id: faults.add(readFault(request)) });
    if (resource === 'faults' && request.method === 'DELETE') {
      if (!id) faults.clear();
      else if (!faults.remove(id)) return json(404, { message: `There is no fault '${id}'` });
      return json(200, {});
    }
    if (resource === 'clock' && request.method === 'POST') {
      await cloud.clock.advance(readAdvance(request));
      return json(200, { now: cloud.clock.now() });
    }
  } catch (error) {
    if (error instanceof AwsError) return json(400, { message: error.message });
    throw error;
  }
  return json(404, { message: `${request.method} ${request.path} is unknown; there are health, faults and clock` });
}

const effects = ['delay', 'fail', 'throttle', 'cut', 'partial'];

function readFault(request: RawRequest): Fault {
  const fault = readJson(request) as Partial<Fault>;
  if (typeof fault.service !== 'string') throw new AwsError('ValidationException', 'A fault names a service');
  if (!fault.effect || !effects.includes(fault.effect.kind)) {
    throw new AwsError('ValidationException', `A fault's effect.kind is one of ${effects.join(', ')}`);
  }
  return fault as Fault;
}

function readAdvance(request: RawRequest): number {
  const { advanceMs } = readJson(request) as { advanceMs?: unknown };
  if (typeof advanceMs !== 'number' || !(advanceMs >= 0)) {
    throw new AwsError(
      'ValidationException',
      `advanceMs must be a number of milliseconds, not ${JSON.stringify(advanceMs)}`,
    );
  }
  return advanceMs;
}

function readJson(request: RawRequest): unknown {
  try {
    return JSON.parse(request.body.toString());
  } catch {
    throw new AwsError('ValidationException', 'The body is not JSON');
  }
}

function json(status: number, document: unknown): Answer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(document) };
}
