import type { Duplex } from 'node:stream';
import type { ConfigurationRead } from './configuration.ts';
import { startExtension } from './extension.ts';
import { type RegisteredExtension, readRegistration } from './extensions-api.ts';
import { createLambdaApi, readAnswer } from './lambda-api.ts';
import type { Log } from './log.ts';

/**
 * Does what the extension is there for, from the answer to its registration to SHUTDOWN. Throws when Lambda no longer answers.
 */
export async function run(
  runtimeApi: string,
  answer: Duplex,
  { configuration, problems }: ConfigurationRead,
  log: Log,
): Promise<void> {
  const call = createLambdaApi(runtimeApi);
  const registered = readRegistration(call, await readAnswer(answer));
  const cannotShip = (problem: string) => log('ERROR', `No telemetry will be shipped: ${problem}`);
  problems.forEach(cannotShip);
  const extension =
    configuration &&
    (await startExtension(call, registered, configuration, log).catch((error: Error) => cannotShip(error.message)));
  const unexpected = (error: Error) => log('ERROR', `Unexpected: ${error.stack}`);

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
