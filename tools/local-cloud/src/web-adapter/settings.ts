/** What the adapter's environment variables say ("Environment Variables", documentation of the Lambda Web Adapter). */
export interface Settings {
  /** Where the server listens on 127.0.0.1. */
  readonly port: number;
  readonly readiness: {
    readonly port: number;
    readonly path: string;
    readonly protocol: 'http' | 'tcp';
    readonly healthy: (status: number) => boolean;
  };
  /** The initialisation may end before the server is ready. */
  readonly asyncInit: boolean;
  readonly removeBasePath: string | undefined;
  /** Where events that are no HTTP requests are posted to. */
  readonly passThroughPath: string;
  readonly streaming: boolean;
  /** Header that takes the place of Authorization. */
  readonly authorizationSource: string | undefined;
  /** Whether an answer of this status is an error of the invocation. */
  readonly isError: (status: number) => boolean;
}

type Variables = Readonly<Record<string, string | undefined>>;

const known = new Set([
  'AWS_LWA_PORT',
  'AWS_LWA_READINESS_CHECK_PORT',
  'AWS_LWA_READINESS_CHECK_PATH',
  'AWS_LWA_READINESS_CHECK_PROTOCOL',
  'AWS_LWA_READINESS_CHECK_HEALTHY_STATUS',
  'AWS_LWA_READINESS_CHECK_MIN_UNHEALTHY_STATUS',
  'AWS_LWA_ASYNC_INIT',
  'AWS_LWA_REMOVE_BASE_PATH',
  'AWS_LWA_PASS_THROUGH_PATH',
  'AWS_LWA_INVOKE_MODE',
  'AWS_LWA_AUTHORIZATION_SOURCE',
  'AWS_LWA_ERROR_STATUS_CODES',
]);
const deprecated = [
  'READINESS_CHECK_PORT',
  'READINESS_CHECK_PATH',
  'READINESS_CHECK_PROTOCOL',
  'REMOVE_BASE_PATH',
  'ASYNC_INIT',
];

/** Reads the settings. Throws one Error naming every variable that this stand-in does not implement or cannot read. */
export function readSettings(variables: Variables): Settings {
  const problems: string[] = [];

  function read<T>(name: string, parse: (value: string) => T | undefined, expected: string): T | undefined {
    const value = variables[name];
    if (value === undefined) return undefined;
    const parsed = parse(value);
    if (parsed === undefined) problems.push(`${name} is '${value}', which is not ${expected}`);
    return parsed;
  }
  const portOf = (name: string) => read(name, parsePort, 'a port from 1 to 65535');
  const statuses = (name: string) => read(name, parseStatuses, 'status codes such as 500,502-504');
  const either = <T extends string>(name: string, ...allowed: readonly T[]) =>
    read(name, (value) => allowed.find((each) => each === value.toLowerCase()), allowed.join(' or '));

  for (const name of Object.keys(variables)) {
    if (name.startsWith('AWS_LWA_') && !known.has(name)) problems.push(`${name} is not implemented`);
    if (deprecated.includes(name)) problems.push(`${name} is deprecated: its name is AWS_LWA_${name}`);
  }
  const port = portOf('AWS_LWA_PORT') ?? portOf('PORT') ?? 8080;
  const unhealthyFrom = read('AWS_LWA_READINESS_CHECK_MIN_UNHEALTHY_STATUS', parseStatus, 'a status code') ?? 500;
  const settings = {
    port,
    readiness: {
      port: portOf('AWS_LWA_READINESS_CHECK_PORT') ?? port,
      path: variables['AWS_LWA_READINESS_CHECK_PATH'] ?? '/',
      protocol: either('AWS_LWA_READINESS_CHECK_PROTOCOL', 'http', 'tcp') ?? 'http',
      healthy:
        statuses('AWS_LWA_READINESS_CHECK_HEALTHY_STATUS') ??
        ((status: number) => status >= 100 && status < unhealthyFrom),
    },
    asyncInit: either('AWS_LWA_ASYNC_INIT', 'true', 'false') === 'true',
    removeBasePath: variables['AWS_LWA_REMOVE_BASE_PATH'],
    passThroughPath: variables['AWS_LWA_PASS_THROUGH_PATH'] ?? '/events',
    streaming: either('AWS_LWA_INVOKE_MODE', 'buffered', 'response_stream') === 'response_stream',
    authorizationSource: variables['AWS_LWA_AUTHORIZATION_SOURCE']?.toLowerCase(),
    isError: statuses('AWS_LWA_ERROR_STATUS_CODES') ?? (() => false),
  };
  if (problems.length > 0) {
    throw new Error(`The embedded cloud's stand-in for the Lambda Web Adapter: ${problems.join('; ')}`);
  }
  return settings;
}

function parsePort(value: string): number | undefined {
  const port = Number(value);
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined;
}

function parseStatus(value: string): number | undefined {
  return /^[1-9]\d\d$/.test(value.trim()) ? Number(value) : undefined;
}

/** `500,502-504` */
function parseStatuses(value: string): ((status: number) => boolean) | undefined {
  const ranges = value.split(',').map((part) => part.split('-').map(parseStatus));
  const valid = ranges.every((ends) => ends.length <= 2 && ends.every((end) => end !== undefined));
  if (!valid) return undefined;
  return (status) => ranges.some(([from = 0, to = from]) => status >= from && status <= to);
}
