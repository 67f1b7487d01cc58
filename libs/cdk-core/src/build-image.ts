import { spawn } from 'node:child_process';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';

/**
 * What the CDK CLI runs to build the image when it publishes: `node build-image.ts <context folder> <SSM parameter>
 * <ARG> <tag>`. The parameter holds the URI of an image, which the Dockerfile gets as the ARG. Prints the local tag, which is all
 * the CLI reads.
 */
async function main([context, parameter, name, tag]: string[]): Promise<void> {
  if (!context || !parameter || !name || !tag) {
    throw new Error('It takes a context folder, an SSM parameter, the name of an ARG and a tag');
  }
  const found = await new SSMClient({}).send(new GetParameterCommand({ Name: parameter })).catch((error: Error) => {
    throw new Error(`${parameter} cannot be read (${error.name}): deploy the stack that publishes it first`);
  });
  const argument = `${name}=${found.Parameter?.Value}`;
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
