import type { ContextVariables } from '@stackyard/cdk-core';
import { Duration } from 'aws-cdk-lib';

export interface Settings {
  /** How long records may wait for others to share an object with: at most 5 minutes. */
  readonly window: Duration;
  /** How long objects are kept. */
  readonly kept: Duration;
  /** How late records may be before an alarm says so; well below the stream's retention. */
  readonly fallsBehindAfter: Duration;
}

/** What an operator may want to change, by usage. Production writes fewer and larger objects; elsewhere one sees them sooner. */
export function settings({ usage }: ContextVariables): Settings {
  const fallsBehindAfter = Duration.hours(1);
  return usage === 'PRODUCTION'
    ? { window: Duration.seconds(60), kept: Duration.days(365), fallsBehindAfter }
    : { window: Duration.seconds(5), kept: Duration.days(7), fallsBehindAfter };
}
