import { basename } from 'node:path';
import { readConfiguration } from './configuration.ts';
import { startExtension } from './extension.ts';
import { type RegisteredExtension, register } from './extensions-api.ts';
import { createLambdaApi } from './lambda-api.ts';
import { createLog } from './log.ts';

// The launcher, and the descriptor of the answer to the registration when it sent that.
const [, , launcher = 'telemetry', answer] = process.argv;
// Lambda knows the extension by its launcher's file name.
const name = basename(launcher);
const log = createLog(name);

// An extension that ends makes Lambda fail the invocation, so nothing unforeseen may end it.
const unexpected = (error: Error) => log('ERROR', `Unexpected: ${error.stack}`);
process.on('uncaughtException', unexpected);

try {
  await run(process.env['AWS_LAMBDA_RUNTIME_API']);
} catch (error) {
  log('FATAL', (error as Error).message);
  process.exit(1);
}
process.exit(0);

/** Resolves after SHUTDOWN; throws when Lambda no longer answers the extension, which then has no way to go on. */
async function run(runtimeApi: string | undefined): Promise<void> {
  if (!runtimeApi)
    throw new Error('AWS_LAMBDA_RUNTIME_API is not set: Lambda starts this program, from /opt/extensions');
  const call = createLambdaApi(runtimeApi);
  const registered = await register(call, name, answer ? Number(answer) : undefined);
  const { configuration, problems } = readConfiguration(process.env);
  const cannotShip = (problem: string) => log('ERROR', `No telemetry will be shipped: ${problem}`);
  problems.forEach(cannotShip);
  const extension =
    configuration &&
    (await startExtension(call, registered, configuration, log).catch((error: Error) => cannotShip(error.message)));

  for (;;) {
    const event = await nextEvent(registered);
    if (event.eventType === 'SHUTDOWN') return extension?.shutDown(event);
    await extension?.invoked(event).catch(unexpected);
  }
}

async function nextEvent(registered: RegisteredExtension) {
  try {
    return await registered.next();
  } catch (error) {
    await registered.exit('Extension.NextFailed', (error as Error).message).catch(() => undefined);
    throw error;
  }
}
