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
import { buildPatterns, handlerZip, idleLayerZip, layerZip, withSdkVariant } from './layer.ts';

const rounds = 40;
const warmUps = 5;
const stream = 'telemetry';
/** Calls without a pause after which the extension ships in the background, and as many that are measured then. */
const frequent = 120;
/** Time between an environment's freeze and the next request to it. */
const pauseMs = 30;

const putRecords = { service: 'kinesis', operation: 'PutRecords' };
const states: Readonly<Record<string, Fault | undefined>> = {
  healthy: undefined,
  slow: { ...putRecords, effect: { kind: 'delay', ms: 300 } },
  // The worst way to be gone: connections are taken, and nothing is answered.
  dead: { ...putRecords, effect: { kind: 'delay', ms: 600_000 } },
};

/**
 * The function of the pattern lambda-zip, logging ten lines: without an extension, with one that only waits, with the layer, and with
 * the SDK's client in it.
 */
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
          const sides = { plain: plain.call, shipped: shipped.call };
          await interleaved(warmUps, sides);
          if (fault) await faults.start(fault);
          const callers = await interleaved(rounds, sides, (round) =>
            say(`Kinesis ${state}: invocation ${round} of ${rounds}`),
          );
          return [
            { ...difference(`extension.invoke.added_ms.${state}`, callers.shipped, callers.plain), goal: 1 },
            difference(
              `extension.billed.added_ms.${state}`,
              shipped.billedMs.slice(warmUps),
              plain.billedMs.slice(warmUps),
            ),
          ];
        })),
      );
    }
    figures.push(...(await withCloud((cloud) => withSdkVariant((sdk) => others(cloud, sdk, say)))));
    return figures;
  },
};

/** What frequent invocations are billed, and the added times of an extension that does nothing and of the SDK variant. */
async function others(cloud: CloudProcess, sdkLauncher: string, say: (what: string) => void): Promise<Figure[]> {
  await deployFunctions(cloud, sdkLauncher);
  const [plain, shipped, sdk] = [invoker(cloud, 'plain'), invoker(cloud, 'shipped'), invoker(cloud, 'sdk')];
  const sides = { plain: plain.call, idle: invoker(cloud, 'idle').call, sdk: sdk.call };
  await interleaved(warmUps, sides);
  const callers = await interleaved(rounds, sides, (round) => say(`others: invocation ${round} of ${rounds}`));
  const billed = [sdk.billedMs.slice(warmUps), plain.billedMs.slice(warmUps)] as const;
  say(`frequent invocations, ${4 * frequent} of them`);
  const often = [await shipped.often(frequent), await plain.often(frequent)] as const;
  return [
    difference('extension.invoke.idle_added_ms', callers.idle, callers.plain),
    difference('extension.invoke.sdk_added_ms', callers.sdk, callers.plain),
    difference('extension.billed.sdk_added_ms', ...billed),
    difference('extension.billed.added_ms.background', ...often),
  ];
}

/** How much more one side takes than the other in the same round. */
function difference(name: string, samples: readonly number[], floors: readonly number[]): Figure {
  const measured = `${readable(median(samples))} ms, without extension ${readable(median(floors))} ms`;
  const value = median(samples.map((sample, i) => sample - (floors[i] ?? Number.NaN)));
  return { name, value, unit: 'ms', goal: null, better: 'lower', measured };
}

async function deployFunctions(cloud: CloudProcess, sdkLauncher?: string): Promise<void> {
  const kinesis = new KinesisClient(cloud.client);
  await kinesis.send(new CreateStreamCommand({ StreamName: stream, ShardCount: 1 }));
  await waitUntilStreamExists({ client: kinesis, maxWaitTime: 30 }, { StreamName: stream });
  const { StreamDescriptionSummary } = await kinesis.send(new DescribeStreamSummaryCommand({ StreamName: stream }));
  const lambda = new LambdaClient(cloud.client);
  const publish = async (LayerName: string, ZipFile: Uint8Array) => {
    const layer = await lambda.send(new PublishLayerVersionCommand({ LayerName, Content: { ZipFile } }));
    return { FunctionName: LayerName, Layers: [layer.LayerVersionArn ?? ''] };
  };
  const all = {
    Role: await createRole(cloud, StreamDescriptionSummary?.StreamARN),
    Handler: 'handler.handler',
    Code: { ZipFile: await handlerZip() },
    Environment: { Variables: { STACKYARD_TELEMETRY_STREAM: stream } },
  };
  await createFunction(cloud, { ...all, FunctionName: 'plain' });
  await createFunction(cloud, { ...all, ...(await publish('shipped', await layerZip())) });
  if (!sdkLauncher) return;
  await createFunction(cloud, { ...all, ...(await publish('idle', await idleLayerZip())) });
  await createFunction(cloud, { ...all, ...(await publish('sdk', await layerZip(sdkLauncher))) });
}

interface Invoker {
  /** Invokes, resolves with how long the caller waited, once the environment is frozen again. */
  call(): Promise<number>;
  /** Invokes twice as often as said, one right after the other; resolves with what Lambda billed for the second half. */
  often(invocations: number): Promise<readonly number[]>;
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

  async function send(): Promise<string> {
    const output = await lambda.send(new InvokeCommand({ FunctionName, Payload }));
    const answer = Buffer.from(output.Payload ?? []).toString();
    if (output.FunctionError) throw new Error(`${FunctionName} failed: ${answer}`);
    return output.$metadata.requestId ?? '';
  }

  return {
    billedMs,
    async often(invocations) {
      for (let i = 0; i < invocations; i += 1) await send();
      const requestIds: string[] = [];
      for (let i = 0; i < invocations; i += 1) requestIds.push(await send());
      return Promise.all(requestIds.map((requestId) => eventually(() => report(requestId), 10_000, 20)));
    },
    async call() {
      const begin = performance.now();
      const requestId = await send();
      const ms = performance.now() - begin;
      billedMs.push(await eventually(() => report(requestId), 10_000, 20));
      await timePasses(pauseMs);
      return ms;
    },
  };
}
