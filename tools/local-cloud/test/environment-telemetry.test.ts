import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually, makeEnvironment } from './fixtures/environment/make-environment.ts';

const everything = ['platform', 'function', 'extension'];
const soon = { maxItems: 1_000, maxBytes: 262_144, timeoutMs: 25 };

/** A function with an extension that has subscribed. */
function observed(subscription: object, { plan = {}, ...options }: { plan?: object } & Record<string, unknown> = {}) {
  return makeEnvironment('act.handler', {
    extensions: { 'observer.mjs': 'observer.mjs' },
    variables: {
      OBSERVER: JSON.stringify({ telemetry: { types: everything, buffering: soon, ...subscription }, ...plan }),
    },
    ...options,
  });
}

describe('the Telemetry API', () => {
  it('delivers every event of an environment in order, those before the subscription included', async () => {
    const { invoke, environment, telemetry } = observed({}, { plan: { say: 'extension line' } });
    await invoke({ print: ['function line'] });
    await environment.shutdown('SPINDOWN');
    const types = telemetry().map(({ type }) => type);
    // The extension runs beside the function: when it subscribes, and prints, is its own business.
    const subscribed = 'platform.telemetrySubscription';
    expect(types.slice(1, types.indexOf('platform.extension'))).toContain(subscribed);
    expect(types.filter((type) => type !== 'extension' && type !== subscribed)).toEqual([
      'platform.initStart',
      'platform.initRuntimeDone',
      'platform.extension',
      'platform.initReport',
      'platform.start',
      'function',
      'platform.runtimeDone',
      'platform.report',
    ]);
    expect(types.filter((type) => type === 'extension')).toHaveLength(1);
  });

  it('has the fields of the schema', async () => {
    const { invoke, environment, telemetry, spec } = observed({});
    await invoke({ return: 'four' });
    await environment.shutdown('SPINDOWN');
    const record = (type: string) => telemetry().find((event) => event.type === `platform.${type}`)?.record;
    const tracing = { type: 'X-Amzn-Trace-Id', value: 'Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1' };
    const span = (name: string) => ({
      name,
      start: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]+\.\d{3}Z$/),
      durationMs: expect.any(Number),
    });
    expect(record('initStart')).toMatchObject({
      initializationType: 'on-demand',
      phase: 'init',
      functionName: 'orders',
      functionArn: spec.functionArn,
      functionVersion: '$LATEST',
      instanceId: environment.id,
      instanceMaxMemory: 128 * 1024 * 1024,
      runtimeVersion: expect.stringMatching(/^nodejs:24\.v\d+$/),
    });
    expect(record('initRuntimeDone')).toEqual({ initializationType: 'on-demand', phase: 'init', status: 'success' });
    expect(record('initReport')).toEqual({
      initializationType: 'on-demand',
      phase: 'init',
      status: 'success',
      metrics: { durationMs: expect.any(Number) },
    });
    expect(record('extension')).toEqual({ name: 'observer.mjs', state: 'Ready', events: ['INVOKE', 'SHUTDOWN'] });
    expect(record('telemetrySubscription')).toEqual({ name: 'observer.mjs', state: 'Subscribed', types: everything });
    expect(record('start')).toEqual({ requestId: 'request-1', version: '$LATEST', tracing });
    expect(record('runtimeDone')).toEqual({
      requestId: 'request-1',
      status: 'success',
      metrics: { durationMs: expect.any(Number), producedBytes: 6 },
      spans: [span('responseLatency'), span('responseDuration'), span('runtimeOverhead')],
      tracing,
    });
    expect(record('report')).toEqual({
      requestId: 'request-1',
      status: 'success',
      metrics: {
        durationMs: expect.any(Number),
        billedDurationMs: expect.any(Number),
        memorySizeMB: 128,
        maxMemoryUsedMB: expect.any(Number),
        initDurationMs: expect.any(Number),
      },
      spans: [span('extensionOverhead')],
      tracing,
    });
  });

  it.each([
    ['2025-01-29', 'JSON', { level: 'INFO', message: 'hello' }, { level: 'INFO', message: 'plain' }],
    ['2022-12-13', 'JSON', { level: 'INFO', message: 'hello' }, { level: 'INFO', message: 'plain' }],
    ['2022-07-01', 'JSON', /^\{.*"message":"hello"\}$/, /^\{.*"message":"plain"\}$/],
    ['2025-01-29', 'Text', /\tINFO\thello\n$/, /^plain\n$/],
  ])(
    'with schema %s and log format %s has records of the right shape',
    async (schemaVersion, logFormat, logged, plain) => {
      const { invoke, environment, telemetry } = observed({ schemaVersion, types: ['function'] }, { logFormat });
      await invoke({ print: ['hello'], write: 'plain\n' });
      await environment.shutdown('SPINDOWN');
      const records = telemetry().map(({ type, record }) => ({ type, record }));
      const shape = (wanted: object) =>
        wanted instanceof RegExp ? expect.stringMatching(wanted) : expect.objectContaining(wanted);
      expect(records).toHaveLength(2);
      expect(records).toContainEqual({ type: 'function', record: shape(logged) });
      expect(records).toContainEqual({ type: 'function', record: shape(plain) });
    },
  );

  it('posts to the path of the subscription', async () => {
    const { invoke, environment, recorded } = observed({});
    await invoke();
    await environment.shutdown('SPINDOWN');
    expect(recorded().flatMap(({ path }) => path ?? [])).toContain('/telemetry');
  });

  it('delivers the report of an invocation when the environment thaws', async () => {
    const { invoke, telemetry, spec } = observed({});
    const reports = () => telemetry().filter(({ type }) => type === 'platform.report').length;
    await invoke();
    await spec.clock.advance(60_000);
    expect(reports()).toBe(0);
    // An invocation may be over, and the extension frozen again, before it has read what was posted: then the next one.
    await eventually(async () => {
      await invoke();
      expect(reports()).toBeGreaterThanOrEqual(1);
    });
  });

  it('delivers what a timed-out invocation printed, and its report, before the extension ends', async () => {
    const { start, environment, spec, logs, telemetry } = observed({ buffering: { ...soon, timeoutMs: 30_000 } });
    const { done } = start({ print: ['last words'], hang: true });
    await eventually(() => expect(logs.join('')).toContain('last words'));
    await spec.clock.advance(3_000);
    await done;
    const tail = telemetry().slice(-3);
    expect(tail[0]?.record).toContain('last words');
    expect(tail[1]).toMatchObject({ type: 'platform.runtimeDone', record: { status: 'timeout' } });
    expect(tail[2]).toMatchObject({ type: 'platform.report', record: { status: 'timeout' } });
    expect(environment.state).toBe('broken');
  });

  it('is subscribed anew after a reset', async () => {
    const { invoke, environment, telemetry } = observed({});
    await invoke({ exit: 1 });
    await invoke({ return: 1 });
    await environment.shutdown('SPINDOWN');
    const inits = telemetry().filter(({ type }) => type === 'platform.initStart');
    expect(inits.map(({ record }) => record.phase)).toEqual(['init', 'invoke']);
  });

  it('loses no line of a burst, however the batches fall', async () => {
    const { invoke, environment, telemetry } = observed(
      { types: ['function'] },
      { logFormat: 'JSON', timeoutMs: 30_000 },
    );
    const lines = Array.from({ length: 1_000 }, (_, index) => `${index} ${'x'.repeat(1_000)}`);
    const long = Array.from({ length: 5 }, (_, index) => `${index} ${'世'.repeat(70_000)}`);
    await invoke({ print: lines });
    await invoke({ print: long });
    await environment.shutdown('SPINDOWN');
    const messages = telemetry().map(({ record }) => record.message);
    expect(messages).toHaveLength(1_005);
    expect(messages.every((message, index) => message === [...lines, ...long][index])).toBe(true);
  });
});

describe('a subscription', () => {
  interface Answer {
    readonly status: number;
    readonly body: unknown;
  }
  const register = {
    method: 'POST',
    path: '/2020-01-01/extension/register',
    headers: { 'lambda-extension-name': 'inside' },
    body: '{"events":[]}',
  };
  const subscribe = (body: unknown) => ({
    method: 'PUT',
    path: '/2022-07-01/telemetry',
    asLast: true,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const destination = { protocol: 'HTTP', URI: 'http://sandbox.localdomain:8080' };
  const valid = { schemaVersion: '2025-01-29', types: ['platform'], destination };

  async function answers(...bodies: unknown[]): Promise<Answer[]> {
    const { spec } = makeEnvironment('probe.handler', {
      variables: { CALLS: JSON.stringify([register, ...bodies.map(subscribe)]) },
    });
    const file = join(spec.scratch, 'tmp', 'answers.json');
    const all: Answer[] = await eventually(() => JSON.parse(readFileSync(file, 'utf8')));
    return all.slice(1);
  }

  it.each([
    ['types should not be empty', { ...valid, types: [] }],
    ['types should be of platform, function, extension, not "logs"', { ...valid, types: ['logs'] }],
    ['schemaVersion should be one of 2025-01-29, 2022-12-13, 2022-07-01', { ...valid, schemaVersion: '2021-03-18' }],
    ['URI port is not provided', { ...valid, destination: { ...destination, URI: 'http://sandbox.localdomain' } }],
    [
      'URI port is not provided; types should not be empty',
      { ...valid, types: [], destination: { ...destination, URI: 'http://sandbox.localdomain' } },
    ],
    [
      'destination.URI host must be sandbox.localdomain',
      { ...valid, destination: { ...destination, URI: 'http://example.com:8080' } },
    ],
    ['URI port 9001 is reserved', { ...valid, destination: { ...destination, URI: 'http://sandbox:9001' } }],
    ['destination.protocol should be HTTP or TCP', { ...valid, destination: { protocol: 'UDP', port: 1 } }],
    ['destination is not provided', { ...valid, destination: undefined }],
    ['buffering.maxItems should be an integer from 1000 to 10000', { ...valid, buffering: { maxItems: 999 } }],
    [
      'buffering.maxBytes should be an integer from 262144 to 1048576',
      { ...valid, buffering: { maxBytes: 1_048_577 } },
    ],
    ['buffering.timeoutMs should be an integer from 25 to 30000', { ...valid, buffering: { timeoutMs: 24 } }],
    [expect.stringContaining('failed to parse JSON'), '{'],
    [
      expect.stringContaining('Invalid destination: could not TCP dial provided address 127.0.0.1:1'),
      { ...valid, destination: { protocol: 'TCP', port: 1 } },
    ],
  ])('is refused: %s', async (errorMessage, body) => {
    expect(await answers(body)).toEqual([{ status: 400, body: { errorType: 'ValidationError', errorMessage } }]);
  });

  it('is taken once', async () => {
    expect(await answers(valid, valid)).toEqual([
      { status: 200, body: '"OK"' },
      { status: 200, body: '"OK"' },
    ]);
  });

  it('is refused after the initialisation', async () => {
    const { invoke } = makeEnvironment('late-subscriber.handler');
    expect((await invoke()).value).toEqual({
      status: 403,
      body: {
        errorMessage: 'Telemetry API subscription is closed already',
        errorType: 'Telemetry.SubscriptionClosed',
      },
    });
  });
});
