import { readdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as timePasses } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { event, startSandbox, waitFor } from './extension-sandbox.ts';

describe('an extension in its environment', () => {
  test('registers under its name for invocations and the end', async () => {
    const { platform } = await startSandbox();
    const [registration] = platform.calls;
    expect(registration?.headers['lambda-extension-name']).toBe('telemetry');
    expect(JSON.parse(registration?.body ?? '')).toEqual({ events: ['INVOKE', 'SHUTDOWN'] });
  });

  test('subscribes with the identifier it got, before it asks for an event', async () => {
    const { platform } = await startSandbox();
    const [, subscription, next] = platform.calls;
    expect(next?.path).toBe('/2020-01-01/extension/event/next');
    expect(subscription?.headers['lambda-extension-identifier']).toBe('11111111-1111-4111-8111-111111111111');
    expect(JSON.parse(subscription?.body ?? '')).toEqual({
      schemaVersion: '2025-01-29',
      types: ['platform', 'function'],
      buffering: { maxItems: 1000, maxBytes: 262144, timeoutMs: 25 },
      destination: { protocol: 'HTTP', URI: expect.stringMatching(/^http:\/\/sandbox\.localdomain:\d+$/) },
    });
  });

  test('ships the lines of an invocation before it asks for the next event', async () => {
    const sandbox = await startSandbox();
    await sandbox.invoke('first', 'second');
    expect(sandbox.kinesis.lines()).toEqual(['first', 'second']);
  });

  test('ships each line once over many invocations', async () => {
    const sandbox = await startSandbox();
    const lines = Array.from({ length: 30 }, (_, i) => [`${i} a`, `${i} b`]);
    for (const pair of lines) await sandbox.invoke(...pair);
    expect(sandbox.kinesis.lines()).toEqual(lines.flat());
  });

  test('says of each record where it comes from', async () => {
    const sandbox = await startSandbox();
    const invocation = sandbox.begin();
    await invocation.log('hello\n');
    await invocation.end();
    const record = sandbox.kinesis.records().find(({ source }) => source === 'function');
    expect(record).toEqual({
      v: 1,
      time: '2026-01-01T00:00:00.000Z',
      level: 'INFO',
      message: 'hello',
      source: 'function',
      function: 'orders',
      version: '7',
      requestId: invocation.requestId,
      environment: expect.stringMatching(/^[0-9a-f]{16}$/),
      sequence: 1,
    });
  });

  test('says of each record of an invocation which trace it belongs to', async () => {
    const sandbox = await startSandbox();
    const invocation = sandbox.begin(
      30_000,
      'Root=1-58406520-a006649127e371903a2de979;Parent=4c721bf33e3caf8f;Sampled=1',
    );
    const own = '4bf92f3577b34da6a3ce929d0e0e4736';
    await invocation.log('text', { message: 'traced by itself', traceId: own });
    await invocation.end();
    await sandbox.invoke('not traced');
    const traces = sandbox.kinesis.records().map(({ message, traceId }) => [message, traceId]);
    expect(traces).toEqual([
      ['platform.start', '58406520a006649127e371903a2de979'],
      ['text', '58406520a006649127e371903a2de979'],
      ['traced by itself', own],
      ['platform.runtimeDone', '58406520a006649127e371903a2de979'],
      ['platform.start', undefined],
      ['not traced', undefined],
      ['platform.runtimeDone', undefined],
    ]);
  });

  test('waits for the end of a function that runs for long, and ships meanwhile', async () => {
    const sandbox = await startSandbox({ variables: { STACKYARD_TELEMETRY_FLUSH_AGE_MS: '100' } });
    const invocation = sandbox.begin();
    await invocation.log('early');
    await waitFor(() => expect(sandbox.kinesis.lines()).toEqual(['early']));
    expect(sandbox.platform.waits).toBe(false);
    await invocation.log('late');
    await invocation.end();
    expect(sandbox.kinesis.lines()).toEqual(['early', 'late']);
  });

  test('ships what comes after the end of its invocation with the next one', async () => {
    const sandbox = await startSandbox();
    await sandbox.invoke('in time');
    await sandbox.platform.deliver([event('function', 'too late')]);
    await sandbox.invoke('next');
    expect(sandbox.kinesis.lines()).toEqual(['in time', 'too late', 'next']);
  });

  test('ships at SHUTDOWN what waits and what still comes, and ends with code 0', async () => {
    const sandbox = await startSandbox();
    await sandbox.platform.deliver([event('function', 'waits')]);
    const exit = sandbox.shutDown();
    await sandbox.platform.deliver([event('function', 'still comes')]);
    expect(await exit).toBe(0);
    expect(sandbox.kinesis.lines()).toEqual(['waits', 'still comes']);
  });

  test('lets go of an invocation whose telemetry does not come', async () => {
    const sandbox = await startSandbox({ variables: { STACKYARD_TELEMETRY_FLUSH_DEADLINE_MS: '200' } });
    sandbox.platform.release({ eventType: 'INVOKE', requestId: 'silent', deadlineMs: Date.now() + 30_000 });
    const start = performance.now();
    await sandbox.platform.idle();
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  test('lets go of an invocation just before the function times out', async () => {
    const sandbox = await startSandbox();
    const timedOut = timePasses(1_000, 'timed out');
    const letGo = sandbox
      .begin(1_000)
      .log('never ends')
      .then(() => sandbox.platform.idle());
    // A timer beside it, not a clock: a machine that is busy holds both up.
    expect(await Promise.race([letGo.then(() => 'let go'), timedOut])).toBe('let go');
  });

  test('ships in the background once invocations are frequent', async () => {
    const sandbox = await startSandbox();
    for (let i = 0; i < 100; i += 1) await sandbox.invoke(`${i}`);
    const before = sandbox.kinesis.requests.length;
    for (let i = 100; i < 110; i += 1) await sandbox.invoke(`${i}`);
    expect(sandbox.kinesis.requests.length - before).toBeLessThan(5);
    await sandbox.shutDown();
    expect(sandbox.kinesis.lines()).toEqual(Array.from({ length: 110 }, (_, i) => `${i}`));
  });

  test('ships in the background no later than the flush age while the environment runs', async () => {
    const sandbox = await startSandbox({ variables: { STACKYARD_TELEMETRY_FLUSH_AGE_MS: '300' } });
    for (let i = 0; i < 100; i += 1) await sandbox.invoke(`${i}`);
    const invocation = sandbox.begin();
    await invocation.log('while it runs');
    await waitFor(() => expect(sandbox.kinesis.lines()).toContain('while it runs'));
    await invocation.end();
  });
});

describe('the layer as it is built', () => {
  const layer = (path: string) => fileURLToPath(new URL(`../dist/layer/${path}`, import.meta.url));

  const programs = async () => {
    const files = (await readdir(layer('telemetry'))).filter((file) => file.endsWith('.mjs'));
    return Promise.all(files.map((file) => readFile(layer(`telemetry/${file}`), 'utf8')));
  };

  test('starts by its launcher and ships', async () => {
    const sandbox = await startSandbox({ program: ['/bin/sh', layer('extensions/telemetry')] });
    await sandbox.invoke('built');
    expect(sandbox.kinesis.lines()).toEqual(['built']);
  });

  test('registers once, by the launcher, under its file name', async () => {
    const { platform } = await startSandbox({ program: ['bash', layer('extensions/telemetry')] });
    const registrations = platform.calls.filter(({ path }) => path.endsWith('/register'));
    expect(registrations).toEqual([
      expect.objectContaining({ method: 'POST', body: '{"events":["INVOKE","SHUTDOWN"]}' }),
    ]);
    expect(registrations[0]?.headers).toMatchObject({ 'lambda-extension-name': 'telemetry', host: platform.address });
  });

  test('registers once, by itself, in an image without bash', async () => {
    const { platform } = await startSandbox({
      program: ['/bin/sh', layer('extensions/telemetry')],
      variables: { PATH: dirname(process.execPath) },
    });
    expect(platform.calls.map(({ path }) => path).filter((path) => path.endsWith('/register'))).toHaveLength(1);
  });

  test.each(['bash', '/bin/sh'])('%s: says what Lambda refused', async (shell) => {
    const registering = { status: 403, body: '{"errorType":"Extension.AlreadyRegistered"}' };
    const sandbox = await startSandbox({ registering, program: [shell, layer('extensions/telemetry')] });
    expect(await sandbox.exit).toBe(1);
    expect(JSON.parse(sandbox.output.text).message).toBe(
      `The Extensions API answered register with 403: ${registering.body}`,
    );
  });

  test('carries no AWS SDK: every cold start of every function loads it', async () => {
    const sizes = (await programs()).map((text) => text.length);
    expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(32 * 1024);
  });

  test("does without imports of Node's HTTP and crypto modules, which load far more than they say", async () => {
    for (const text of await programs()) expect(text).not.toMatch(/from\s*["']node:(http|https|crypto)["']/);
  });
});

describe('what is shipped', () => {
  const texts = (sandbox: Awaited<ReturnType<typeof startSandbox>>) =>
    sandbox.kinesis.records().map(({ message }) => message);

  test('by default: the function and the platform', async () => {
    const sandbox = await startSandbox();
    const invocation = sandbox.begin();
    await invocation.log('line');
    await sandbox.platform.deliver([event('extension', 'of an extension')]);
    await invocation.end();
    expect(texts(sandbox)).toEqual(['platform.start', 'line', 'platform.runtimeDone']);
  });

  test('what was asked for, and platform events are still subscribed', async () => {
    const sandbox = await startSandbox({ variables: { STACKYARD_TELEMETRY_TYPES: 'extension' } });
    const { types } = JSON.parse(sandbox.platform.calls[1]?.body ?? '');
    expect(types).toEqual(['platform', 'extension']);
    const invocation = sandbox.begin();
    await sandbox.platform.deliver([event('extension', 'of an extension')]);
    await invocation.end();
    expect(texts(sandbox)).toEqual(['of an extension']);
  });

  test('nothing below the level asked for', async () => {
    const sandbox = await startSandbox({ variables: { STACKYARD_TELEMETRY_LEVEL: 'warn' } });
    await sandbox.invoke({ level: 'INFO', message: 'no' }, { level: 'ERROR', message: 'yes' });
    expect(texts(sandbox)).toEqual(['yes']);
  });

  test('of a sampled level, all lines of a request or none', async () => {
    const variables = { STACKYARD_TELEMETRY_TYPES: 'function', STACKYARD_TELEMETRY_SAMPLING: 'DEBUG:2' };
    const sandbox = await startSandbox({ variables });
    for (let i = 0; i < 20; i += 1) {
      await sandbox.invoke(
        { level: 'DEBUG', message: 'a' },
        { level: 'INFO', message: 'b' },
        { level: 'DEBUG', message: 'c' },
      );
    }
    const requests = Map.groupBy(sandbox.kinesis.records(), ({ requestId }) => requestId);
    const kept = [...requests.values()].map((records) => records.map(({ message }) => message).join(''));
    expect(kept).toHaveLength(20);
    expect(new Set(kept)).toEqual(new Set(['b', 'abc']));
  });

  test('without the values of the keys that are to be redacted', async () => {
    const sandbox = await startSandbox({ variables: { STACKYARD_TELEMETRY_REDACT: 'password,token' } });
    await sandbox.invoke('token=abc', { message: 'sign-in', user: { name: 'ann', password: 'hunter2' } });
    const [text, object] = sandbox.kinesis.records().filter(({ source }) => source === 'function');
    expect(text?.message).toBe('token=[REDACTED]');
    expect(object?.attributes).toEqual({ user: { name: 'ann', password: '[REDACTED]' } });
    expect(sandbox.kinesis.requests.map(({ entries }) => JSON.stringify(entries)).join()).not.toContain('hunter2');
  });
});

describe('an environment that is not as it should be', () => {
  test('a bad configuration: says all that is wrong, holds no invocation, ends at SHUTDOWN', async () => {
    const sandbox = await startSandbox({
      variables: { STACKYARD_TELEMETRY_STREAM: undefined, STACKYARD_TELEMETRY_BUFFER_BYTES: '12' },
    });
    sandbox.platform.release({ eventType: 'INVOKE', requestId: 'x', deadlineMs: Date.now() + 30_000 });
    await sandbox.platform.idle();
    expect(await sandbox.shutDown()).toBe(0);
    const lines = sandbox.output.text.trim().split('\n');
    expect(lines.map((line) => JSON.parse(line).message)).toEqual([
      'No telemetry will be shipped: STACKYARD_TELEMETRY_STREAM is not set',
      "No telemetry will be shipped: STACKYARD_TELEMETRY_BUFFER_BYTES is '12'; it takes a whole number from 2097152 to 268435456",
    ]);
  });

  test('no Telemetry API: says so, and holds no invocation', async () => {
    const body = '{"errorType":"Telemetry.NotSupported","errorMessage":"Telemetry API is not supported"}';
    const sandbox = await startSandbox({ subscribing: { status: 202, body } });
    sandbox.platform.release({ eventType: 'INVOKE', requestId: 'x', deadlineMs: Date.now() + 30_000 });
    await sandbox.platform.idle();
    await waitFor(() => expect(sandbox.output.text).toContain('the Telemetry API answered 202'));
  });

  test('an invalid body: is answered and reported, and the next one is read', async () => {
    const sandbox = await startSandbox();
    const invocation = sandbox.begin();
    expect(await sandbox.platform.post('[{"time"')).toBe(200);
    expect(await sandbox.platform.post('{}')).toBe(200);
    await invocation.log('valid');
    await invocation.end();
    const reports = sandbox.kinesis.records().filter(({ message }) => message === 'telemetry.invalidRequest');
    expect(reports.map(({ attributes }) => attributes?.['invalidRequests'])).toEqual([1, 2]);
    expect(sandbox.kinesis.lines()).toEqual(['valid']);
  });

  test('a body that no buffer could hold: is refused and reported', async () => {
    const sandbox = await startSandbox({ variables: { STACKYARD_TELEMETRY_BUFFER_BYTES: '2097152' } });
    const invocation = sandbox.begin();
    expect(await sandbox.platform.post(Buffer.alloc(2_097_153, ' '))).toBe(413);
    await invocation.end();
    expect(sandbox.kinesis.records().map(({ message }) => message)).toContain('telemetry.invalidRequest');
  });

  test('an event that is none: is shipped as it is', async () => {
    const sandbox = await startSandbox();
    const invocation = sandbox.begin();
    await sandbox.platform.deliver([null, 'odd', { type: 7 }]);
    await invocation.end();
    expect(texts(sandbox).slice(1, 4)).toEqual([null, 'odd', { type: 7 }]);
  });

  test('a line that nests too deep: is counted as dropped and takes no other with it', async () => {
    const sandbox = await startSandbox();
    const invocation = sandbox.begin();
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    await sandbox.platform.post(`[${JSON.stringify(event('function', 'a'))},{"type":"function","record":${deep}}]`);
    await invocation.log('b');
    await invocation.end();
    expect(sandbox.kinesis.lines()).toEqual(['a', 'b']);
    const drop = sandbox.kinesis.records().find(({ message }) => message === 'telemetry.recordsDropped');
    expect(drop?.attributes).toEqual({
      droppedRecords: 1,
      droppedBytes: 0,
      reasons: { bufferFull: 0, ended: 0, unwritable: 1 },
    });
  });

  test('a registration that is refused: says why it ends', async () => {
    const body = '{"errorType":"Extension.RegistrationClosed","errorMessage":"Extension registration closed already"}';
    const sandbox = await startSandbox({ registering: { status: 403, body } });
    expect(await sandbox.exit).toBe(1);
    expect(sandbox.output.text).toContain('The Extensions API answered register with 403');
    expect(sandbox.output.text).toContain('Extension.RegistrationClosed');
  });

  test('no Lambda at all: says why it ends', async () => {
    const sandbox = await startSandbox({ variables: { AWS_LAMBDA_RUNTIME_API: '127.0.0.1:9' } });
    expect(await sandbox.exit).toBe(1);
    expect(sandbox.output.text).toContain('connect ECONNREFUSED 127.0.0.1:9');
  });

  test('Lambda that does not answer any more: says why it ends', async () => {
    const sandbox = await startSandbox();
    sandbox.platform.cut();
    expect(await sandbox.exit).toBe(1);
    const report = sandbox.platform.calls.at(-1);
    expect(report?.path).toBe('/2020-01-01/extension/exit/error');
    expect(report?.headers['lambda-extension-function-error-type']).toBe('Extension.NextFailed');
  });

  const texts = (sandbox: Awaited<ReturnType<typeof startSandbox>>) =>
    sandbox.kinesis.records().map(({ message }) => message);
});
