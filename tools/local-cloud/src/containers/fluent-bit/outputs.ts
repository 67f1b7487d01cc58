import { randomUUID } from 'node:crypto';
import { KinesisClient, PutRecordsCommand, type PutRecordsRequestEntry } from '@aws-sdk/client-kinesis';
import { ConfigurationError, type Section } from './configuration.ts';
import { type EventTime, type LogEvent, type Output, recordAccessor } from './event.ts';
import type { Log } from './log.ts';
import { type Properties, readProperties } from './properties.ts';

const common = ['name', 'match', 'alias', 'log_level', 'retry_limit', 'workers'];

const kinds: Readonly<Record<string, (section: Section, log: Log) => Output>> = {
  kinesis_streams: (section, log) =>
    kinesisStreams(
      readProperties(section, [
        ...common,
        'region',
        'stream',
        'time_key',
        'time_key_format',
        'log_key',
        'auto_retry_requests',
      ]),
      log,
    ),
  null: (section) => {
    readProperties(section, common);
    return { flush: async () => undefined };
  },
  stdout: (section) => {
    readProperties(section, [...common, 'format']);
    return {
      async flush(events) {
        for (const { tag, time, record } of events) {
          process.stdout.write(
            `[0] ${tag}: [[${time.seconds}.${String(time.nanoseconds).padStart(9, '0')}, {}], ${JSON.stringify(record)}]\n`,
          );
        }
      },
    };
  },
};

/** Throws ConfigurationError for an output that is not here. */
export function makeOutput(section: Section, log: Log): Output {
  const name = section.entries.find(({ key }) => key.toLowerCase() === 'name')?.value.toLowerCase() ?? '';
  const make = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
  if (make) return make(section, log);
  throw new ConfigurationError(
    section,
    `[OUTPUT] ${name} is not known in the embedded cloud; there are ${Object.keys(kinds).join(', ')}`,
  );
}

/** "PutRecords": records and bytes of one request; a record may have 1 MiB. */
const mostRecords = 500;
const largestRequest = 5 * 1024 * 1024;
const largestRecord = 1_048_576;

/**
 * "Amazon Kinesis Data Streams", Fluent Bit manual: each record as a line of JSON under a random partition key. What a request
 * leaves over is sent again at once; when none of that goes through either, the whole chunk is for the engine to retry, and what
 * had gone through arrives twice (plugins/out_kinesis_streams/kinesis_api.c).
 */
function kinesisStreams(properties: Properties, log: Log): Output {
  const StreamName = properties.required('stream');
  const retriesAtOnce = properties.flag('auto_retry_requests', true);
  const client = new KinesisClient({ region: properties.required('region'), maxAttempts: retriesAtOnce ? 2 : 1 });
  const encode = encoder(properties);

  async function put(entries: PutRecordsRequestEntry[]): Promise<void> {
    const { Records = [] } = await client.send(new PutRecordsCommand({ StreamName, Records: entries }));
    const failed = entries.filter((_, i) => Records[i]?.ErrorCode !== undefined);
    if (failed.length === 0) return;
    const reason = Records.find(({ ErrorCode }) => ErrorCode)?.ErrorCode;
    log('warn', `${failed.length} out of ${entries.length} records failed to be delivered: ${reason}`);
    if (failed.length === entries.length) throw new Error(String(reason));
    await put(failed);
  }

  return {
    async flush(events) {
      let batch: PutRecordsRequestEntry[] = [];
      let bytes = 0;
      for (const event of events) {
        const Data = encode(event);
        if (Data.length >= largestRecord) {
          log('warn', `discarding a record of ${Data.length} bytes, more than Kinesis takes`);
          continue;
        }
        if (batch.length === mostRecords || bytes + Data.length > largestRequest) {
          await put(batch);
          batch = [];
          bytes = 0;
        }
        batch.push({ Data, PartitionKey: randomUUID() });
        bytes += Data.length + 36;
      }
      if (batch.length > 0) await put(batch);
    },
  };
}

function encoder(properties: Properties): (event: LogEvent) => Buffer {
  const logKey = properties.text('log_key');
  const get = logKey === undefined ? undefined : recordAccessor(logKey);
  const timeKey = properties.text('time_key');
  const format = properties.text('time_key_format') ?? '%Y-%m-%dT%H:%M:%S';
  if (timeKey !== undefined) checkFormat(format, properties);
  return ({ record, time }) => {
    const value = get ? get(record) : { ...record, ...(timeKey && { [timeKey]: formatTime(time, format) }) };
    return Buffer.from(`${typeof value === 'string' ? value : JSON.stringify(value)}\n`);
  };
}

const conversions: Readonly<Record<string, (iso: string, nanoseconds: string) => string>> = {
  Y: (iso) => iso.slice(0, 4),
  m: (iso) => iso.slice(5, 7),
  d: (iso) => iso.slice(8, 10),
  H: (iso) => iso.slice(11, 13),
  M: (iso) => iso.slice(14, 16),
  S: (iso) => iso.slice(17, 19),
  '3N': (_, nanoseconds) => nanoseconds.slice(0, 3),
  '9N': (_, nanoseconds) => nanoseconds,
  L: (_, nanoseconds) => nanoseconds,
};
const conversion = /%(3N|9N|.)/g;

function checkFormat(format: string, properties: Properties): void {
  const unknown = [...format.matchAll(conversion)].find(([, name = '']) => !Object.hasOwn(conversions, name));
  if (unknown) throw properties.error('time_key_format', `${unknown[0]} is not known here`);
}

function formatTime({ seconds, nanoseconds }: EventTime, format: string): string {
  const iso = new Date(seconds * 1000).toISOString();
  const digits = String(nanoseconds).padStart(9, '0');
  return format.replaceAll(conversion, (_, name: string) => conversions[name]?.(iso, digits) ?? '');
}
