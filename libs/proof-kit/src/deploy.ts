import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The CLI is one file of many MB, of whose start a sixth is compiling it: once for all proofs. */
const compileCache = fileURLToPath(new URL('../../../node_modules/.cache/node-compile', import.meta.url));

/**
 * Runs the unmodified CDK CLI and resolves with its output; rejects with it when the CLI fails.
 * `environment` says which cloud it talks to.
 */
export function cdk(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<string> {
  const child = spawn('cdk', [...args, '--progress', 'events'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { NODE_COMPILE_CACHE: compileCache, ...process.env, CDK_DISABLE_CLI_TELEMETRY: 'true', ...environment },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`cdk ${args.join(' ')} ended with exit code ${code}:\n${output}`));
    });
  });
}

/** Everything a fresh account needs before the first deployment: `cdk bootstrap`. */
export function bootstrap(environment: Readonly<Record<string, string>>): Promise<string> {
  const region = environment['AWS_REGION'] ?? 'us-east-1';
  return cdk(['bootstrap', `aws://000000000000/${region}`], environment);
}

/** Deploys all stacks of a synthesised assembly. */
export function deploy(assembly: string, environment: Readonly<Record<string, string>>): Promise<string> {
  return cdk(['deploy', '--all', '--app', assembly, '--require-approval', 'never'], environment);
}
