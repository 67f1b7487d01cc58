import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually, makeEnvironment, processesWith } from './fixtures/environment/make-environment.ts';

interface ApiCall {
  readonly method: string;
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  /** Sends the identifier that the last registration was given. */
  readonly asLast?: boolean;
}

const register = (name: string, events: unknown = ['INVOKE'], more: object = {}): ApiCall => ({
  method: 'POST',
  path: '/2020-01-01/extension/register',
  headers: name ? { 'lambda-extension-name': name } : {},
  body: JSON.stringify({ events, ...more }),
});
const extensionCall = (path: string, rest: Partial<ApiCall> = {}): ApiCall => ({
  method: 'POST',
  path: `/2020-01-01/extension/${path}`,
  ...rest,
});
const unknownId = 'a1b2c3d4-0000-4000-8000-000000000000';

interface Answer {
  readonly status: number;
  readonly id?: string;
  readonly body: { readonly errorType: string; readonly errorMessage: string } & Record<string, unknown>;
}

/** Answers to calls that the function's own process makes at initialisation: it is an internal extension by that. */
async function atInit(...calls: readonly ApiCall[]): Promise<Answer[]> {
  const { spec } = makeEnvironment('probe.handler', { variables: { CALLS: JSON.stringify(calls) } });
  return eventually(() => JSON.parse(readFileSync(join(spec.scratch, 'tmp', 'answers.json'), 'utf8')));
}

/** Answer to a call that the handler makes. */
async function inHandler(call: ApiCall): Promise<Answer> {
  const { invoke } = makeEnvironment('probe.handler');
  return (await invoke({ calls: [call] })).value[0];
}

describe('the Extensions API', () => {
  it('registers internal extensions for INVOKE alone', async () => {
    const answers = await atInit(register('inside'), register('greedy', ['INVOKE', 'SHUTDOWN']));
    expect(answers[0]).toEqual({
      status: 200,
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      body: { functionName: 'orders', functionVersion: '$LATEST', handler: 'probe.handler' },
    });
    expect(answers[1]).toMatchObject({ status: 403, body: { errorType: 'Extension.InvalidEventType' } });
  });

  it('gives internal extensions their events', async () => {
    const { invoke, logs } = makeEnvironment('internal.handler');
    expect((await invoke()).value).toMatchObject([{ eventType: 'INVOKE', requestId: 'request-1' }]);
    expect((await invoke()).value).toMatchObject([{ eventType: 'INVOKE', requestId: 'request-2' }]);
    expect(logs).toContain('EXTENSION\tName: inside\tState: Ready\tEvents: [INVOKE]\n');
  });

  it('gives 500 ms to end when all extensions are internal', async () => {
    const { invoke, environment, spec, logs } = makeEnvironment('internal.handler');
    await invoke();
    const closed = environment.shutdown('SPINDOWN');
    await eventually(() => expect(logs.join('')).toContain('asked to end'));
    await spec.clock.advance(450);
    expect(processesWith(spec.scratch)).toHaveLength(1);
    await spec.clock.advance(50);
    await closed;
  });

  it.each([
    ['Extension.InvalidExtensionName', 'Empty extension name', [register('')]],
    ['Extension.InvalidEventType', expect.stringContaining('WAKE'), [register('x', ['WAKE'])]],
    ['Extension.InvalidRequestFormat', expect.stringContaining('JSON'), [{ ...register('x'), body: '{' }]],
    [
      'Extension.InvalidRequestFormat',
      'configurationKeys are deprecated; use environment variables instead',
      [register('x', ['INVOKE'], { configurationKeys: ['KEY'] })],
    ],
    [
      'Extension.InvalidExtensionState',
      'Extension with this name already registered',
      [register('twice'), register('twice')],
    ],
    [
      'Extension.MissingExtensionIdentifier',
      'Missing Lambda-Extension-Identifier header',
      [extensionCall('event/next', { method: 'GET' })],
    ],
    [
      'Extension.InvalidExtensionIdentifier',
      'Invalid Lambda-Extension-Identifier',
      [extensionCall('event/next', { method: 'GET', headers: { 'lambda-extension-identifier': 'me' } })],
    ],
    [
      'Extension.UnknownExtensionIdentifier',
      `Unknown extension ${unknownId}`,
      [extensionCall('event/next', { method: 'GET', headers: { 'lambda-extension-identifier': unknownId } })],
    ],
    [
      'Extension.MissingHeader',
      'Lambda-Extension-Function-Error-Type not found',
      [register('x'), extensionCall('init/error', { asLast: true })],
    ],
  ])('refuses with 403 %s', async (errorType, errorMessage, calls) => {
    expect((await atInit(...calls)).at(-1)).toEqual({ status: 403, body: { errorType, errorMessage } });
  });

  it('lets nobody register after the initialisation', async () => {
    expect(await inHandler(register('late'))).toEqual({
      status: 403,
      body: { errorType: 'Extension.RegistrationClosed', errorMessage: 'Extension registration closed already' },
    });
  });

  it('takes ten extensions', async () => {
    const answers = await atInit(...Array.from({ length: 11 }, (_, index) => register(`inside-${index}`)));
    expect(answers.map(({ status }) => status)).toEqual([...Array(10).fill(200), 403]);
    expect(answers[10]?.body).toEqual({
      errorType: 'Extension.TooManyExtensions',
      errorMessage: 'Extension limit (10) reached',
    });
  });

  it('answers nothing more to an extension that has reported an error', async () => {
    const type = { 'lambda-extension-function-error-type': 'Extension.Broken' };
    const answers = await atInit(
      register('broken'),
      extensionCall('exit/error', { asLast: true, headers: type, body: '{}' }),
      extensionCall('event/next', { method: 'GET', asLast: true }),
    );
    expect(answers[1]).toEqual({ status: 202, body: { status: 'OK' } });
    expect(answers[2]).toMatchObject({ status: 403, body: { errorType: 'Extension.InvalidExtensionState' } });
    expect(answers[2]?.body.errorMessage).toMatch(
      /^State transition from ExitError to Ready failed for extension [0-9a-f-]{36}\. Error: State transition is not allowed$/,
    );
  });
});

describe('the Runtime API', () => {
  const path = (rest: string) => `/2018-06-01/runtime/${rest}`;

  it('takes an answer only to the invocation that runs', async () => {
    expect(await inHandler({ method: 'POST', path: path('invocation/other/response'), body: '1' })).toEqual({
      status: 400,
      body: { errorType: 'InvalidRequestID', errorMessage: 'Invalid request ID' },
    });
  });

  it('refuses a second invocation while one runs', async () => {
    expect(await inHandler({ method: 'GET', path: path('invocation/next') })).toMatchObject({
      status: 403,
      body: { errorType: 'InvalidStateTransition' },
    });
  });

  it('refuses an error of the initialisation after it', async () => {
    expect(await inHandler({ method: 'POST', path: path('init/error'), body: '{}' })).toEqual({
      status: 403,
      body: {
        errorType: 'InvalidStateTransition',
        errorMessage:
          'State transition from Running to InitError failed for runtime. Error: State transition is not allowed',
      },
    });
  });

  it('knows one response mode', async () => {
    const headers = { 'lambda-runtime-function-response-mode': 'trickle' };
    const { invoke } = makeEnvironment('probe.handler');
    const call = { method: 'POST', path: path('invocation/{id}/response'), headers, body: '1' };
    const { functionError, value } = await invoke({ calls: [call] });
    expect(functionError).toBe('Unhandled');
    expect(value.errorType).toBe('Runtime.InvalidResponseModeHeader');
  });

  it('says 404 to what it does not know', async () => {
    expect(await inHandler({ method: 'GET', path: '/2018-06-01/runtime/restore/next' })).toEqual({
      status: 404,
      body: '404 page not found\n',
    });
  });
});
