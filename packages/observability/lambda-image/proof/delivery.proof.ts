import { randomUUID } from 'node:crypto';
import {
  CloudWatchLogsClient,
  DescribeLogStreamsCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-cloudwatch-logs';
import { GetFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { observabilityCore, parameterName } from '@stackyard/contracts';
import { createLedger, eventually, readStream, signedFetch, ssmParameter, stackOutputs } from '@stackyard/proof-kit';
import { beforeAll, describe, expect, test } from 'vitest';

const stage = process.env['STACKYARD_STAGE'] ?? 'dev';

interface LogRecord {
  readonly message: unknown;
  readonly requestId?: string;
}

let outputs: Readonly<Record<string, string>>;
let arrived: () => Promise<readonly LogRecord[]>;

beforeAll(async () => {
  outputs = await stackOutputs(`${stage}-lambda-image`);
  const stream = await readStream(await ssmParameter(parameterName(observabilityCore, stage, 'streamName')), 'LATEST');
  const records: LogRecord[] = [];
  arrived = async () => {
    for (const { data } of await stream.poll()) records.push(JSON.parse(data.toString()) as LogRecord);
    return records;
  };
});

async function echo(lines: readonly string[]): Promise<string> {
  const body = JSON.stringify({ lines });
  const response = await signedFetch(outputs['FunctionUrl'] ?? '', { method: 'POST', body });
  const text = await response.text();
  if (!response.ok) throw new Error(`The function answered ${response.status}: ${text}`);
  return (JSON.parse(text) as { requestId: string }).requestId;
}

const marked = (count: number, text: string) =>
  Array.from({ length: count }, (_, i) => {
    const id: string = randomUUID();
    return { id, line: `${id} ${text} ${i}` };
  });
const idOf = ({ message }: LogRecord) =>
  JSON.stringify(message).match(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/)?.[0];

/** Waits for every line, or 20 seconds, and counts after one more look for late duplicates. */
async function account(ids: readonly string[]) {
  const found = async () => (await arrived()).flatMap((record) => idOf(record) ?? []).filter((id) => ids.includes(id));
  await eventually(async () => {
    if (new Set(await found()).size < ids.length) throw new Error('lines are missing');
  }).catch(() => undefined);
  const ledger = createLedger();
  for (const id of ids) ledger.sent(id);
  for (const id of await found()) ledger.delivered(id);
  return ledger.count();
}

const exactlyOnce = (sent: number) => ({ sent, delivered: sent, duplicated: 0, lost: 0 });

describe('given the deployed image function, when it logs', () => {
  test.each([
    ['some lines', marked(3, 'hello')],
    ['unicode', marked(3, 'grüße 日本語 👩‍👩‍👧‍👦')],
    ['a burst of 1,000 lines', marked(1000, 'burst')],
  ])('%s, then each is in the stream exactly once with its request id', async (_, lines) => {
    const requestId = await echo(lines.map(({ line }) => line));
    const ids = lines.map(({ id }) => id);
    expect(await account(ids)).toEqual(exactlyOnce(lines.length));
    const own = (await arrived()).filter((record) => ids.includes(idOf(record) ?? ''));
    expect(new Set(own.map((record) => record.requestId))).toEqual(new Set([requestId]));
  });

  test('in 5 invocations at once, then every line carries the id of its own request', async () => {
    const batches = Array.from({ length: 5 }, (_, i) => marked(20, `batch ${i}`));
    const requestIds = await Promise.all(batches.map((batch) => echo(batch.map(({ line }) => line))));
    expect(await account(batches.flat().map(({ id }) => id))).toEqual(exactlyOnce(100));
    const records = await arrived();
    for (const [i, batch] of batches.entries()) {
      const own = records.filter((record) => batch.some(({ id }) => id === idOf(record)));
      expect(new Set(own.map((record) => record.requestId))).toEqual(new Set([requestIds[i]]));
    }
  });
});

describe('the function', () => {
  const get = () => new LambdaClient({}).send(new GetFunctionCommand({ FunctionName: outputs['FunctionName'] }));

  test('is an image without layers', async () => {
    const { Configuration, Code } = await get();
    expect(Configuration).toMatchObject({ PackageType: 'Image' });
    expect(Configuration?.Layers ?? []).toEqual([]);
    expect(Code?.ImageUri).toBeTruthy();
  });

  test('leaves nothing in CloudWatch Logs, which its role is denied', async () => {
    await echo(['not for CloudWatch']);
    const { Configuration } = await get();
    const { logStreams } = await new CloudWatchLogsClient({})
      .send(new DescribeLogStreamsCommand({ logGroupName: Configuration?.LoggingConfig?.LogGroup }))
      .catch((error: Error) => {
        if (error instanceof ResourceNotFoundException) return { logStreams: [] };
        throw error;
      });
    expect(logStreams).toEqual([]);
  });
});
