import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { expect, onTestFinished, test } from 'vitest';

const main = fileURLToPath(new URL('../src/main.mjs', import.meta.url));

/** `pnpm cloud` with these words; resolves when it is ready, with what it printed so far. */
async function start(...words: string[]) {
  const child = spawn(process.execPath, [main, ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const printed: string[] = [];
  const lines = createInterface({ input: child.stdout });
  await new Promise<void>((resolve) => {
    lines.on('line', (line) => {
      printed.push(line);
      if (line.startsWith('Ctrl-C')) resolve();
    });
  });
  const text = printed.join('\n');
  const endpoint = /AWS_ENDPOINT_URL=(\S+)/.exec(text)?.[1] as string;
  return {
    text,
    endpoint,
    port: Number(new URL(endpoint).port),
    async stop(signal: NodeJS.Signals) {
      child.kill(signal);
      const [code] = await once(child, 'exit');
      return code as number;
    },
  };
}

function ssm(endpoint: string): SSMClient {
  return new SSMClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
}

test('prints the exports to paste, and Ctrl-C ends it with the port free again', async () => {
  const cloud = await start('--port', '0');
  for (const name of ['AWS_ENDPOINT_URL', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_REGION']) {
    expect(cloud.text).toContain(`export ${name}=`);
  }
  expect(await cloud.stop('SIGINT')).toBe(0);
  const refused = await new Promise((resolve) => {
    connect(cloud.port, '127.0.0.1').once('error', (error: NodeJS.ErrnoException) => resolve(error.code));
  });
  expect(refused).toBe('ECONNREFUSED');
});

test('a second start on a taken port says so and ends with 1', async () => {
  const first = await start('--port', '0');
  const second = promisify(execFile)(process.execPath, [main, '--port', String(first.port)]);
  await expect(second).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`Port ${first.port} on 127.0.0.1 is taken`),
  });
});

test.each([
  ['--port', 'many'],
  ['--prot', '1'],
])('%s %s is refused before anything starts', async (...words) => {
  await expect(promisify(execFile)(process.execPath, [main, ...words])).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining(words[0]),
  });
});

test('--data keeps the state between runs', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cloud-data-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const first = await start('--port', '0', '--data', folder);
  await ssm(first.endpoint).send(new PutParameterCommand({ Name: '/kept', Type: 'String', Value: 'yes' }));
  await first.stop('SIGTERM');
  const second = await start('--port', '0', '--data', folder);
  const { Parameter } = await ssm(second.endpoint).send(new GetParameterCommand({ Name: '/kept' }));
  expect(Parameter?.Value).toBe('yes');
});

test('answers nobody but the machine it runs on', async () => {
  const { endpoint } = await start('--port', '0');
  expect(new URL(endpoint).hostname).toBe('127.0.0.1');
});
