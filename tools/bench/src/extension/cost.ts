import type { Figure, Measurement } from '../figure.ts';
import { readable } from '../figure.ts';
import { readPrices } from '../prices.ts';
import { buildPatterns } from './layer.ts';
import { hostExtension, telemetryEvent } from './platform.ts';

const lineBytes = 200;
const linesPerRequest = 900;
const requests = 20;
/** A Kinesis record of at most one payload unit. */
const aggregateBytes = 25 * 1024;
/** What CloudWatch Logs adds to each event ("PutLogEvents", CloudWatch Logs API Reference). */
const logEventBytes = 26;

const line = JSON.stringify({ level: 'INFO', message: '', timestamp: '2026-01-01T00:00:00.000Z', service: 'bench' });
const text = line.replace('"message":""', `"message":"${'x'.repeat(lineBytes - line.length)}"`);

/** PUT payload units that lines of 200 bytes become, each in its own record and aggregated, and what a GB of lines costs. */
export const cost: Measurement = {
  title: 'Payload units and cost',
  async run(say) {
    await buildPatterns();
    const prices = await readPrices();
    const figures: Figure[] = [];
    for (const [name, bytes] of [
      ['plain', 0],
      ['aggregated', aggregateBytes],
    ] as const) {
      say(name);
      const unitsPerMillion = await unitsOfAMillion(bytes);
      const linesOfAGb = 1e9 / lineBytes;
      const usd = ((linesOfAGb / 1e6) * unitsPerMillion * prices.kinesisPerMillionUnits) / 1e6;
      figures.push(
        stated(`extension.put_units_per_million.${name}`, unitsPerMillion, 'units', `lines of ${lineBytes} bytes`),
        stated(`extension.cents_per_gb.${name}`, usd * 100, '¢', `PUT payload units alone, prices of ${prices.noted}`),
      );
    }
    const usd = prices.logsIngestionPerGb * (1 + logEventBytes / lineBytes);
    const measured = `ingestion alone, ${readable(prices.logsIngestionPerGb)} USD a GB, prices of ${prices.noted}`;
    return [...figures, stated('extension.cents_per_gb.cloudwatch_logs', usd * 100, '¢', measured)];
  },
};

function stated(name: string, value: number, unit: string, measured: string): Figure {
  return { name, value, unit, goal: null, better: 'lower', measured };
}

/** Ships lines by the extension as it is built, and counts the units of what Kinesis gets, for a million lines. */
async function unitsOfAMillion(bytes: number): Promise<number> {
  const variables = { STACKYARD_TELEMETRY_AGGREGATE_BYTES: String(bytes) };
  const extension = await hostExtension({ variables, weigh: true });
  const requestId = '00000000-0000-4000-8000-000000000000';
  const deliver = (events: object[]) => extension.deliver(Buffer.from(JSON.stringify(events)));
  await extension.waiting();
  await extension.event({ eventType: 'INVOKE', requestId, deadlineMs: Date.now() + 60_000 });
  for (let i = 0; i < requests; i += 1) {
    await deliver(Array.from({ length: linesPerRequest }, () => telemetryEvent('function', text)));
  }
  await deliver([telemetryEvent('platform.runtimeDone', { requestId, status: 'success' })]);
  await extension.waiting();
  const units = extension.payloadUnits();
  await extension.end();
  return Math.round((units * 1e6) / (requests * linesPerRequest));
}
