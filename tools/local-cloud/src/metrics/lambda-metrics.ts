import type { Cloud } from '../service.ts';
import { emitMetric } from './metric-store.ts';

/** What identifies a function to its metrics. */
interface Measured {
  readonly name: string;
  readonly account: string;
  readonly region: string;
}

/** "Types of metrics for Lambda functions", Lambda Developer Guide, by function name. */
export type LambdaMetric =
  | 'AsyncEventAge'
  | 'AsyncEventsDropped'
  | 'AsyncEventsReceived'
  | 'Duration'
  | 'Errors'
  | 'Invocations'
  | 'IteratorAge'
  | 'Throttles';

const units: Readonly<Record<LambdaMetric, string>> = {
  AsyncEventAge: 'Milliseconds',
  AsyncEventsDropped: 'Count',
  AsyncEventsReceived: 'Count',
  Invocations: 'Count',
  Errors: 'Count',
  Throttles: 'Count',
  Duration: 'Milliseconds',
  IteratorAge: 'Milliseconds',
};

export function emitLambdaMetric(cloud: Cloud, found: Measured, name: LambdaMetric, value: number): void {
  const metric = { namespace: 'AWS/Lambda', name, dimensions: { FunctionName: found.name } };
  emitMetric(cloud, found, metric, value, units[name]);
}
