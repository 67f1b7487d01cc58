import type { Matcher, TargetGroup } from '@aws-sdk/client-elastic-load-balancing-v2';
import { unsupported, validationError } from './errors.ts';

type Settings = Pick<
  TargetGroup,
  | 'HealthCheckEnabled'
  | 'HealthCheckIntervalSeconds'
  | 'HealthCheckPath'
  | 'HealthCheckPort'
  | 'HealthCheckProtocol'
  | 'HealthCheckTimeoutSeconds'
  | 'HealthyThresholdCount'
  | 'Matcher'
  | 'UnhealthyThresholdCount'
>;

/** "CreateTargetGroup": ranges of the settings, for HTTP. */
const ranges = {
  HealthCheckIntervalSeconds: { otherwise: 30, min: 5, max: 300, text: 'Health check interval' },
  HealthCheckTimeoutSeconds: { otherwise: 5, min: 2, max: 120, text: 'Health check timeout' },
  HealthyThresholdCount: { otherwise: 5, min: 2, max: 10, text: 'Healthy threshold count' },
  UnhealthyThresholdCount: { otherwise: 2, min: 2, max: 10, text: 'Unhealthy threshold count' },
} as const;

/** How a target group checks its targets, defaults filled in. Throws ValidationError. */
export function healthCheckSettings(given: Settings): Settings {
  const number = (name: keyof typeof ranges) => {
    const { otherwise, min, max, text } = ranges[name];
    const value = given[name] ?? otherwise;
    if (value < min || value > max) throw validationError(`${text} '${value}' must be between ${min} and ${max}`);
    return value;
  };
  const HealthCheckIntervalSeconds = number('HealthCheckIntervalSeconds');
  const HealthCheckTimeoutSeconds = number('HealthCheckTimeoutSeconds');
  if (HealthCheckTimeoutSeconds >= HealthCheckIntervalSeconds) {
    throw validationError(
      `Health check timeout '${HealthCheckTimeoutSeconds}' must be smaller than the interval '${HealthCheckIntervalSeconds}'`,
    );
  }
  const { HealthCheckPath = '/', HealthCheckPort = 'traffic-port', HealthCheckProtocol = 'HTTP' } = given;
  if (given.HealthCheckEnabled === false) throw unsupported('target groups without health checks');
  if (HealthCheckProtocol !== 'HTTP') throw unsupported(`health checks with the protocol ${HealthCheckProtocol}`);
  if (!/^\/[\x21-\x7e]{0,1023}$/.test(HealthCheckPath)) {
    throw validationError(
      `Health check path '${HealthCheckPath}' must begin with a '/' character, and can be a maximum of 1024 characters in length`,
    );
  }
  if (HealthCheckPort !== 'traffic-port' && !/^[1-9]\d{0,4}$/.test(HealthCheckPort)) {
    throw validationError(
      `Health check port '${HealthCheckPort}' must be either 'traffic-port' or in between 1 and 65535 inclusive`,
    );
  }
  return {
    HealthCheckEnabled: true,
    HealthCheckIntervalSeconds,
    HealthCheckPath,
    HealthCheckPort,
    HealthCheckProtocol,
    HealthCheckTimeoutSeconds,
    HealthyThresholdCount: number('HealthyThresholdCount'),
    UnhealthyThresholdCount: number('UnhealthyThresholdCount'),
    Matcher: matcherOf(given.Matcher),
  };
}

/** "Matcher": codes from 200 to 499, as values (`200,202`) or ranges (`200-299`). */
function matcherOf({ HttpCode = '200' }: Matcher = {}): Matcher {
  const parts = HttpCode.split(',');
  if (!parts.every((part) => /^[2-4]\d\d(-[2-4]\d\d)?$/.test(part.trim()))) {
    throw validationError(`Health check matcher HTTP code '${HttpCode}' must be within '200-499' inclusive`);
  }
  return { HttpCode };
}

export function matchesCode({ HttpCode = '200' }: Matcher, code: number): boolean {
  return HttpCode.split(',').some((part) => {
    const [first, last = first] = part.trim().split('-').map(Number);
    return first !== undefined && last !== undefined && code >= first && code <= last;
  });
}
