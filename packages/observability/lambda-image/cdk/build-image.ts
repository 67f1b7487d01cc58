import { spawn } from 'node:child_process';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';

/**
 * What the CDK CLI runs to build the image when it publishes: `node build-image.ts <context folder> <SSM parameter> <tag>`. The
 * parameter holds the URI of the base image with the extension. Prints the local tag, which is all the CLI reads.
 */
async function main([context, parameter, tag]: string[]): Promise<void> {
  if (!context || !parameter || !tag) throw new Error('It takes a context folder, an SSM parameter and a tag');
  const found = await new SSMClient({}).send(new GetParameterCommand({ Name: parameter })).catch((error: Error) => {
    throw new Error(`${parameter} cannot be read (${error.name}): deploy the observability core of this stage first`);
  });
  const argument = `EXTENSION_IMAGE=${found.Parameter?.Value}`;
  await docker(['build', '--platform', 'linux/arm64', '--build-arg', argument, '--tag', tag, context]);
  process.stdout.write(`${tag}\n`);
}

/** The program the CDK CLI itself would take. Its output goes to stderr: stdout is the answer. */
function docker(args: readonly string[]): Promise<void> {
  const child = spawn(process.env['CDK_DOCKER'] ?? 'docker', args, { stdio: ['ignore', process.stderr, 'inherit'] });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`docker build ended with ${code}`))));
  });
}

main(process.argv.slice(2)).catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
