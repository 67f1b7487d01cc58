import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CdkCall, cdkArguments, verbOf } from './cdk-arguments.ts';

const workspace = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * What the targets `deploy-stack` and `cdk` run, in a pattern's folder, with the verb and options after Nx's `--`.
 *
 * `--only-deploy` acts on `deploy` and leaves every other verb alone; `--but-deploy` is the other half. `destroy` is
 * refused while stacks stand that need this one.
 */
async function main([mode, ...given]: string[]): Promise<number> {
  const deploys = verbOf(given) === 'deploy';
  if (deploys !== (mode === '--only-deploy')) return 0;
  const endpoint = process.env['AWS_ENDPOINT_URL'];
  const call: CdkCall = { given, offline: endpoint !== undefined && /^http:\/\/127\.0\.0\.1[:/]/.test(endpoint) };
  const args = cdkArguments(call);
  if (verbOf(given) === 'destroy') await refuseWhileNeeded();
  return run(args, call.offline);
}

async function refuseWhileNeeded(): Promise<void> {
  // Every deploy runs this file twice for each stack, and needs no SDK for it.
  const { standingDependents } = await import('./standing-dependents.ts');
  const dependents = await standingDependents(resolve('cdk.out'));
  if (dependents.length === 0) return;
  const list = dependents.map((stack) => `  ${stack}`).join('\n');
  throw new Error(
    `These stacks need what you want to destroy and still stand:\n${list}\nDestroy them first, for example: nx run-many -t cdk --exclude=${process.env['NX_TASK_TARGET_PROJECT'] ?? 'this project'} -- destroy`,
  );
}

function run(args: readonly string[], offline: boolean): Promise<number> {
  const images = join(workspace, 'tools/local-cloud/src/images/docker.ts');
  const child = spawn('cdk', args, {
    stdio: 'inherit',
    env: {
      // The CLI is one file of many MB: a sixth of its start is compiling it.
      NODE_COMPILE_CACHE: join(workspace, 'node_modules/.cache/node-compile'),
      ...process.env,
      CDK_DISABLE_CLI_TELEMETRY: 'true',
      // Offline there is no Docker to build images with: the embedded cloud's stand-in does it.
      ...(offline ? { CDK_DOCKER: process.env['CDK_DOCKER'] ?? images } : {}),
    },
  });
  return new Promise((settle, fail) => {
    child.once('error', fail);
    child.once('exit', (code, signal) => settle(code ?? (signal ? 1 : 0)));
  });
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  },
);
