import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ApiRoute, answerAccepted, answerError, answerJson, readBody } from './api-server.ts';
import type { Progress } from './progress.ts';

export type ExtensionEvent = 'INVOKE' | 'SHUTDOWN';

/** One extension of the environment; names of states are AWS's. */
export interface Extension {
  readonly name: string;
  readonly id: string;
  /** A process of its own, launched from `/opt/extensions`; otherwise it lives in the runtime's process. */
  readonly external: boolean;
  events: readonly ExtensionEvent[];
  state: 'Started' | 'Registered' | 'Ready' | 'Running' | 'InitError' | 'ExitError' | 'LaunchError';
  errorType?: string;
}

/** The sandbox's side of all extensions ("Using the Lambda Extensions API", Lambda guide). */
export interface ExtensionsApi {
  readonly routes: readonly ApiRoute[];
  readonly extensions: readonly Extension[];
  /** Announces an external extension before its process starts. False when there are too many. */
  launch(name: string): boolean;
  /** The extension a call comes from; undefined, and answered with 403, when it is none. */
  identify(request: IncomingMessage, response: ServerResponse): Extension | undefined;
  /** From now on nobody can register. */
  closeRegistration(): void;
  /** Gives an event to every subscriber, as soon as it waits for one. */
  release(type: ExtensionEvent, body: Record<string, unknown>): void;
}

/** Internal and external together (core/registrations.go of AWS's emulator). */
export const maxExtensions = 10;

const root = '/2020-01-01/extension';
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function createExtensionsApi(
  progress: Progress,
  metadata: { functionName: string; functionVersion: string; handler: string; accountId: string },
): ExtensionsApi {
  const extensions: Extension[] = [];
  const waiting = new Map<Extension, ServerResponse>();
  const owed = new Map<Extension, Record<string, unknown>>();
  let registrationClosed = false;

  const forbid = (response: ServerResponse, type: string, message: string) =>
    answerError(response, 403, `Extension.${type}`, message);

  function refuse(response: ServerResponse, extension: Extension, to: string): void {
    const named = to === 'Registered' ? extension.name : extension.id;
    const message = `State transition from ${extension.state} to ${to} failed for extension ${named}`;
    forbid(response, 'InvalidExtensionState', `${message}. Error: State transition is not allowed`);
  }

  function identify(request: IncomingMessage, response: ServerResponse): Extension | undefined {
    const id = request.headers['lambda-extension-identifier'];
    const extension = extensions.find((candidate) => candidate.id === id);
    if (extension) return extension;
    request.resume();
    if (typeof id !== 'string' || id === '') {
      forbid(response, 'MissingExtensionIdentifier', 'Missing Lambda-Extension-Identifier header');
    } else if (!uuid.test(id)) forbid(response, 'InvalidExtensionIdentifier', 'Invalid Lambda-Extension-Identifier');
    else forbid(response, 'UnknownExtensionIdentifier', `Unknown extension ${id}`);
    return undefined;
  }

  function hand(extension: Extension, response: ServerResponse, body: Record<string, unknown>): void {
    extension.state = 'Running';
    answerJson(response, 200, body, { 'lambda-extension-event-identifier': randomUUID() });
  }

  async function register(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { body } = await readBody(request);
    const name = request.headers['lambda-extension-name'];
    if (typeof name !== 'string' || name === '')
      return forbid(response, 'InvalidExtensionName', 'Empty extension name');
    const wanted = readRegistration(body.toString());
    if (typeof wanted === 'string') return forbid(response, 'InvalidRequestFormat', wanted);

    let extension = extensions.find((candidate) => candidate.name === name);
    const allowed = extension?.external ? ['INVOKE', 'SHUTDOWN'] : ['INVOKE'];
    for (const event of wanted) {
      if (!allowed.includes(event)) {
        return forbid(response, 'InvalidEventType', `${event}: Invalid event type, allowed: ${allowed.join(', ')}`);
      }
    }
    if (!extension) {
      if (registrationClosed) return forbid(response, 'RegistrationClosed', 'Extension registration closed already');
      if (extensions.length >= maxExtensions) {
        return forbid(response, 'TooManyExtensions', `Extension limit (${maxExtensions}) reached`);
      }
      extension = { name, id: randomUUID(), external: false, events: [], state: 'Started' };
      extensions.push(extension);
    } else if (!extension.external) {
      return forbid(response, 'InvalidExtensionState', 'Extension with this name already registered');
    }
    if (extension.state !== 'Started') return refuse(response, extension, 'Registered');
    extension.events = wanted as ExtensionEvent[];
    extension.state = 'Registered';
    const { accountId, ...known } = metadata;
    const features = String(request.headers['lambda-extension-accept-feature'] ?? '').split(',');
    answerJson(
      response,
      200,
      features.some((feature) => feature.trim() === 'accountId') ? { ...known, accountId } : known,
      { 'lambda-extension-identifier': extension.id },
    );
    progress.changed();
  }

  function next(request: IncomingMessage, response: ServerResponse): void {
    const extension = identify(request, response);
    if (!extension) return;
    const event = owed.get(extension);
    owed.delete(extension);
    if (extension.state !== 'Registered' && extension.state !== 'Running') refuse(response, extension, 'Ready');
    else if (event) hand(extension, response, event);
    else {
      extension.state = 'Ready';
      waiting.set(extension, response);
      progress.changed();
    }
  }

  function report(to: 'InitError' | 'ExitError'): ApiRoute['handle'] {
    return async (request, response) => {
      const extension = identify(request, response);
      if (!extension) return;
      await readBody(request);
      const type = request.headers['lambda-extension-function-error-type'];
      if (typeof type !== 'string' || type === '') {
        return forbid(response, 'MissingHeader', 'Lambda-Extension-Function-Error-Type not found');
      }
      const from = to === 'InitError' ? ['Registered', 'InitError'] : ['Registered', 'Ready', 'Running', 'ExitError'];
      if (!from.includes(extension.state)) return refuse(response, extension, to);
      extension.errorType ??= type;
      extension.state = to;
      answerAccepted(response);
    };
  }

  return {
    extensions,
    identify,
    routes: [
      { method: 'POST', path: new RegExp(`^${root}/register$`), handle: register },
      { method: 'GET', path: new RegExp(`^${root}/event/next$`), handle: next },
      { method: 'POST', path: new RegExp(`^${root}/init/error$`), handle: report('InitError') },
      { method: 'POST', path: new RegExp(`^${root}/exit/error$`), handle: report('ExitError') },
    ],
    launch(name) {
      const extension: Extension = { name, id: randomUUID(), external: true, events: [], state: 'Started' };
      extensions.push(extension);
      if (extensions.length <= maxExtensions) return true;
      extension.state = 'LaunchError';
      extension.errorType = 'TooManyExtensions';
      return false;
    },
    closeRegistration() {
      registrationClosed = true;
    },
    release(type, body) {
      for (const extension of extensions) {
        if (!extension.events.includes(type)) continue;
        const response = waiting.get(extension);
        waiting.delete(extension);
        if (response) hand(extension, response, body);
        else if (extension.state === 'Registered' || extension.state === 'Running') owed.set(extension, body);
      }
    },
  };
}

/** The events of a register request, or what is wrong with it. */
function readRegistration(body: string): string[] | string {
  let json: { events?: unknown; configurationKeys?: unknown };
  try {
    json = JSON.parse(body);
  } catch (error) {
    return (error as Error).message;
  }
  if (typeof json !== 'object' || json === null) return 'the request body should be an object';
  if (Array.isArray(json.configurationKeys) && json.configurationKeys.length > 0) {
    return 'configurationKeys are deprecated; use environment variables instead';
  }
  const events = json.events ?? [];
  if (!Array.isArray(events) || events.some((event) => typeof event !== 'string')) {
    return 'events should be an array of strings';
  }
  return events;
}
