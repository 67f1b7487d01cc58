import { setTimeout as timePasses } from 'node:timers/promises';
import type { Measurement } from '../figure.ts';
import { residentMb } from '../processes.ts';
import { buildPatterns } from './layer.ts';
import { type HostedExtension, hostExtension, telemetryEvent } from './platform.ts';

const lineBytes = 200;
/** What the Telemetry API sends at most in one request, when so many lines fit ("Lambda Telemetry API reference"). */
const linesPerRequest = 900;
const seconds = 5;
const steadyPerSecond = 20_000;
/** So many lines may be under way: less than the extension's buffer holds. */
const window = 9_000;

/** A structured line, as a logger prints it. */
const line = JSON.stringify({ level: 'INFO', message: '', timestamp: '2026-01-01T00:00:00.000Z', service: 'bench' });
const text = line.replace('"message":""', `"message":"${'x'.repeat(lineBytes - line.length)}"`);
const batch = Buffer.from(
  JSON.stringify(Array.from({ length: linesPerRequest }, () => telemetryEvent('function', text))),
);

/** As many lines as it gets through, then 20,000 a second: what arrives is counted, memory is watched. */
export const lines: Measurement = {
  title: 'Lines a second',
  async run(say) {
    await buildPatterns();
    say(`as many as it takes, ${seconds} s`);
    const fastest = await feed(Number.POSITIVE_INFINITY);
    say(`${steadyPerSecond} a second, ${seconds} s`);
    const steady = await feed(steadyPerSecond);
    const measured = `${lineBytes} bytes each`;
    const at = `at ${steadyPerSecond.toLocaleString('en-US')} lines/s, ${seconds} s`;
    return [
      {
        name: 'extension.lines_per_s',
        value: fastest.perSecond,
        unit: 'lines/s',
        goal: steadyPerSecond,
        better: 'higher',
        measured,
      },
      {
        name: 'extension.lines.lost',
        value: fastest.lost + steady.lost,
        unit: 'lines',
        goal: 0,
        better: 'lower',
        measured: `of ${(fastest.sent + steady.sent).toLocaleString('en-US')}`,
      },
      { name: 'extension.lines.peak_mb', value: steady.peakMb, unit: 'MB', goal: 96, better: 'lower', measured: at },
    ];
  },
};

interface Fed {
  readonly sent: number;
  readonly lost: number;
  readonly perSecond: number;
  readonly peakMb: number;
}

async function feed(perSecond: number): Promise<Fed> {
  const extension = await hostExtension();
  await extension.waiting();
  const requestId = '00000000-0000-4000-8000-000000000000';
  await extension.event({ eventType: 'INVOKE', requestId, deadlineMs: Date.now() + 60_000 });
  await extension.deliver(Buffer.from(JSON.stringify([telemetryEvent('platform.start', { requestId })])));

  const memory = watchMemory(extension);
  const begin = performance.now();
  const elapsed = () => (performance.now() - begin) / 1_000;
  let sent = 0;
  while (elapsed() < seconds) {
    if (sent > perSecond * elapsed() || sent - extension.records() > window) {
      await timePasses(1);
    } else {
      await extension.deliver(batch);
      sent += linesPerRequest;
    }
  }
  const arrived = extension.records() / elapsed();
  const peakMb = await memory.peak();

  const done = [telemetryEvent('platform.runtimeDone', { requestId, status: 'success' })];
  await extension.deliver(Buffer.from(JSON.stringify(done)));
  await extension.waiting();
  await extension.event({ eventType: 'SHUTDOWN', shutdownReason: 'SPINDOWN', deadlineMs: Date.now() + 2_000 });
  await extension.process.ended;
  // Beside the lines: the start and the end of the invocation.
  const lost = sent + 2 - extension.records();
  await extension.end();
  return { sent, lost, perSecond: arrived, peakMb };
}

function watchMemory({ process }: HostedExtension): { peak(): Promise<number> } {
  let peak = 0;
  let watching = true;
  const watched = (async () => {
    while (watching) {
      peak = Math.max(peak, await residentMb(process.pid));
      await timePasses(200);
    }
  })();
  return {
    async peak() {
      watching = false;
      await watched;
      return peak;
    },
  };
}
