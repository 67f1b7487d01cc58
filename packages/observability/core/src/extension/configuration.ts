import { type Level, levels } from '@stackyard/log-records/levels';
import type { Sampling } from './sampling.ts';

const telemetryTypes = ['function', 'platform', 'extension'] as const;
export type TelemetryType = (typeof telemetryTypes)[number];

/** How the extension was told to work; `docs/extension.md` has the variables in a table. */
export interface Configuration {
  readonly streamName: string;
  readonly region: string;
  /** Origin of the Kinesis endpoint, such as `https://kinesis.eu-west-1.amazonaws.com`. */
  readonly endpoint: URL;
  readonly credentials: Credentials;
  /** What is shipped, by origin. */
  readonly types: ReadonlySet<TelemetryType>;
  /** Lines of a lower level are not shipped. */
  readonly level: Level;
  /** Of how many requests one keeps its lines of a level. */
  readonly sampling: Sampling;
  /** Keys whose values are not shipped. */
  readonly redactedKeys: readonly string[];
  /** Records are aggregated into Kinesis records of at most this many bytes; 0 keeps them apart. */
  readonly aggregateBytes: number;
  /** Records waiting to be shipped take at most this much memory, in bytes. */
  readonly bufferBytes: number;
  /** Where records go that the buffer has no room for; without one they are dropped. */
  readonly secondDestination?: SecondDestination;
  /** A record waits at most this long while the environment runs, in milliseconds. */
  readonly flushAgeMs: number;
  /** The extension holds an invocation that has ended at most this long, in milliseconds. */
  readonly flushDeadlineMs: number;
}

/** A place in S3. */
export interface SecondDestination {
  /** Origin of the bucket's own endpoint, or of one for all buckets. */
  readonly endpoint: URL;
  /** What comes before a key in a URL's path. */
  readonly path: string;
  readonly prefix: string;
}

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** What came of reading the configuration. */
export interface ConfigurationRead {
  readonly configuration?: Configuration | undefined;
  readonly problems: readonly string[];
}

type Environment = Readonly<Record<string, string | undefined>>;

const mebibyte = 1024 * 1024;

/**
 * Reads the environment variables. `problems` lists everything that is wrong with them, each with the variable's name and
 * what it may be; it is empty when `configuration` is there.
 */
export function readConfiguration(environment: Environment): ConfigurationRead {
  const problems: string[] = [];

  function read(name: string): string | undefined {
    return environment[name]?.trim() || undefined;
  }

  function required(name: string, fallback?: string): string {
    const value = read(name) ?? (fallback && read(fallback));
    if (!value) problems.push(`${name} is not set`);
    return value ?? '';
  }

  function integer(name: string, usual: number, least: number, most: number): number {
    const text = read(name);
    if (text === undefined) return usual;
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    problems.push(`${name} is '${text}'; it takes a whole number from ${least} to ${most}`);
    return usual;
  }

  function streamName(): string {
    const name = required('STACKYARD_TELEMETRY_STREAM');
    // CreateStream, Kinesis API Reference.
    if (name && !/^[a-zA-Z0-9_.-]{1,128}$/.test(name)) {
      problems.push(`STACKYARD_TELEMETRY_STREAM is '${name}'; it takes a stream's name: 1 to 128 of a-z A-Z 0-9 _ . -`);
    }
    return name;
  }

  function types(): Set<TelemetryType> {
    const text = read('STACKYARD_TELEMETRY_TYPES') ?? 'function,platform';
    const names = text.split(',').map((name) => name.trim());
    const unknown = names.filter((name) => !telemetryTypes.some((type) => type === name));
    if (unknown.length > 0) {
      const list = unknown.map((name) => `'${name}'`).join(', ');
      problems.push(`STACKYARD_TELEMETRY_TYPES has ${list}; it takes a comma list of ${telemetryTypes.join(', ')}`);
    }
    return new Set(names as TelemetryType[]);
  }

  function level(): Level {
    const text = read('STACKYARD_TELEMETRY_LEVEL') ?? 'TRACE';
    const found = levels.find((candidate) => candidate === text.toUpperCase());
    if (!found) problems.push(`STACKYARD_TELEMETRY_LEVEL is '${text}'; it takes one of ${levels.join(', ')}`);
    return found ?? 'TRACE';
  }

  /** The parts of a comma list; those that don't match are a problem. */
  function list(name: string, pattern: RegExp, takes: string): string[] {
    const parts = (read(name) ?? '').split(',').flatMap((part) => part.trim() || []);
    const wrong = parts.filter((part) => !pattern.test(part));
    if (wrong.length > 0) {
      problems.push(`${name} has ${wrong.map((part) => `'${part}'`).join(', ')}; it takes a comma list of ${takes}`);
    }
    return parts;
  }

  function sampling(): Sampling {
    const pattern = new RegExp(`^(${levels.join('|')}):[1-9]\\d{0,5}$`, 'i');
    const parts = list(
      'STACKYARD_TELEMETRY_SAMPLING',
      pattern,
      'LEVEL:n, where one request in n, 1 to 999999, is kept',
    );
    return Object.fromEntries(parts.map((part) => part.toUpperCase().split(':')).map(([at, n]) => [at, Number(n)]));
  }

  /** The endpoint that was set for a service, if any was. */
  function customEndpoint(service: 'KINESIS' | 'S3'): URL | undefined {
    const name = [`AWS_ENDPOINT_URL_${service}`, 'AWS_ENDPOINT_URL'].find(read);
    if (!name) return undefined;
    const url = URL.parse(read(name) as string);
    if (url && /^https?:$/.test(url.protocol) && url.pathname === '/') return url;
    problems.push(`${name} is '${read(name)}'; it takes an http or https URL without a path`);
    return new URL('http://invalid');
  }

  function awsEndpoint(host: string, region: string): URL {
    const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
    return new URL(`https://${host}.${region || 'unknown'}.${suffix}`);
  }

  function secondDestination(region: string): SecondDestination | undefined {
    const bucket = read('STACKYARD_TELEMETRY_OVERFLOW_BUCKET');
    const prefix = read('STACKYARD_TELEMETRY_OVERFLOW_PREFIX') ?? 'telemetry-overflow/';
    if (!/^[a-zA-Z0-9_./-]{0,256}$/.test(prefix)) {
      problems.push(`STACKYARD_TELEMETRY_OVERFLOW_PREFIX is '${prefix}'; it takes up to 256 of a-z A-Z 0-9 _ . / -`);
    }
    if (bucket === undefined) return undefined;
    // "Bucket naming rules", S3 User Guide; TLS certificates don't cover names with dots.
    if (!/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(bucket)) {
      problems.push(
        `STACKYARD_TELEMETRY_OVERFLOW_BUCKET is '${bucket}'; it takes a bucket's name without dots: 3 to 63 of a-z 0-9 -`,
      );
      return undefined;
    }
    const custom = customEndpoint('S3');
    return custom
      ? { endpoint: custom, path: `/${bucket}/`, prefix }
      : { endpoint: awsEndpoint(`${bucket}.s3`, region), path: '/', prefix };
  }

  const region = required('AWS_REGION', 'AWS_DEFAULT_REGION');
  const sessionToken = read('AWS_SESSION_TOKEN');
  const second = secondDestination(region);
  const configuration: Configuration = {
    streamName: streamName(),
    region,
    endpoint: customEndpoint('KINESIS') ?? awsEndpoint('kinesis', region),
    credentials: {
      accessKeyId: required('AWS_ACCESS_KEY_ID'),
      secretAccessKey: required('AWS_SECRET_ACCESS_KEY'),
      ...(sessionToken === undefined ? {} : { sessionToken }),
    },
    types: types(),
    level: level(),
    sampling: sampling(),
    redactedKeys: list('STACKYARD_TELEMETRY_REDACT', /^[\w.-]{1,128}$/, 'keys of 1 to 128 of a-z A-Z 0-9 _ . -'),
    aggregateBytes: integer('STACKYARD_TELEMETRY_AGGREGATE_BYTES', 0, 0, mebibyte),
    // At least two records of the largest size.
    bufferBytes: integer('STACKYARD_TELEMETRY_BUFFER_BYTES', 8 * mebibyte, 2 * mebibyte, 256 * mebibyte),
    ...(second === undefined ? {} : { secondDestination: second }),
    flushAgeMs: integer('STACKYARD_TELEMETRY_FLUSH_AGE_MS', 1_000, 100, 60_000),
    flushDeadlineMs: integer('STACKYARD_TELEMETRY_FLUSH_DEADLINE_MS', 2_000, 100, 30_000),
  };
  return problems.length > 0 ? { problems } : { configuration, problems };
}
