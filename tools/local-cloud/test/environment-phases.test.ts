import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createEnvironment } from '../src/lambda-environment/environment.ts';
import { eventually, functionSpec, makeEnvironment, processesWith } from './fixtures/environment/make-environment.ts';

const observer = { 'observer.mjs': 'observer.mjs' };
const plan = (steps: object) => ({ OBSERVER: JSON.stringify(steps) });
const atInit = (steps: object) => ({ AT_INIT: JSON.stringify(steps) });

describe('INIT', () => {
  it('starts the runtime only when every external extension has registered', async () => {
    const { start, spec, say, recorded } = makeEnvironment('act.handler', {
      extensions: observer,
      variables: { ...plan({ late: 'ready' }), ...atInit({ mark: 'runtime started' }) },
    });
    const { done } = start({ marks: true });
    await eventually(() => expect(recorded().some(({ registered }) => registered)).toBe(true));
    // Registered, and not yet ready: the runtime runs, the handler does not.
    await eventually(() => expect(processesWith(spec.scratch)).toHaveLength(2));
    expect(recorded().at(-1)?.['registered']).toEqual({
      functionName: 'orders',
      functionVersion: '$LATEST',
      handler: 'act.handler',
    });
    say('ready');
    await done;
  });

  it('tells an extension its account when it asks for it', async () => {
    const { invoke, recorded } = makeEnvironment('act.handler', {
      extensions: observer,
      variables: plan({ headers: { 'lambda-extension-accept-feature': 'other, accountId' } }),
    });
    await invoke();
    expect(recorded().find(({ registered }) => registered)?.['registered']).toMatchObject({
      accountId: '000000000000',
    });
  });

  it('that fails runs again inside the invocation, whose caller gets the error of the function', async () => {
    const { invoke, logs, environment } = makeEnvironment('missing.handler');
    await eventually(() => expect(environment.state).toBe('broken'));
    const { value, functionError } = await invoke();
    expect(functionError).toBe('Unhandled');
    expect(value.errorType).toBe('Runtime.ImportModuleError');
    expect(value.errorMessage).toContain("Cannot find module 'missing'");
    const reports = logs.filter((line) => line.startsWith('INIT_REPORT'));
    expect(reports).toEqual([
      expect.stringMatching(
        /^INIT_REPORT Init Duration: [\d.]+ ms\tPhase: init\tStatus: error\tError Type: Runtime.ImportModuleError\n$/,
      ),
      expect.stringMatching(
        /^INIT_REPORT Init Duration: [\d.]+ ms\tPhase: invoke\tStatus: error\tError Type: Runtime.ImportModuleError\n$/,
      ),
    ]);
    expect(logs.at(-1)).toMatch(
      /^REPORT RequestId: request-1\t.*\tStatus: error\tError Type: Runtime.ImportModuleError\n$/,
    );
  });

  it('has ten seconds, then the time of the function', async () => {
    const { start, spec, logs, environment, recorded } = makeEnvironment('act.handler', {
      extensions: observer,
      variables: plan({ hangBeforeRegister: true }),
    });
    const { response, done } = start();
    await eventually(() => expect(recorded()).toHaveLength(1));
    await spec.clock.advance(9_900);
    expect(logs).toHaveLength(1);
    await spec.clock.advance(200);
    await eventually(() => expect(recorded()).toHaveLength(2));
    expect(logs.filter((line) => line.startsWith('INIT_REPORT'))).toEqual([
      expect.stringMatching(/Init Duration: 10\d{3}\.00 ms\tPhase: init\tStatus: timeout\n$/),
    ]);
    await spec.clock.advance(3_000);
    expect((await response).value).toEqual({
      errorType: 'Sandbox.Timedout',
      errorMessage: 'RequestId: request-1 Error: Task timed out after 3.00 seconds',
    });
    await done;
    expect(logs.join('')).toContain('Phase: invoke\tStatus: timeout\n');
    expect(environment.state).toBe('broken');
  });

  it('of provisioned concurrency has 130 seconds', async () => {
    const { spec, environment, logs, recorded } = makeEnvironment('act.handler', {
      extensions: observer,
      initializationType: 'provisioned-concurrency',
      variables: plan({ hangBeforeRegister: true }),
    });
    await eventually(() => expect(recorded()).toHaveLength(1));
    await spec.clock.advance(129_000);
    expect(environment.state).toBe('starting');
    await spec.clock.advance(1_100);
    await eventually(() => expect(environment.state).toBe('broken'));
    expect(logs.join('')).toContain('Phase: init\tStatus: timeout\n');
  });

  it('fails when an extension ends, even with code 0', async () => {
    const { invoke, logs } = makeEnvironment('act.handler', {
      extensions: observer,
      variables: plan({ exitBeforeRegister: 0 }),
    });
    expect((await invoke()).value).toEqual({
      errorType: 'Extension.Crash',
      errorMessage: 'RequestId: request-1 Error: exit code 0',
    });
    expect(logs.join('')).toContain('Phase: init\tStatus: error\tError Type: Extension.Crash\n');
  });

  it('fails with the error an extension reports', async () => {
    const { invoke, logs, recorded } = makeEnvironment('act.handler', {
      extensions: observer,
      variables: plan({ initError: 'Extension.NoKey' }),
    });
    expect((await invoke()).value.errorType).toBe('Extension.InitError');
    expect(recorded().find(({ initError }) => initError)?.['initError']).toMatchObject({ status: 202 });
    expect(logs).toContain(
      'EXTENSION\tName: observer.mjs\tState: InitError\tEvents: [INVOKE, SHUTDOWN]\tError Type: Extension.NoKey\n',
    );
  });

  it.each([
    ['exec format error', 0o755, 'no program'],
    ['permission denied', 0o644, '#!/bin/sh\n'],
    ['no such file or directory', 0o755, '#!/no/such/shell\n'],
  ])('fails when a file among the extensions cannot be started: %s', async (reason, mode, content) => {
    const spec = functionSpec('act.handler', { extensions: { notes: content } });
    chmodSync(join(spec.optRoot, 'extensions', 'notes'), mode);
    const environment = createEnvironment(spec, () => {});
    const { response, done } = environment.invoke({
      requestId: '1',
      payload: Buffer.from('{}'),
      invokedFunctionArn: '',
    });
    expect(JSON.parse((await response).payload.toString())).toEqual({
      errorType: 'Extension.LaunchError',
      errorMessage: `RequestId: 1 Error: fork/exec /opt/extensions/notes: ${reason}`,
    });
    await done;
    await environment.shutdown('SPINDOWN');
  });

  it('fails with more than ten extensions', async () => {
    const eleven = Array.from({ length: 11 }, (_, index) => [`e${index}.mjs`, 'observer.mjs']);
    const { invoke } = makeEnvironment('act.handler', { extensions: Object.fromEntries(eleven), timeoutMs: 30_000 });
    expect((await invoke()).value).toEqual({
      errorType: 'Extension.LaunchError',
      errorMessage: 'RequestId: request-1 Error: Extension limit (10) reached',
    });
  });
});

describe('INVOKE', () => {
  it('answers the caller before the extensions are done, and lasts until they are', async () => {
    const { start, say, environment, events, logs } = makeEnvironment('act.handler', {
      extensions: observer,
      variables: plan({ afterInvoke: 'continue' }),
    });
    const { response, done } = start({ return: 'quick' });
    expect((await response).value).toBe('quick');
    expect(environment.state).toBe('busy');
    await eventually(() => expect(events()).toHaveLength(1));
    expect(logs.join('')).not.toContain('REPORT');
    say('continue');
    await done;
    expect(environment.state).toBe('idle');
    expect(logs.join('')).toContain('REPORT');
  });

  it('gives an extension the request, its deadline, its ARN and its trace', async () => {
    const { invoke, events, spec } = makeEnvironment('act.handler', { extensions: observer });
    const before = spec.clock.now();
    await invoke();
    const [event] = events();
    expect(event).toMatchObject({
      eventType: 'INVOKE',
      requestId: 'request-1',
      invokedFunctionArn: `${spec.functionArn}:live`,
      tracing: { type: 'X-Amzn-Trace-Id', value: 'Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1' },
    });
    expect(event?.deadlineMs).toBeGreaterThanOrEqual(before + 3_000);
    expect(event?.deadlineMs).toBeLessThanOrEqual(spec.clock.now() + 3_000);
  });

  it('is not delayed by an extension that is subscribed to SHUTDOWN alone', async () => {
    const { invoke, events, environment } = makeEnvironment('act.handler', {
      extensions: observer,
      variables: plan({ events: ['SHUTDOWN'] }),
    });
    await invoke();
    await invoke();
    expect(events()).toEqual([]);
    await environment.shutdown('SPINDOWN');
    expect(events()).toMatchObject([{ eventType: 'SHUTDOWN', shutdownReason: 'SPINDOWN' }]);
  });

  // What a process holds is told by /proc.
  it.skipIf(process.platform !== 'linux')(
    'ends when runtime and extensions hold more memory than the function has',
    async () => {
      const { invoke, logs, environment } = makeEnvironment('act.handler', {
        extensions: observer,
        memoryMb: 160,
        timeoutMs: 30_000,
      });
      expect((await invoke({ hold: 200 })).value).toEqual({
        errorType: 'Runtime.ExitError',
        errorMessage: 'RequestId: request-1 Error: Runtime exited with error: signal: killed',
      });
      expect(logs.join('')).toMatch(/Memory Size: 160 MB\tMax Memory Used: 160 MB/);
      expect((await invoke({ return: 'another' })).value).toBe('another');
      expect(environment.state).toBe('idle');
    },
  );

  it('ends at the time limit of the function; the next one initialises anew and keeps /tmp', async () => {
    const { start, invoke, spec, logs, environment } = makeEnvironment('act.handler', { extensions: observer });
    await invoke({ mark: 'before' });
    const { response, done } = start({ mark: 'within', print: ['working'], hang: true });
    await eventually(() => expect(logs.some((line) => line.includes('working'))).toBe(true));
    await spec.clock.advance(3_000);
    expect(await response).toMatchObject({
      functionError: 'Unhandled',
      text: '{"errorType":"Sandbox.Timedout","errorMessage":"RequestId: request-2 Error: Task timed out after 3.00 seconds"}',
    });
    await done;
    expect(environment.state).toBe('broken');
    expect(logs.at(-1)).toMatch(/^REPORT RequestId: request-2\tDuration: 3\d{3}.00 ms\t.*\tStatus: timeout\n$/);
    expect((await invoke({ marks: true })).value).toEqual(['before', 'within']);
    expect(logs.filter((line) => line.startsWith('INIT_START'))).toHaveLength(2);
  });

  it('spends the time limit on extensions, too', async () => {
    const { start, spec, events, environment, logs } = makeEnvironment('act.handler', {
      extensions: observer,
      variables: plan({ afterInvoke: 'never' }),
    });
    const { response, done } = start({ return: 'fine' });
    expect((await response).value).toBe('fine');
    await eventually(() => expect(events()).toHaveLength(1));
    await spec.clock.advance(3_000);
    // The runtime is ended; the extension, busy with its event when SHUTDOWN is due, is killed after its 2,000 ms.
    await eventually(() => expect(processesWith(spec.scratch)).toHaveLength(1));
    await spec.clock.advance(2_000);
    await done;
    expect(logs.at(-1)).toContain('Status: timeout');
    expect(environment.state).toBe('broken');
  });

  it('tells extensions of a time-out', async () => {
    const { start, spec, events, environment } = makeEnvironment('act.handler', { extensions: observer });
    const { done } = start({ hang: true });
    await eventually(() => expect(events()).toHaveLength(1));
    await spec.clock.advance(3_000);
    await done;
    expect(events().at(-1)).toMatchObject({ eventType: 'SHUTDOWN', shutdownReason: 'TIMEOUT' });
    expect(environment.state).toBe('broken');
  });

  it.each([
    [{ exit: 1 }, 'Runtime exited with error: exit status 1'],
    [{ exit: 0 }, 'Runtime exited without providing a reason'],
    [{ kill: 'SIGKILL' }, 'Runtime exited with error: signal: killed'],
    [{ kill: 'SIGSEGV' }, 'Runtime exited with error: signal: segmentation fault'],
  ])('fails when the runtime ends: %j', async (event, reason) => {
    const { invoke, logs } = makeEnvironment('act.handler', { extensions: observer });
    expect(await invoke({ print: ['last words'], ...event })).toMatchObject({
      functionError: 'Unhandled',
      text: `{"errorType":"Runtime.ExitError","errorMessage":"RequestId: request-1 Error: ${reason}"}`,
    });
    const tail = logs.slice(-4);
    expect(tail[0]).toContain('last words');
    expect(tail[1]).toBe(`RequestId: request-1 Error: ${reason}\nRuntime.ExitError\n`);
    expect(tail[2]).toBe('END RequestId: request-1\n');
    expect(tail[3]).toMatch(/\tStatus: error\tError Type: Runtime.ExitError\n$/);
    expect((await invoke({ return: 'again' })).value).toBe('again');
  });

  it('fails when an extension ends, even with code 0; the others are told', async () => {
    const { invoke, events, environment } = makeEnvironment('act.handler', {
      extensions: { ...observer, 'other.mjs': 'observer.mjs' },
      variables: plan({ 'observer.mjs': {}, 'other.mjs': { afterInvoke: 'exit' } }),
    });
    expect((await invoke({ hang: true })).value).toEqual({
      errorType: 'Extension.Crash',
      errorMessage: 'RequestId: request-1 Error: exit code 0',
    });
    expect(environment.state).toBe('broken');
    expect(events().at(-1)).toMatchObject({ eventType: 'SHUTDOWN', shutdownReason: 'FAILURE' });
  });

  it('notices at the next invocation what was killed in between, and initialises anew', async () => {
    const { invoke, environment, events } = makeEnvironment('act.handler', { extensions: observer });
    await invoke();
    environment.kill('observer.mjs', 'killed');
    await eventually(() => expect(environment.state).toBe('broken'));
    expect((await invoke({ return: 'again' })).value).toBe('again');
    expect(events().map(({ eventType }) => eventType)).toEqual(['INVOKE', 'INVOKE']);
    expect(() => environment.kill('nobody', 'killed')).toThrow('No process nobody runs in environment');
  });
});

describe('freezing', () => {
  // "Lambda Code Execution Freeze/Thaw": TaskA takes 1,000 ms and is awaited; TaskB (2,000 ms) and TaskC (3,000 ms) are not.
  it('leaves un-awaited work of request 1 to the time of request 2', async () => {
    const { invoke, logs } = makeEnvironment('tasks.handler', { timeoutMs: 10_000 });
    const tasks = () => logs.flatMap((line) => /Task[ABC] : \d/.exec(line)?.[0] ?? []);
    await invoke({ request: 1 });
    expect(tasks()).toEqual(['TaskA : 1']);
    // More than the 3,000 ms that TaskC takes pass while nobody calls.
    await new Promise((resolve) => setTimeout(resolve, 3_200));
    expect(tasks()).toEqual(['TaskA : 1']);
    const startedAt = Date.now();
    await invoke({ request: 2 });
    const took = Date.now() - startedAt;
    expect(tasks()).toEqual(['TaskA : 1', 'TaskB : 1', 'TaskC : 1', 'TaskA : 2']);
    expect(took).toBeGreaterThanOrEqual(990);
    const billed = logs.flatMap((line) => /\tBilled Duration: (\d+) ms/.exec(line)?.[1] ?? []).map(Number);
    // Had the time between the requests counted, it would be 4,200 at least.
    expect(billed[1]).toBeLessThan(4_200);
  });

  it('makes a failure of un-awaited work of request 1 the failure of request 2', async () => {
    const { invoke } = makeEnvironment('tasks.handler', { timeoutMs: 10_000 });
    expect((await invoke({ request: 1, fail: true })).value).toMatchObject({ statusCode: 200 });
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    expect((await invoke({ request: 2 })).value.errorType).toBe('Runtime.ExitError');
  });

  it('stops extensions and what they have started', async () => {
    const { invoke, recorded } = makeEnvironment('act.handler', { extensions: { 'launcher.sh': 'launcher.sh' } });
    await invoke();
    const ticks = () => recorded('launcher.sh').length;
    const atFreeze = ticks();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(ticks()).toBe(atFreeze);
    await invoke();
    await eventually(() => expect(ticks()).toBeGreaterThan(atFreeze));
  });

  it('can be done in the middle of an invocation', async () => {
    const { start, environment, spec, logs } = makeEnvironment('act.handler');
    await eventually(() => expect(environment.state).toBe('idle'));
    const { response } = start({ print: ['begun'], hang: true });
    await eventually(() => expect(logs.some((line) => line.includes('begun'))).toBe(true));
    environment.freeze();
    await spec.clock.advance(3_000);
    expect((await response).value.errorType).toBe('Sandbox.Timedout');
  });
});

describe('SHUTDOWN', () => {
  it('gives no time without extensions', async () => {
    const { invoke, environment, logs } = makeEnvironment('act.handler', {
      variables: atInit({ ignoreSigterm: true }),
    });
    await invoke();
    await environment.shutdown('SPINDOWN');
    expect(logs.join('')).not.toContain('asked to end');
  });

  it('asks the runtime to end and gives it 300 ms when there is an extension', async () => {
    const { invoke, environment, logs, spec, events } = makeEnvironment('act.handler', {
      extensions: observer,
      variables: atInit({ ignoreSigterm: true }),
    });
    await invoke();
    const closed = environment.shutdown('SPINDOWN');
    await eventually(() => expect(logs.join('')).toContain('asked to end'));
    expect(events()).toHaveLength(1);
    await spec.clock.advance(300);
    await closed;
    expect(events().at(-1)).toMatchObject({ eventType: 'SHUTDOWN', shutdownReason: 'SPINDOWN' });
  });

  it('gives extensions 2,000 ms, then kills them', async () => {
    const { invoke, environment, spec, events } = makeEnvironment('act.handler', {
      extensions: observer,
      variables: plan({ ignoreShutdown: true }),
    });
    await invoke();
    const startedAt = spec.clock.now();
    let over = false;
    const closed = environment.shutdown('FAILURE').then(() => {
      over = true;
    });
    await eventually(() => expect(events()).toHaveLength(2));
    expect(events()[1]).toMatchObject({ eventType: 'SHUTDOWN', shutdownReason: 'FAILURE' });
    expect(events()[1]?.deadlineMs).toBeGreaterThanOrEqual(startedAt + 2_000);
    expect(events()[1]?.deadlineMs).toBeLessThanOrEqual(spec.clock.now() + 2_000);
    await spec.clock.advance(1_500);
    expect(over).toBe(false);
    expect(processesWith(spec.scratch)).toHaveLength(1);
    await spec.clock.advance(500);
    await closed;
  });

  it('waits for an extension that ends in time', async () => {
    const { invoke, environment, recorded } = makeEnvironment('act.handler', {
      extensions: observer,
      variables: plan({ lingerMs: 100 }),
    });
    await invoke();
    await environment.shutdown('SPINDOWN');
    expect(recorded().at(-1)).toMatchObject({ ending: true });
  });

  it('of a busy environment fails its invocation', async () => {
    const { start, environment, logs } = makeEnvironment('act.handler');
    const { response, done } = start({ print: ['begun'], hang: true });
    await eventually(() => expect(logs.some((line) => line.includes('begun'))).toBe(true));
    await environment.shutdown('SPINDOWN');
    expect((await response).value.errorType).toBe('Sandbox.Failure');
    await done;
  });
});
