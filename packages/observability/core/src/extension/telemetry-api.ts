import type { TelemetryType } from './configuration.ts';
import type { CallLambda } from './lambda-api.ts';

/**
 * Limits of the page "Lambda Telemetry API reference". The smallest of each: the end of an invocation is known, and its lines
 * are here, as early as Lambda can say.
 */
export const buffering = { maxItems: 1_000, maxBytes: 262_144, timeoutMs: 25 };

/**
 * Subscribes the listener on `port`. Resolves with nothing, or with what stands in the way, such as an environment that has
 * no Telemetry API.
 */
export async function subscribe(
  call: CallLambda,
  identifier: string,
  types: ReadonlySet<TelemetryType>,
  port: number,
): Promise<string | undefined> {
  const subscription = {
    schemaVersion: '2025-01-29',
    // Platform events say when an invocation has begun and ended, shipped or not.
    types: [...new Set(['platform', ...types])],
    buffering,
    destination: { protocol: 'HTTP', URI: `http://sandbox.localdomain:${port}` },
  };
  const headers = { 'lambda-extension-identifier': identifier, 'content-type': 'application/json' };
  // A server fault may pass; anything else will be the same the next time.
  for (let attempt = 1; ; attempt += 1) {
    const { status, body } = await call('PUT', '/2022-07-01/telemetry', headers, subscription);
    if (status === 200) return undefined;
    if (status < 500 || attempt === 3) return `the Telemetry API answered ${status}: ${body}`;
  }
}
