import type { Figure, Measurement } from '../figure.ts';
import { readable } from '../figure.ts';
import { residentMbAtRest, startBareNode } from '../processes.ts';
import { interleaved, median } from '../statistics.ts';
import { buildPatterns, withSdkVariant } from './layer.ts';
import { hostExtension, telemetryEvent } from './platform.ts';

const startRounds = 31;
const memoryRounds = 3;

/** How long it takes to register and to wait for its first event, and what it holds then: as the layer starts it, beside Node that does nothing. */
export const start: Measurement = {
  title: 'Start, memory at rest',
  async run(say) {
    say('nx build');
    await buildPatterns();
    return withSdkVariant(async (sdk) => {
      const starts = await interleaved(
        startRounds,
        {
          extension: registration,
          waiting: () => waiting(),
          sdkWaiting: () => waiting(sdk),
          node: nodeStart,
        },
        (round) => say(`start ${round} of ${startRounds}`),
      );
      const memory = await interleaved(
        memoryRounds,
        {
          waiting: () => extensionMemory(0),
          used: () => extensionMemory(10),
          sdkWaiting: () => extensionMemory(0, sdk),
          sdkUsed: () => extensionMemory(10, sdk),
          node: nodeMemory,
        },
        (round) => say(`memory ${round} of ${memoryRounds}`),
      );
      return [
        ratio('extension.start.ratio', starts.extension, starts.node, 'ms'),
        stated('extension.start.waiting_ratio', starts.waiting, starts.node, 'ms'),
        stated('extension.start.sdk_waiting_ratio', starts.sdkWaiting, starts.node, 'ms'),
        ratio('extension.memory.ratio', memory.waiting, memory.node, 'MB'),
        stated('extension.memory.sdk_ratio', memory.sdkWaiting, memory.node, 'MB'),
        stated('extension.memory.used_ratio', memory.used, memory.node, 'MB'),
        stated('extension.memory.sdk_used_ratio', memory.sdkUsed, memory.node, 'MB'),
      ];
    });
  },
};

function ratio(name: string, samples: readonly number[], floors: readonly number[], unit: string): Figure {
  const [value, floor] = [median(samples), median(floors)];
  const measured = `${readable(value)} ${unit}, bare Node ${readable(floor)} ${unit}`;
  return { name, value: value / floor, unit: '×', goal: 1.25, better: 'lower', measured };
}

/** What is only there to be compared with has no goal. */
function stated(...given: Parameters<typeof ratio>): Figure {
  return { ...ratio(...given), goal: null };
}

async function registration(): Promise<number> {
  const extension = await hostExtension();
  const ms = await extension.registered();
  await extension.end();
  return ms;
}

/** Until it waits for its first event. */
async function waiting(launcher?: string): Promise<number> {
  const extension = await hostExtension(launcher ? { launcher } : {});
  const ms = await extension.firstWaiting();
  await extension.end();
  return ms;
}

async function nodeStart(): Promise<number> {
  const begin = performance.now();
  const node = startBareNode();
  await node.prints(/ready/);
  const ms = performance.now() - begin;
  await node.kill();
  return ms;
}

/** Memory when it waits for an event, having shipped the lines of so many invocations. */
async function extensionMemory(invocations: number, launcher?: string): Promise<number> {
  const extension = await hostExtension(launcher ? { launcher } : {});
  await extension.waiting();
  for (let i = 0; i < invocations; i += 1) {
    const requestId = `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`;
    await extension.event({ eventType: 'INVOKE', requestId, deadlineMs: Date.now() + 30_000 });
    const events = [
      telemetryEvent('platform.start', { requestId, version: '1' }),
      telemetryEvent('function', 'a line'),
      telemetryEvent('platform.runtimeDone', { requestId, status: 'success' }),
    ];
    await extension.deliver(Buffer.from(JSON.stringify(events)));
    await extension.waiting();
  }
  if (extension.records() < invocations) throw new Error('The extension has not shipped its lines');
  const mb = await residentMbAtRest(extension.process.pid);
  await extension.end();
  return mb;
}

async function nodeMemory(): Promise<number> {
  const node = startBareNode();
  await node.prints(/ready/);
  const mb = await residentMbAtRest(node.pid);
  await node.kill();
  return mb;
}
