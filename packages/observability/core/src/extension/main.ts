import { basename } from 'node:path';
import { readConfiguration } from './configuration.ts';
import { createLog } from './log.ts';
import { sendRegistration } from './registration.ts';

// Lambda knows the extension by its launcher's file name; a launcher of another name passes it.
const name = basename(process.argv[2] ?? 'telemetry');
const log = createLog(name);

// An extension that ends makes Lambda fail the invocation, so nothing unforeseen may end it.
process.on('uncaughtException', (error) => log('ERROR', `Unexpected: ${error.stack}`));

try {
  await start(process.env['AWS_LAMBDA_RUNTIME_API']);
} catch (error) {
  log('FATAL', (error as Error).message);
  process.exit(1);
}
process.exit(0);

/** Resolves after SHUTDOWN; throws when Lambda no longer answers the extension, which then has no way to go on. */
async function start(runtimeApi: string | undefined): Promise<void> {
  if (!runtimeApi)
    throw new Error('AWS_LAMBDA_RUNTIME_API is not set: Lambda starts this program, from /opt/extensions');
  const { configuration, problems } = readConfiguration(process.env);
  // Without a configuration there is nothing to do in an invocation, and one that isn't told of it isn't held up by it.
  const answer = await sendRegistration(runtimeApi, name, configuration ? ['INVOKE', 'SHUTDOWN'] : ['SHUTDOWN']);
  // Everything else is loaded while Lambda answers and starts the function.
  const { run } = await import('./run.ts');
  await run(runtimeApi, answer, { configuration, problems }, log);
}
