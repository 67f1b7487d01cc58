import { KinesisClient } from '@aws-sdk/client-kinesis';
import { GetParameterCommand, ParameterNotFound, SSMClient } from '@aws-sdk/client-ssm';
import { observabilityCore, parameterName } from '@stackyard/contracts';
import { isChosen } from './choose.ts';
import { formatRecord } from './format.ts';
import { readOptions, usage } from './options.ts';
import { tail } from './tail.ts';

const stage = process.env['STACKYARD_STAGE'] ?? 'dev';

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2), new Date());
  if (options.help) {
    process.stdout.write(usage);
    return;
  }
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  // Whoever read the output, such as head, has seen enough.
  process.stdout.once('error', () => stop.abort());

  const { follow, since } = options;
  const streamName = await logStream();
  for await (const records of tail(new KinesisClient({}), { streamName, since, follow, signal: stop.signal })) {
    for (const record of records) {
      if (!isChosen(record, options.choice)) continue;
      process.stdout.write(`${options.json ? JSON.stringify(record) : formatRecord(record, process.stdout)}\n`);
    }
  }
}

async function logStream(): Promise<string> {
  const Name = parameterName(observabilityCore, stage, 'streamName');
  try {
    const { Parameter } = await new SSMClient({}).send(new GetParameterCommand({ Name }));
    return Parameter?.Value ?? '';
  } catch (error) {
    if (!(error instanceof ParameterNotFound)) throw error;
    throw new Error(
      `There is no ${Name}: deploy the observability core of the stage ${stage}, or choose another by STACKYARD_STAGE`,
    );
  }
}

main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
