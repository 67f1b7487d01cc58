import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createEnvironment } from '../src/lambda-environment/environment.ts';
import { functionSpec, makeEnvironment } from './fixtures/environment/make-environment.ts';

/** Runs one invocation of a prepared function. */
async function runOnce(spec: ReturnType<typeof functionSpec>, event: unknown = {}) {
  const environment = createEnvironment(spec, () => {});
  const { response, done } = environment.invoke({
    requestId: 'r',
    payload: Buffer.from(JSON.stringify(event)),
    invokedFunctionArn: spec.functionArn,
  });
  const result = JSON.parse((await response).payload.toString());
  await done;
  await environment.shutdown('SPINDOWN');
  return result;
}

describe('the start of the runtime', () => {
  it('goes through the wrapper script of a layer', async () => {
    const spec = functionSpec('echo.handler', { variables: { AWS_LAMBDA_EXEC_WRAPPER: '/opt/wrapper' } });
    writeFileSync(join(spec.optRoot, 'wrapper'), '#!/bin/sh\nexport WRAPPED=yes\nexec "$@"\n', { mode: 0o755 });
    expect((await runOnce(spec)).environment).toMatchObject({ WRAPPED: 'yes' });
  });

  it('fails by name when the wrapper script is not there', async () => {
    const { invoke } = makeEnvironment('echo.handler', { variables: { AWS_LAMBDA_EXEC_WRAPPER: '/opt/wrapper' } });
    const { value } = await invoke();
    expect(value.errorType).toBe('Runtime.InvalidEntrypoint');
    expect(value.errorMessage).toMatch(/opt\/wrapper: no such file or directory$/);
  });

  it('passes NODE_OPTIONS of the function on, paths of layers included', async () => {
    const spec = functionSpec('echo.handler', { variables: { NODE_OPTIONS: '--require /opt/setup.cjs' } });
    writeFileSync(join(spec.optRoot, 'setup.cjs'), "process.env.SET_UP = 'yes';");
    expect((await runOnce(spec)).environment).toMatchObject({ SET_UP: 'yes' });
  });

  it.each([
    ['nodejs24.x', 'nodejs/node_modules'],
    ['nodejs24.x', 'nodejs/node24/node_modules'],
    ['nodejs20.x', 'nodejs/node20/node_modules'],
  ])('finds packages of layers for %s in %s', async (runtime, folder) => {
    const spec = functionSpec('index.handler', { runtime });
    const taskRoot = join(spec.scratch, 'task');
    const packageFolder = join(spec.optRoot, folder, 'shared');
    for (const path of [taskRoot, packageFolder]) mkdirSync(path, { recursive: true });
    writeFileSync(join(packageFolder, 'index.js'), `module.exports = 'from the layer';`);
    writeFileSync(join(taskRoot, 'index.js'), `exports.handler = async () => require('shared');`);
    expect(await runOnce({ ...spec, taskRoot })).toBe('from the layer');
  });

  it.each([
    ['index.js', "exports.handler = async () => require('/opt/nodejs/shared');"],
    ['index.mjs', "import shared from '/opt/nodejs/shared.js';\nexport const handler = async () => shared;"],
    [
      'index.mjs',
      "export const handler = async () => (await import(new URL('file:///opt/nodejs/shared.js'))).default;",
    ],
  ])('finds modules of layers that %s names by their place', async (file, code) => {
    const spec = functionSpec('index.handler');
    const taskRoot = join(spec.scratch, 'task');
    for (const path of [taskRoot, join(spec.optRoot, 'nodejs')]) mkdirSync(path, { recursive: true });
    writeFileSync(join(spec.optRoot, 'nodejs', 'shared.js'), `module.exports = 'from the layer';`);
    writeFileSync(join(taskRoot, file), code);
    expect(await runOnce({ ...spec, taskRoot })).toBe('from the layer');
  });

  it('has the AWS SDK, for code that does not bundle it', async () => {
    const spec = functionSpec('index.handler');
    const taskRoot = join(spec.scratch, 'task');
    mkdirSync(taskRoot);
    const code = `exports.handler = async () => typeof require('@aws-sdk/client-s3').S3Client;`;
    writeFileSync(join(taskRoot, 'index.js'), code);
    expect(await runOnce({ ...spec, taskRoot, timeoutMs: 30_000 })).toBe('function');
  });

  it.each([
    ['https', 'answers.handler'],
    ['fetch', 'fetches.handler'],
  ])('sends requests of %s for AWS hosts to the cloud, host name kept', async (_, handler) => {
    const seen: string[] = [];
    const cloud = createServer((request, response) => {
      seen.push(`${request.method} ${request.headers.host}${request.url}`);
      request.resume().on('end', () => response.writeHead(204).end());
    });
    await new Promise<void>((resolve) => cloud.listen(0, '127.0.0.1', resolve));
    const endpoint = `http://127.0.0.1:${(cloud.address() as AddressInfo).port}`;
    const address = 'https://results.s3.us-east-1.amazonaws.com/answer?X-Amz-Signature=1';
    const status = await runOnce(functionSpec(handler, { endpoint }), { address });
    cloud.close();
    expect(status).toBe(204);
    expect(seen).toEqual(['PUT results.s3.us-east-1.amazonaws.com/answer?X-Amz-Signature=1']);
  });
});
