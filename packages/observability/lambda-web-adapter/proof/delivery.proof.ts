import {
  CloudWatchLogsClient,
  DescribeLogStreamsCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  GetFunctionCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionUpdatedV2,
} from '@aws-sdk/client-lambda';
import { eventually } from '@stackyard/proof-kit';
import { beforeAll, describe, expect, test } from 'vitest';
import { account, type DeployedServer, deployedServer, idOf, marked, print } from './server.ts';

let server: DeployedServer;
beforeAll(async () => {
  server = await deployedServer();
});

const exactlyOnce = (sent: number) => ({ sent, delivered: sent, duplicated: 0, lost: 0 });

describe('given the deployed HTTP server, when it prints', () => {
  test.each([
    ['some lines', marked(3, 'hello')],
    ['unicode', marked(3, 'grüße 日本語 👩‍👩‍👧‍👦')],
    ['what looks like other formats', marked(3, '[ERROR] {"level": "WARN"} \t 2026-11-21T10:00:00Z')],
    ['a burst of 1,000 lines', marked(1000, 'burst')],
  ])('%s, then each is a record of its own, exactly once, with its text and its request id', async (_, lines) => {
    const requestId = await print(
      server,
      lines.map(({ line }) => line),
    );
    const ids = lines.map(({ id }) => id);
    expect(await account(server, ids)).toEqual(exactlyOnce(lines.length));
    const own = (await server.arrived()).filter((record) => ids.includes(idOf(record)));
    expect(new Set(own.map(({ message }) => message))).toEqual(new Set(lines.map(({ line }) => line)));
    expect(new Set(own.map((record) => record.requestId))).toEqual(new Set([requestId]));
    expect(new Set(own.map(({ level, source }) => `${level} ${source}`))).toEqual(new Set(['INFO function']));
  });

  test('in 5 requests at once, then every line carries the id of its own request', async () => {
    const batches = Array.from({ length: 5 }, (_, i) => marked(20, `batch ${i}`));
    const requestIds = await Promise.all(
      batches.map((batch) =>
        print(
          server,
          batch.map(({ line }) => line),
        ),
      ),
    );
    expect(
      await account(
        server,
        batches.flat().map(({ id }) => id),
      ),
    ).toEqual(exactlyOnce(100));
    const records = await server.arrived();
    for (const [i, batch] of batches.entries()) {
      const own = records.filter((record) => batch.some(({ id }) => id === idOf(record)));
      expect(new Set(own.map((record) => record.requestId))).toEqual(new Set([requestIds[i]]));
    }
  });
});

test('given a server whose environment is new, then its first request is answered by it, not by a connection refused', async () => {
  const { functionName: FunctionName } = server;
  const lambda = new LambdaClient({});
  const { Configuration } = await lambda.send(new GetFunctionCommand({ FunctionName }));
  // A changed description is a new revision, which starts with new environments.
  const Description = `${Configuration?.Description?.split(' (')[0]} (${Date.now()})`;
  await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Description }));
  await waitUntilFunctionUpdatedV2({ client: lambda, maxWaitTime: 60 }, { FunctionName });
  const lines = marked(1, 'cold');
  const requestId = await print(
    server,
    lines.map(({ line }) => line),
  );
  expect(requestId).not.toBe('');
  expect(
    await account(
      server,
      lines.map(({ id }) => id),
    ),
  ).toEqual(exactlyOnce(1));
});

test('given a bug that ends the server, then the caller gets an error, the reason arrives, and requests are served again', async () => {
  const response = await server.request('crash', { method: 'POST' });
  expect(response.status).toBe(502);
  const requestId = response.headers.get('x-amzn-requestid');
  await eventually(async () => {
    const reason = (await server.arrived()).filter((record) => record.requestId === requestId);
    expect(reason.map(({ message }) => String(message)).join('\n')).toContain('A bug outside of any error handling');
  });
  const lines = marked(1, 'after the crash');
  // The adapter may report the broken connection before Lambda sees that the server is gone: one more request may fail.
  await eventually(() =>
    print(
      server,
      lines.map(({ line }) => line),
    ),
  );
  expect(
    await account(
      server,
      lines.map(({ id }) => id),
    ),
  ).toEqual(exactlyOnce(1));
});

test('the function leaves nothing in CloudWatch Logs, which its role is denied', async () => {
  await print(server, ['not for CloudWatch']);
  const { Configuration } = await new LambdaClient({}).send(
    new GetFunctionCommand({ FunctionName: server.functionName }),
  );
  const { logStreams } = await new CloudWatchLogsClient({})
    .send(new DescribeLogStreamsCommand({ logGroupName: Configuration?.LoggingConfig?.LogGroup }))
    .catch((error: Error) => {
      if (error instanceof ResourceNotFoundException) return { logStreams: [] };
      throw error;
    });
  expect(logStreams).toEqual([]);
});
