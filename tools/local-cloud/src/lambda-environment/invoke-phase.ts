import { type Outcome, outcomeOf, outputRead } from './init-phase.ts';
import { memoryUsedMb } from './memory.ts';
import type { Span, Tracing } from './platform-events.ts';
import type { Fault } from './progress.ts';
import { errorPayload } from './runtime-api.ts';
import type { Sandbox } from './sandbox.ts';
import type { EnvironmentSpec, InvocationRequest, InvocationResult } from './types.ts';

/** What one invocation needs beside its sandbox. */
export interface Invocation {
  readonly request: InvocationRequest;
  readonly startedAt: number;
  readonly deadlineMs: number;
  /** Duration of the initialisation that preceded it in an environment of its own making. */
  readonly initDurationMs: number | undefined;
  /** Called when the caller gets its answer, before the extensions are done. */
  respond(result: InvocationResult): void;
}

/** Reports an invocation's beginning and end; each part at most once, whatever happens between. */
export interface InvocationReport {
  start(): void;
  runtimeDone(outcome: Outcome): void;
  end(outcome: Outcome): Promise<void>;
  /** Times as they come to be known. */
  readonly times: { released?: number; runtimeReady?: number; extensionsReady?: number };
}

export function createInvocationReport(
  sandbox: Sandbox,
  spec: EnvironmentSpec,
  invocation: Invocation,
  memory: { maxUsedMb: number },
): InvocationReport {
  const { logger, runtime, processes, extensions } = sandbox;
  const { requestId, traceId } = invocation.request;
  const tracing: { tracing?: Tracing } = traceId ? { tracing: { type: 'X-Amzn-Trace-Id', value: traceId } } : {};
  const times: InvocationReport['times'] = {};
  let started = false;
  let runtimeReported = false;
  const now = () => spec.clock.now();

  return {
    times,
    start() {
      if (started) return;
      started = true;
      logger.platform('platform.start', { requestId, version: spec.version, ...tracing });
    },
    runtimeDone(outcome) {
      if (runtimeReported) return;
      runtimeReported = true;
      const ready = times.runtimeReady ?? now();
      const answer = times.released === undefined ? undefined : runtime.answer;
      const spans: Span[] = [];
      if (answer && times.released !== undefined) {
        spans.push(
          span('responseLatency', times.released, answer.startedAt),
          span('responseDuration', answer.startedAt, answer.endedAt),
          span('runtimeOverhead', answer.endedAt, ready),
        );
      }
      const metrics = {
        durationMs: ready - (times.released ?? invocation.startedAt),
        producedBytes: answer?.bytes ?? 0,
      };
      logger.platform('platform.runtimeDone', { requestId, ...outcome, metrics, spans, ...tracing });
    },
    async end(outcome) {
      const pids = processes.flatMap(({ pid, exit }) => (pid === undefined || exit ? [] : [pid]));
      memory.maxUsedMb = Math.max(memory.maxUsedMb, await memoryUsedMb(pids));
      const { initDurationMs } = invocation;
      const durationMs = (times.extensionsReady ?? now()) - invocation.startedAt;
      // The initialisation on demand is billed with its first invocation (AWS Compute Blog, "AWS Lambda standardizes
      // billing for INIT Phase", August 2025).
      const billed =
        Math.min(durationMs, spec.timeoutMs) + (spec.initializationType === 'on-demand' ? (initDurationMs ?? 0) : 0);
      const waited = extensions.extensions.length > 0 && times.runtimeReady !== undefined;
      logger.platform('platform.report', {
        requestId,
        ...outcome,
        metrics: {
          durationMs,
          billedDurationMs: Math.max(1, Math.ceil(billed)),
          memorySizeMB: spec.memoryMb,
          maxMemoryUsedMB: memory.maxUsedMb,
          ...(initDurationMs === undefined ? {} : { initDurationMs }),
        },
        spans: waited ? [span('extensionOverhead', times.runtimeReady ?? 0, times.extensionsReady ?? now())] : [],
        ...tracing,
      });
    },
  };
}

function span(name: Span['name'], from: number, to: number): Span {
  return { name, start: new Date(from).toISOString(), durationMs: to - from };
}

/**
 * INVOKE: extensions and runtime get the event; the caller is answered as soon as the runtime has answered; the
 * invocation lasts until the runtime and every extension subscribed to INVOKE ask for the next event.
 *
 * Throws the {@link Fault} that ended it.
 */
export async function invoke(
  sandbox: Sandbox,
  spec: EnvironmentSpec,
  invocation: Invocation,
  report: InvocationReport,
) {
  const { progress, runtime, extensions } = sandbox;
  const { request, deadlineMs } = invocation;
  report.start();
  report.times.released = spec.clock.now();
  runtime.deliver(request, deadlineMs);
  extensions.release('INVOKE', {
    eventType: 'INVOKE',
    deadlineMs: Math.round(deadlineMs),
    requestId: request.requestId,
    invokedFunctionArn: request.invokedFunctionArn,
    tracing: { type: 'X-Amzn-Trace-Id', value: request.traceId ?? '' },
  });

  await progress.until(() => runtime.answer !== undefined || runtime.stream !== undefined);
  invocation.respond(resultOf(sandbox));
  await progress.until(() => runtime.waiting);
  report.times.runtimeReady = spec.clock.now();
  await outputRead();
  report.runtimeDone({ status: 'success' });

  const subscribers = extensions.extensions.filter(({ events }) => events.includes('INVOKE'));
  await progress.until(() => subscribers.every(({ state }) => state === 'Ready'));
  report.times.extensionsReady = spec.clock.now();
  await outputRead();
  await report.end({ status: 'success' });
}

function resultOf({ runtime: { answer, stream } }: Sandbox): InvocationResult {
  if (stream) return { payload: Buffer.alloc(0), stream };
  return {
    payload: answer?.payload ?? Buffer.alloc(0),
    ...(answer?.functionError ? { functionError: 'Unhandled' } : {}),
    ...(answer?.contentType === undefined ? {} : { contentType: answer.contentType }),
  };
}

/** Ends an invocation that a fault has cut short: the caller's error, then the reports. */
export async function failInvocation(sandbox: Sandbox, invocation: Invocation, report: InvocationReport, fault: Fault) {
  const { requestId } = invocation.request;
  const message = `RequestId: ${requestId} Error: ${fault.message}`;
  const payload = fault.payload ?? errorPayload(fault.errorType, message);
  invocation.respond({ payload, functionError: 'Unhandled' });
  sandbox.runtime.stream?.end({ errorType: fault.errorType, payload });
  await outputRead();
  report.start();
  report.runtimeDone(outcomeOf(fault));
  if (fault.status !== 'timeout') sandbox.logger.fault(requestId, fault.message, fault.errorType);
  await report.end(outcomeOf(fault));
}
