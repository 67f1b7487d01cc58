/** Record of each platform event, as the page "Lambda Telemetry API Event schema reference" has them (2025-01-29). */
export interface PlatformRecords {
  'platform.initStart': {
    initializationType: InitializationType;
    phase: Phase;
    functionName: string;
    functionArn: string;
    functionVersion: string;
    instanceId: string;
    instanceMaxMemory: number;
    runtimeVersion: string;
  };
  'platform.initRuntimeDone': {
    initializationType: InitializationType;
    phase: Phase;
    status: Status;
    errorType?: string;
  };
  'platform.initReport': {
    initializationType: InitializationType;
    phase: Phase;
    status: Status;
    metrics: { durationMs: number };
    errorType?: string;
  };
  'platform.extension': { name: string; state: string; events: readonly string[]; errorType?: string };
  'platform.telemetrySubscription': { name: string; state: string; types: readonly string[] };
  'platform.logsDropped': { droppedBytes: number; droppedRecords: number; reason: string };
  'platform.start': { requestId: string; version: string; tracing?: Tracing };
  'platform.runtimeDone': {
    requestId: string;
    status: Status;
    metrics: { durationMs: number; producedBytes: number };
    spans: readonly Span[];
    tracing?: Tracing;
    errorType?: string;
  };
  'platform.report': {
    requestId: string;
    status: Status;
    metrics: {
      durationMs: number;
      billedDurationMs: number;
      memorySizeMB: number;
      maxMemoryUsedMB: number;
      initDurationMs?: number;
    };
    spans: readonly Span[];
    tracing?: Tracing;
    errorType?: string;
  };
}

export type PlatformType = keyof PlatformRecords;
export type Status = 'success' | 'failure' | 'error' | 'timeout';
export type Phase = 'init' | 'invoke';
type InitializationType = 'on-demand' | 'provisioned-concurrency';

export interface Tracing {
  readonly type: 'X-Amzn-Trace-Id';
  readonly value: string;
}

export interface Span {
  readonly name: 'responseLatency' | 'responseDuration' | 'runtimeOverhead' | 'extensionOverhead';
  /** ISO time. */
  readonly start: string;
  readonly durationMs: number;
}

export type PlatformEvent = {
  [Type in PlatformType]: { readonly type: Type; readonly record: PlatformRecords[Type] };
}[PlatformType];

/** Level of an event as the page "Log-level filtering" of the Lambda guide maps them. */
export function systemLevel(event: PlatformEvent): 'DEBUG' | 'INFO' | 'WARN' {
  switch (event.type) {
    case 'platform.initReport':
      if (event.record.status !== 'success') return 'WARN';
      return event.record.initializationType === 'on-demand' ? 'DEBUG' : 'INFO';
    case 'platform.initRuntimeDone':
    case 'platform.runtimeDone':
      return event.record.status === 'success' ? 'DEBUG' : 'WARN';
    case 'platform.report':
      return event.record.status === 'success' ? 'INFO' : 'WARN';
    case 'platform.extension':
      return event.record.errorType === undefined ? 'INFO' : 'WARN';
    case 'platform.logsDropped':
      return 'WARN';
    default:
      return 'INFO';
  }
}

/** The lines of the plain-text log format that an event becomes, each ended by a line break; none for most. */
export function textLines(event: PlatformEvent): string[] {
  switch (event.type) {
    case 'platform.initStart':
      return [`INIT_START Runtime Version: ${event.record.runtimeVersion}\n`];
    case 'platform.initReport': {
      const { status, metrics, phase, errorType } = event.record;
      if (status === 'success') return [];
      return [
        fields(
          `INIT_REPORT Init Duration: ${ms(metrics.durationMs)}`,
          `Phase: ${phase}`,
          ...outcome(status, errorType),
        ),
      ];
    }
    case 'platform.extension': {
      const { name, state, events, errorType } = event.record;
      const error = errorType === undefined ? [] : [`Error Type: ${errorType}`];
      return [fields('EXTENSION', `Name: ${name}`, `State: ${state}`, `Events: [${events.join(', ')}]`, ...error)];
    }
    case 'platform.telemetrySubscription': {
      const { name, state, types } = event.record;
      const named = types.map((type) => type.charAt(0).toUpperCase() + type.slice(1));
      return [fields('TELEMETRY', `Name: ${name}`, `State: ${state}`, `Types: [${named.join(', ')}]`)];
    }
    case 'platform.start':
      return [`START RequestId: ${event.record.requestId} Version: ${event.record.version}\n`];
    case 'platform.report': {
      const { requestId, status, metrics, errorType } = event.record;
      const init = metrics.initDurationMs === undefined ? [] : [`Init Duration: ${ms(metrics.initDurationMs)}`];
      return [
        `END RequestId: ${requestId}\n`,
        fields(
          `REPORT RequestId: ${requestId}`,
          `Duration: ${ms(metrics.durationMs)}`,
          `Billed Duration: ${metrics.billedDurationMs} ms`,
          `Memory Size: ${metrics.memorySizeMB} MB`,
          `Max Memory Used: ${metrics.maxMemoryUsedMB} MB`,
          ...init,
          ...(status === 'success' ? [] : outcome(status, errorType)),
        ),
      ];
    }
    default:
      return [];
  }
}

function outcome(status: Status, errorType: string | undefined): string[] {
  // A time-out is said by the status alone.
  return [
    `Status: ${status}`,
    ...(errorType === undefined || status === 'timeout' ? [] : [`Error Type: ${errorType}`]),
  ];
}

function fields(...parts: string[]): string {
  return `${parts.join('\t')}\n`;
}

function ms(duration: number): string {
  return `${duration.toFixed(2)} ms`;
}
