import { describe, expect, it } from 'vitest';
import { createEnvironment } from '../src/lambda-environment/environment.ts';
import { eventually, functionSpec, makeEnvironment, processesWith } from './fixtures/environment/make-environment.ts';

describe('an execution environment', () => {
  it('gives the handler its event, its context and the variables Lambda passes', async () => {
    const { invoke, spec } = makeEnvironment('echo.handler', { variables: { STAGE: 'dev', AWS_REGION: 'moon' } });
    const { value, functionError } = await invoke({ order: 1 });
    expect(functionError).toBeUndefined();
    expect(value).toMatchObject({ event: { order: 1 }, requestId: 'request-1', arn: `${spec.functionArn}:live` });
    expect(value.cwd).toBe(spec.taskRoot);
    expect(value.environment).toMatchObject({
      STAGE: 'dev',
      AWS_REGION: 'us-east-1',
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_LAMBDA_FUNCTION_NAME: 'orders',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/orders',
      AWS_LAMBDA_LOG_STREAM_NAME: spec.logStream,
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      AWS_ACCESS_KEY_ID: 'ASIAEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_SESSION_TOKEN: 'token',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:4566',
      LAMBDA_TASK_ROOT: spec.taskRoot,
      _HANDLER: 'echo.handler',
      _X_AMZN_TRACE_ID: 'Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1',
      TZ: ':UTC',
    });
  });

  it('passes nothing of the machine it runs on', async () => {
    process.env['MACHINE_SECRET'] = 'hidden';
    const { invoke } = makeEnvironment('echo.handler');
    const { value } = await invoke();
    delete process.env['MACHINE_SECRET'];
    expect(Object.keys(value.environment)).not.toContain('MACHINE_SECRET');
    expect(Object.keys(value.environment)).not.toContain('HOME');
  });

  it('gives an external extension what Lambda gives it, and no more', async () => {
    const { invoke, recorded } = makeEnvironment('echo.handler', {
      extensions: { 'observer.mjs': 'observer.mjs' },
      variables: { OBSERVER: '{}', _PRIVATE: '1', AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR' },
    });
    await invoke();
    const environment = recorded()[0]?.['environment'] as Record<string, string>;
    expect(environment).toMatchObject({ AWS_REGION: 'us-east-1', AWS_LAMBDA_FUNCTION_NAME: 'orders', TZ: ':UTC' });
    expect(environment['AWS_LAMBDA_RUNTIME_API']).toMatch(/^127\.0\.0\.1:\d+$/);
    expect(environment['AWS_SESSION_TOKEN']).toBe('token');
    const absent = ['_HANDLER', '_PRIVATE', 'AWS_EXECUTION_ENV', 'AWS_LAMBDA_LOG_GROUP_NAME', 'LAMBDA_TASK_ROOT'];
    absent.push('AWS_LAMBDA_LOG_STREAM_NAME', 'LAMBDA_RUNTIME_DIR', 'AWS_XRAY_CONTEXT_MISSING');
    absent.push('AWS_XRAY_DAEMON_ADDRESS', '_LAMBDA_TELEMETRY_LOG_FD');
    for (const name of absent) expect(Object.keys(environment)).not.toContain(name);
  });

  it('refuses a runtime it cannot run and names those it can', () => {
    const spec = functionSpec('echo.handler', { runtime: 'nodejs18.x' });
    expect(() => createEnvironment(spec, () => {})).toThrow(
      'Function orders names the runtime nodejs18.x, which cannot run here. Available: nodejs24.x, nodejs22.x, nodejs20.x.',
    );
  });

  it('takes one invocation at a time', async () => {
    const { start } = makeEnvironment('act.handler');
    const { done } = start();
    expect(() => start()).toThrow('is busy: it takes one invocation at a time');
    await done;
    await start().done;
  });

  it('is idle after a provisioned initialisation, before any invocation', async () => {
    const { environment } = makeEnvironment('act.handler', { initializationType: 'provisioned-concurrency' });
    expect(environment.state).toBe('starting');
    await eventually(() => expect(environment.state).toBe('idle'));
  });

  it('tells deadlines by the clock of the cloud', async () => {
    const { invoke, spec, events } = makeEnvironment('echo.handler', {
      extensions: { 'observer.mjs': 'observer.mjs' },
    });
    await invoke();
    await spec.clock.advance(3_600_000);
    const before = spec.clock.now();
    const { value } = await invoke();
    expect(value.deadlineMs).toBeGreaterThanOrEqual(before + spec.timeoutMs);
    // An hour off is what the machine's clock would be.
    expect(value.deadlineMs).toBeLessThan(spec.clock.now() + spec.timeoutMs + 60_000);
    expect(Math.abs((events().at(-1)?.deadlineMs ?? 0) - value.deadlineMs)).toBeLessThan(60_000);
  });

  it("answers with the handler's error as the runtime reports it", async () => {
    const { invoke, logs } = makeEnvironment('act.handler');
    const { value, functionError } = await invoke({ throw: 'no such order' });
    expect(functionError).toBe('Unhandled');
    expect(value).toMatchObject({ errorType: 'TypeError', errorMessage: 'no such order' });
    expect(value.trace[0]).toBe('TypeError: no such order');
    expect(logs.at(-1)).not.toContain('Status');
    expect((await invoke({ return: 'still there' })).value).toBe('still there');
  });

  it('lets a response through up to 6 MiB and 100 bytes', async () => {
    const { invoke, logs } = makeEnvironment('act.handler');
    const most = 6 * 1024 * 1024 + 100;
    expect((await invoke({ big: most })).text).toHaveLength(most);
    const { value, functionError } = await invoke({ big: most + 1 });
    expect(functionError).toBe('Unhandled');
    expect(value).toEqual({
      errorType: 'Function.ResponseSizeTooLarge',
      errorMessage: 'Response payload size exceeded maximum allowed payload size (6291556 bytes).',
    });
    // What the runtime prints of it may come after its answer, and after the freeze: then with the next invocation.
    expect((await invoke({ return: 1 })).value).toBe(1);
    await eventually(() =>
      expect(logs.join('')).toContain('Failed to post handler success response. Http response code: 413.'),
    );
  });

  it('collects a streamed response', async () => {
    const { invoke } = makeEnvironment('stream.handler');
    const whole = await invoke({});
    expect(whole.contentType).toBe('application/vnd.awslambda.http-integration-response');
    expect(whole.text).toBe('{"statusCode":201}\0\0\0\0\0\0\0\0first second');
    const broken = await invoke({ fail: true });
    expect(broken.functionError).toBe('Unhandled');
    expect(broken.value).toMatchObject({ errorType: 'Error', errorMessage: 'half way' });
  });

  it('leaves nothing behind: no process, no socket', async () => {
    const handles = () => process.getActiveResourcesInfo().filter((name) => /TCP|Pipe|Process/.test(name)).length;
    const before = handles();
    const { environment, invoke, spec } = makeEnvironment('act.handler', {
      extensions: { 'observer.mjs': 'observer.mjs', 'second.mjs': 'observer.mjs' },
      variables: { OBSERVER: JSON.stringify({ telemetry: { types: ['platform'] } }) },
    });
    await invoke();
    expect(processesWith(spec.scratch)).toHaveLength(3);
    await environment.shutdown('SPINDOWN');
    expect(processesWith(spec.scratch)).toEqual([]);
    await eventually(() => expect(handles()).toBeLessThanOrEqual(before));
    expect(environment.state).toBe('closed');
  });
});
