import { metricKey, recordMetric, type Scope } from '../../metrics/metric-store.ts';
import { setOf } from '../../metrics/statistics.ts';
import type { Cloud } from '../../service.ts';

/**
 * "Specification: Embedded metric format", CloudWatch User Guide: log events with `_aws.CloudWatchMetrics` say which of their
 * members are metrics. What breaks the format is counted in `AWS/Logs` ("Monitoring with CloudWatch metrics", CloudWatch Logs).
 */

const mostMetrics = 100;
const mostValues = 100;
const mostDimensions = 30;

interface Event {
  readonly timestamp: number;
  readonly message: string;
}

interface Root {
  readonly _aws?: { readonly Timestamp?: unknown; readonly CloudWatchMetrics?: unknown };
  readonly [member: string]: unknown;
}

interface Directive {
  readonly Namespace: string;
  readonly Dimensions: readonly (readonly string[])[];
  readonly Metrics: readonly Definition[];
}

interface Definition {
  readonly Name: string;
  readonly Unit?: string;
}

/** Records the metrics that events of a log group carry. Never throws: who logs is not told. */
export function recordEmbeddedMetrics(cloud: Cloud, scope: Scope, logGroup: string, events: readonly Event[]): void {
  for (const event of events) {
    if (!event.message.includes('"CloudWatchMetrics"')) continue;
    const root = parsed(event.message);
    if (!root) continue;
    const directives = directivesOf(root._aws?.CloudWatchMetrics);
    const timestamp = root._aws?.Timestamp;
    if (!directives || typeof timestamp !== 'number') {
      count(cloud, scope, logGroup, 'EMFParsingErrors');
      continue;
    }
    const time = cloudTime(cloud, timestamp, event.timestamp);
    for (const directive of directives) {
      if (!record(cloud, scope, root, directive, time)) count(cloud, scope, logGroup, 'EMFValidationErrors');
    }
  }
}

/** What console.log of Lambda's Node.js runtimes begins lines with; CloudWatch takes the metrics of those, too. */
const runtimePrefix = /^\S+\t\S+\t[A-Z]+\t(?=\{)/;

function parsed(message: string): Root | undefined {
  try {
    const root: unknown = JSON.parse(message.replace(runtimePrefix, ''));
    return typeof root === 'object' && root !== null && '_aws' in root ? (root as Root) : undefined;
  } catch {
    return undefined;
  }
}

function directivesOf(given: unknown): readonly Directive[] | undefined {
  return Array.isArray(given) && given.every(isDirective) ? given : undefined;
}

function isDirective(given: Partial<Directive> | null): given is Directive {
  const { Namespace, Dimensions, Metrics } = given ?? {};
  return (
    typeof Namespace === 'string' &&
    Array.isArray(Dimensions) &&
    Dimensions.every((set) => Array.isArray(set) && set.every((name) => typeof name === 'string')) &&
    Array.isArray(Metrics) &&
    Metrics.every((metric) => typeof metric?.Name === 'string')
  );
}

/** False when a part of it had to be left out. */
function record(cloud: Cloud, scope: Scope, root: Root, directive: Directive, time: number): boolean {
  const { Namespace: namespace, Dimensions, Metrics } = directive;
  if (namespace === '' || namespace.startsWith('AWS/') || Metrics.length > mostMetrics) return false;
  const sets = Dimensions.map((names) => dimensionsOf(root, names));
  let isComplete = sets.every((set) => set !== undefined);
  for (const { Name: name, Unit: unit } of Metrics) {
    const values = valuesOf(root[name]);
    if (!values) {
      isComplete = false;
      continue;
    }
    const metrics = sets.flatMap((dimensions) => (dimensions ? [{ namespace, name, dimensions }] : []));
    // Sets that come to the same dimensions are one metric.
    const distinct = new Map(metrics.map((metric) => [metricKey(metric), metric]));
    for (const metric of distinct.values()) recordMetric(cloud, scope, metric, setOf(values), { unit, time });
  }
  return isComplete;
}

function dimensionsOf(root: Root, names: readonly string[]): Record<string, string> | undefined {
  if (names.length > mostDimensions) return undefined;
  const dimensions: Record<string, string> = {};
  for (const name of names) {
    const value = root[name];
    if (typeof value !== 'string' || value === '') return undefined;
    dimensions[name] = value;
  }
  return dimensions;
}

function valuesOf(member: unknown): readonly number[] | undefined {
  const values = Array.isArray(member) ? member : [member];
  const isValid = values.length > 0 && values.length <= mostValues;
  return isValid && values.every((value) => typeof value === 'number') ? values : undefined;
}

/**
 * Functions and containers measure by the machine's time, and their events have the cloud's, which may be ahead: of the two times
 * that the measurement may mean, the one nearer to the event is right.
 */
function cloudTime({ clock }: Cloud, timestamp: number, logged: number): number {
  const ahead = clock.now() - Date.now();
  const distance = (time: number) => Math.abs(time - logged);
  return distance(timestamp + ahead) < distance(timestamp) ? timestamp + ahead : timestamp;
}

function count(cloud: Cloud, scope: Scope, LogGroupName: string, name: string): void {
  const metric = { namespace: 'AWS/Logs', name, dimensions: { LogGroupName } };
  recordMetric(cloud, scope, metric, setOf([1]), { unit: 'Count' });
}
