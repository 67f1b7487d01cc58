import { basename } from 'node:path';
import { readAll, send } from './http.ts';
import { createLambdaApi, type Invocation, type LambdaApi } from './lambda-api.ts';
import { serverReady } from './ready.ts';
import { requestOf } from './request.ts';
import { gatewayResponse, headOf, passThroughResponse } from './response.ts';
import { readSettings, type Settings } from './settings.ts';

/** With asynchronous initialisation the adapter stops waiting shortly before Lambda's ten seconds are over. */
const asyncInitMs = 9_800;

/**
 * Stands in for the Lambda Web Adapter, whose binary cannot be had offline: an extension that waits for an HTTP server to be
 * ready and then speaks the Runtime API in its place, as the adapter's documentation describes.
 */
async function run(settings: Settings): Promise<never> {
  const api = createLambdaApi(process.env['AWS_LAMBDA_RUNTIME_API'] ?? '');
  await api.register(basename(process.argv[1] ?? 'lambda-adapter'));
  let ready = await serverReady(settings.readiness, settings.asyncInit ? AbortSignal.timeout(asyncInitMs) : undefined);
  for (;;) {
    const invocation = await api.next();
    try {
      if (!ready) ready = await serverReady(settings.readiness);
      await serve(invocation, api, settings);
    } catch (error) {
      await api.fail(invocation.requestId, (error as Error).message);
    }
  }
}

async function serve(invocation: Invocation, api: LambdaApi, settings: Settings): Promise<void> {
  const { requestId } = invocation;
  const { passThrough, ...request } = requestOf(invocation, settings, process.env);
  const answer = await send({ host: '127.0.0.1', port: settings.port, ...request });
  const status = answer.statusCode ?? 0;
  if (settings.isError(status)) throw new Error(`Request failed with configured error status code: ${status}`);
  if (settings.streaming && !passThrough) {
    return api.stream(requestId, JSON.stringify(headOf({ status, headers: answer.headers })), answer);
  }
  const response = { status, headers: answer.headers, body: await readAll(answer) };
  await api.respond(requestId, passThrough ? passThroughResponse(response) : gatewayResponse(response));
}

try {
  run(readSettings(process.env)).catch(end);
} catch (error) {
  end(error as Error);
}

function end(error: Error): void {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
