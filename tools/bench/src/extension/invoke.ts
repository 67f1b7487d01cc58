import { setTimeout as timePasses } from 'node:timers/promises';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  KinesisClient,
  waitUntilStreamExists,
} from '@aws-sdk/client-kinesis';
import { InvokeCommand, LambdaClient, PublishLayerVersionCommand } from '@aws-sdk/client-lambda';
import type { Fault } from '@stackyard/local-cloud';
import { eventually, faults } from '@stackyard/proof-kit';
import { type CloudProcess, withCloud } from '../cloud/cloud-process.ts';
import type { Figure, Measurement } from '../figure.ts';
import { readable } from '../figure.ts';
import { createFunction, createRole } from '../functions.ts';
import { interleaved, median } from '../statistics.ts';
import { buildPatterns, handlerZip, layerZip } from './layer.ts';

const rounds = 30;
const warmUps = 5;
const stream = 'telemetry';
/** Time between an environment's freeze and the next request to it. */
const pauseMs = 30;

const putRecords = { service: 'kinesis', operation: 'PutRecords' };
const states: Readonly<Record<string, Fault | undefined>> = {
  healthy: undefined,
  slow: { ...putRecords, effect: { kind: 'delay', ms: 300 } },
  // The worst way to be gone: connections are taken, and nothing is answered.
  dead: { ...putRecords, effect: { kind: 'delay', ms: 600_000 } },
};

/** The function of the pattern lambda-zip, logging ten lines, with the extension's layer and without. */
export const invoke: Measurement = {
  title: 'Invocation',
  async run(say) {
    await buildPatterns();
    const figures: Figure[] = [];
    for (const [state, fault] of Object.entries(states)) {
      // A cloud for each: what one state leaves behind is no part of the next.
      figures.push(
        ...(await withCloud(async (cloud) => {
          process.env['AWS_ENDPOINT_URL'] = cloud.endpoint;
          await deployFunctions(cloud);
          const [plain, shipped] = [invoker(cloud, 'plain'), invoker(cloud, 'shipped')];
          await interleaved(warmUps, { plain: plain.call, shipped: shipped.call });
          if (fault) await faults.start(fault);
          const callers = await interleaved(rounds, { plain: plain.call, shipped: shipped.call }, (round) =>
            say(`Kinesis ${state}: invocation ${round} of ${rounds}`),
          );
          const name = `extension.invoke.added_ms.${state}`;
          const billed = `extension.billed.added_ms.${state}`;
          return [
            { ...difference(name, callers.shipped, callers.plain), goal: 1 },
            difference(billed, shipped.billedMs.slice(warmUps), plain.billedMs.slice(warmUps)),
          ];
        })),
      );
    }
    return figures;
  },
};

function difference(name: string, samples: readonly number[], floors: readonly number[]): Figure {
  const [value, floor] = [median(samples), median(floors)];
  const measured = `${readable(value)} ms, without extension ${readable(floor)} ms`;
  return { name, value: value - floor, unit: 'ms', goal: null, better: 'lower', measured };
}

async function deployFunctions(cloud: CloudProcess): Promise<void> {
  const kinesis = new KinesisClient(cloud.client);
  await kinesis.send(new CreateStreamCommand({ StreamName: stream, ShardCount: 1 }));
  await waitUntilStreamExists({ client: kinesis, maxWaitTime: 30 }, { StreamName: stream });
  const { StreamDescriptionSummary } = await kinesis.send(new DescribeStreamSummaryCommand({ StreamName: stream }));
  const lambda = new LambdaClient(cloud.client);
  const { LayerVersionArn = '' } = await lambda.send(
    new PublishLayerVersionCommand({ LayerName: 'telemetry', Content: { ZipFile: await layerZip() } }),
  );
  const both = {
    Role: await createRole(cloud, StreamDescriptionSummary?.StreamARN),
    Handler: 'handler.handler',
    Code: { ZipFile: await handlerZip() },
    Environment: { Variables: { STACKYARD_TELEMETRY_STREAM: stream } },
  };
  await createFunction(cloud, { ...both, FunctionName: 'plain' });
  await createFunction(cloud, { ...both, FunctionName: 'shipped', Layers: [LayerVersionArn] });
}

interface Invoker {
  /** Invokes, resolves with how long the caller waited, once the environment is frozen again. */
  call(): Promise<number>;
  /** What Lambda has billed for each call. */
  readonly billedMs: readonly number[];
}

function invoker({ client }: CloudProcess, FunctionName: string): Invoker {
  const lambda = new LambdaClient(client);
  const logs = new CloudWatchLogsClient(client);
  const lines = Array.from({ length: 10 }, (_, i) => `order ${i} accepted, ${'x'.repeat(100)}`);
  const body = JSON.stringify({ lines, format: 'json' });
  const Payload = Buffer.from(JSON.stringify({ requestContext: { http: { method: 'POST' } }, body }));
  const billedMs: number[] = [];

  /** Lambda writes the report when extensions, too, are done with the invocation. */
  async function report(requestId: string): Promise<number> {
    const { events = [] } = await logs.send(
      new FilterLogEventsCommand({
        logGroupName: `/aws/lambda/${FunctionName}`,
        filterPattern: `REPORT "${requestId}"`,
      }),
    );
    const billed = /Billed Duration: (\d+) ms/.exec(events[0]?.message ?? '')?.[1];
    if (!billed) throw new Error(`Lambda has not reported the invocation ${requestId} of ${FunctionName}`);
    return Number(billed);
  }

  return {
    billedMs,
    async call() {
      const begin = performance.now();
      const output = await lambda.send(new InvokeCommand({ FunctionName, Payload }));
      const ms = performance.now() - begin;
      const answer = Buffer.from(output.Payload ?? []).toString();
      if (output.FunctionError) throw new Error(`${FunctionName} failed: ${answer}`);
      const requestId = output.$metadata.requestId ?? '';
      billedMs.push(await eventually(() => report(requestId), 10_000, 20));
      await timePasses(pauseMs);
      return ms;
    },
  };
}
