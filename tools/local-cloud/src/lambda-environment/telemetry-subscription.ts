/** What an extension may ask of the Telemetry API; limits from the page "Lambda Telemetry API reference". */
export interface Subscription {
  readonly schemaVersion: string;
  readonly types: readonly Category[];
  readonly maxItems: number;
  readonly maxBytes: number;
  readonly timeoutMs: number;
  readonly destination: { readonly protocol: 'HTTP'; readonly port: number; readonly path: string } | TcpDestination;
}

export interface TcpDestination {
  readonly protocol: 'TCP';
  readonly port: number;
}

export type Category = 'platform' | 'function' | 'extension';

const schemaVersions = ['2025-01-29', '2022-12-13', '2022-07-01'];
const categories = ['platform', 'function', 'extension'];
const hosts = ['sandbox.localdomain', 'sandbox'];
/** The port of the Runtime API in the service; taken there, so refused here. */
const reservedPort = 9001;

const buffering = {
  maxItems: { minimum: 1_000, maximum: 10_000, default: 10_000 },
  maxBytes: { minimum: 262_144, maximum: 1_048_576, default: 262_144 },
  timeoutMs: { minimum: 25, maximum: 30_000, default: 1_000 },
};

/** Reads the body of a subscribe request. `problems` is empty when `subscription` is there. */
export function readSubscription(body: string): { subscription?: Subscription; problems: string[] } {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch (error) {
    return { problems: [`failed to parse JSON: ${(error as Error).message}`] };
  }
  if (!isObject(json)) return { problems: ['the request body should be an object'] };
  const problems: string[] = [];
  const schemaVersion = json['schemaVersion'];
  if (typeof schemaVersion !== 'string' || !schemaVersions.includes(schemaVersion)) {
    problems.push(`schemaVersion should be one of ${schemaVersions.join(', ')}`);
  }
  const destination = readDestination(json['destination'], problems);
  const types = readTypes(json['types'], problems);
  const limits = readBuffering(json['buffering'], problems);
  if (problems.length > 0 || !destination) return { problems };
  return { problems, subscription: { schemaVersion: schemaVersion as string, types, destination, ...limits } };
}

function readTypes(value: unknown, problems: string[]): Category[] {
  if (!Array.isArray(value) || value.length === 0) {
    problems.push('types should not be empty');
    return [];
  }
  for (const type of value) {
    if (!categories.includes(type)) {
      problems.push(`types should be of ${categories.join(', ')}, not ${JSON.stringify(type)}`);
    }
  }
  return value;
}

function readDestination(value: unknown, problems: string[]): Subscription['destination'] | undefined {
  if (!isObject(value)) {
    problems.push('destination is not provided');
    return undefined;
  }
  if (value['protocol'] === 'TCP') return readTcp(value['port'], problems);
  if (value['protocol'] === 'HTTP') return readHttp(value['URI'], problems);
  problems.push('destination.protocol should be HTTP or TCP');
  return undefined;
}

function readTcp(port: unknown, problems: string[]): TcpDestination | undefined {
  if (typeof port === 'number' && Number.isInteger(port) && port >= 1 && port <= 65_535 && port !== reservedPort) {
    return { protocol: 'TCP', port };
  }
  problems.push(`destination.port should be a port other than ${reservedPort}`);
  return undefined;
}

function readHttp(value: unknown, problems: string[]): Subscription['destination'] | undefined {
  if (typeof value !== 'string' || !URL.canParse(value)) {
    problems.push('destination.URI should be a URI');
    return undefined;
  }
  const uri = new URL(value);
  if (!hosts.includes(uri.hostname)) problems.push(`destination.URI host must be ${hosts[0]}`);
  if (uri.port === '') problems.push('URI port is not provided');
  if (uri.port === String(reservedPort)) problems.push(`URI port ${reservedPort} is reserved`);
  return { protocol: 'HTTP', port: Number(uri.port), path: `${uri.pathname}${uri.search}` };
}

function readBuffering(value: unknown, problems: string[]): Pick<Subscription, keyof typeof buffering> {
  const given = isObject(value) ? value : {};
  if (value !== undefined && !isObject(value)) problems.push('buffering should be an object');
  const read = (name: keyof typeof buffering): number => {
    const { minimum, maximum, default: usual } = buffering[name];
    const wanted = given[name];
    if (wanted === undefined) return usual;
    if (typeof wanted === 'number' && Number.isInteger(wanted) && wanted >= minimum && wanted <= maximum) return wanted;
    problems.push(`buffering.${name} should be an integer from ${minimum} to ${maximum}`);
    return usual;
  };
  return { maxItems: read('maxItems'), maxBytes: read('maxBytes'), timeoutMs: read('timeoutMs') };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
