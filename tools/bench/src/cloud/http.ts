import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AddPermissionCommand, CreateFunctionUrlConfigCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { eventually } from '@stackyard/proof-kit';
import { zipSync } from 'fflate';
import type { Measurement } from '../figure.ts';
import { readable } from '../figure.ts';
import { createFunction, createRole } from '../functions.ts';
import { installedPeers } from '../peers.ts';
import { freePorts } from '../ports.ts';
import { start } from '../processes.ts';
import { interleaved, median, timed } from '../statistics.ts';
import { type CloudProcess, withCloud } from './cloud-process.ts';

const rounds = 500;
const warmUps = 50;
const source = 'export const echo = async (event) => ({ statusCode: 200, body: event.body });\n';
const body = JSON.stringify({ order: 7, items: ['one', 'two'] });

const serverless = `service: bench
frameworkVersion: '3'
provider:
  name: aws
  runtime: nodejs20.x
plugins: [serverless-offline]
functions:
  echo:
    handler: handler.echo
    events:
      - httpApi: 'POST /echo'
`;

/** An HTTP request that a function answers: by its URL here, by an HTTP API in serverless-offline. */
export const http: Measurement = {
  title: 'HTTP to Lambda',
  run: (say) =>
    withCloud(async (cloud) => {
      const modules = await installedPeers(say);
      const folder = await mkdtemp(join(tmpdir(), 'stackyard-bench-'));
      await writeFile(join(folder, 'handler.mjs'), source);
      await writeFile(join(folder, 'serverless.yml'), serverless);
      // The framework looks for its plugins beside the project only.
      await writeFile(join(folder, 'package.json'), '{}');
      const [port = 0, lambdaPort = 0] = await freePorts(2);
      const options = ['--httpPort', `${port}`, '--lambdaPort', `${lambdaPort}`, '--noPrependStageInUrl'];
      const command = [`${modules}/serverless/bin/serverless.js`, 'offline', 'start', ...options];
      const variables = { NODE_PATH: modules, SLS_TELEMETRY_DISABLED: '1', HOME: folder };
      const offline = start(process.execPath, command, variables, folder);
      try {
        say('serverless-offline starts');
        const url = await functionUrl(cloud);
        const offlineUrl = `http://127.0.0.1:${port}/echo`;
        await Promise.race([eventually(caller(offlineUrl), 60_000), offline.failed]);
        const sides = {
          cloud: () => timed(caller(url)),
          offline: () => timed(caller(offlineUrl)),
        };
        await interleaved(warmUps, sides);
        const samples = await interleaved(rounds, sides, (round) => {
          if (round % 100 === 0) say(`request ${round} of ${rounds}`);
        });
        const [own, theirs] = [median(samples.cloud), median(samples.offline)];
        const measured = `${readable(own)} ms, serverless-offline ${readable(theirs)} ms`;
        const name = 'cloud.http_to_lambda.to_serverless_offline';
        return [{ name, value: own / theirs, unit: '×', goal: null, better: 'lower', measured }];
      } finally {
        await offline.kill();
        await rm(folder, { recursive: true });
      }
    }),
};

async function functionUrl(cloud: CloudProcess): Promise<string> {
  const FunctionName = 'echo';
  const ZipFile = zipSync({ 'handler.mjs': Buffer.from(source) });
  const Role = await createRole(cloud);
  await createFunction(cloud, { FunctionName, Role, Handler: 'handler.echo', Code: { ZipFile } });
  const lambda = new LambdaClient(cloud.client);
  const { FunctionUrl } = await lambda.send(new CreateFunctionUrlConfigCommand({ FunctionName, AuthType: 'NONE' }));
  // A public URL needs both ("Control access to Lambda function URLs", Lambda Developer Guide).
  const everybody = { FunctionName, Principal: '*' } as const;
  const [url, call] = ['lambda:InvokeFunctionUrl', 'lambda:InvokeFunction'] as const;
  await lambda.send(
    new AddPermissionCommand({ ...everybody, StatementId: 'url', Action: url, FunctionUrlAuthType: 'NONE' }),
  );
  await lambda.send(
    new AddPermissionCommand({ ...everybody, StatementId: 'call', Action: call, InvokedViaFunctionUrl: true }),
  );
  return FunctionUrl as string;
}

const agent = new Agent({ keepAlive: true });

function caller(url: string): () => Promise<void> {
  return () =>
    new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
      const sent = request(url, { method: 'POST', agent, headers }, (response) => {
        let answer = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          answer += chunk;
        });
        response.on('end', () => (answer === body ? resolve() : reject(new Error(`${url} answered ${answer}`))));
      });
      sent.on('error', reject);
      sent.end(body);
    });
}
