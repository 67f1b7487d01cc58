import { parseArgs } from 'node:util';
import { defaultPort, startCloud } from './cloud.ts';
import { defaultRegion, rootCredentials } from './testing.ts';

const usage = `Usage: pnpm cloud [--port N] [--data DIR]

  --port N     port on 127.0.0.1 (default ${defaultPort}; 0 takes any free one)
  --data DIR   keep the state in this folder between runs
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { port: { type: 'string' }, data: { type: 'string' }, help: { type: 'boolean' } },
  });
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  const port = values.port === undefined ? defaultPort : Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error(`--port must be a number from 0 to 65535, not '${values.port}'`);
  }
  const running = await startCloud({ port, ...(values.data ? { dataDir: values.data } : {}) });
  // Before anybody is told that it runs: who reads the line may stop it at once.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void running.close().then(() => process.exit(0)));
  }
  process.stdout.write(`The embedded cloud is ready on ${running.endpoint}. Paste this into a shell:

  export AWS_ENDPOINT_URL=${running.endpoint}
  export AWS_ACCESS_KEY_ID=${rootCredentials.accessKeyId}
  export AWS_SECRET_ACCESS_KEY=${rootCredentials.secretAccessKey}
  export AWS_REGION=${defaultRegion} AWS_DEFAULT_REGION=${defaultRegion}

Ctrl-C stops it${values.data ? ` and keeps its state in ${values.data}` : '; its state is gone then (--data DIR keeps it)'}.
`);
}

main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
