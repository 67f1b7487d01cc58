import { readTraceHeader } from '@stackyard/log-records/trace-id';
import { createRecordBuffer } from './buffer.ts';
import { createCircuitBreaker } from './circuit-breaker.ts';
import { createCollector } from './collector.ts';
import type { Configuration } from './configuration.ts';
import type { ExtensionEvent, RegisteredExtension } from './extensions-api.ts';
import { createFlushTimer } from './flush-timer.ts';
import { createInvocationRate } from './invocation-rate.ts';
import { createInvocations } from './invocations.ts';
import type { CallLambda } from './lambda-api.ts';
import type { Log } from './log.ts';
import { createKinesisClient } from './put-records.ts';
import { createOrigin } from './records.ts';
import { createShipper } from './shipper.ts';
import { buffering, subscribe } from './telemetry-api.ts';
import { listen } from './telemetry-listener.ts';

type Event<Type> = Extract<ExtensionEvent, { eventType: Type }>;

/** The extension at work: what it does with each of its events before it asks for the next one. */
export interface Extension {
  invoked(event: Event<'INVOKE'>): Promise<void>;
  /** Ships what can be shipped in the time there is, and lets go of everything. */
  shutDown(event: Event<'SHUTDOWN'>): Promise<void>;
}

/** Left over before an invocation's or the environment's end, in milliseconds: who is late there is killed. */
const marginMs = 200;
/** "Shutdown phase", Lambda guide: what there is at most, whatever a clock that was set back makes of the deadline. */
const shutdownMs = 2_000;
/** The last telemetry comes after the SHUTDOWN event: Lambda may hold it back for the time subscribed with. */
const lastTelemetryMs = 4 * buffering.timeoutMs;

/** Listens, subscribes, and resolves when telemetry comes. Rejects when there is nothing to listen on or to subscribe to. */
export async function startExtension(
  call: CallLambda,
  registered: RegisteredExtension,
  configuration: Configuration,
  log: Log,
): Promise<Extension> {
  const { flushDeadlineMs, flushAgeMs } = configuration;
  const buffer = createRecordBuffer(configuration.bufferBytes, configuration.aggregateBytes);
  const invocations = createInvocations();
  const rate = createInvocationRate();
  const origin = createOrigin(registered.functionName, registered.functionVersion);
  const collector = createCollector(configuration, origin, invocations, buffer);
  const kinesis = createKinesisClient(configuration);
  let reportedDrops = 0;
  let invalidRequests = 0;
  const shipper = createShipper({
    buffer,
    kinesis,
    breaker: createCircuitBreaker(),
    patienceMs: flushDeadlineMs,
    beforeTake: reportDrops,
    onOutage: (reason, pauseMs) =>
      log('WARN', `Kinesis took nothing: ${reason}. Records are kept, next try in ${pauseMs} ms`),
    onRecovery: () => log('INFO', 'Kinesis takes records again'),
  });

  function reportDrops(): void {
    const { records, bytes, reasons } = buffer.dropped;
    if (records === reportedDrops) return;
    reportedDrops = records;
    // Totals: should this record be dropped too, the next one says it all.
    collector.report('telemetry.recordsDropped', {
      droppedRecords: records,
      droppedBytes: bytes,
      reasons: { ...reasons },
    });
  }

  const timer = createFlushTimer(buffer, flushAgeMs, () => shipper.ship(flushDeadlineMs));

  const listener = await listen(configuration.bufferBytes, {
    onEvents(events) {
      collector.collect(events);
      // Where nothing else waits, the report does.
      if (buffer.length === 0) reportDrops();
      timer.recordsCame();
    },
    onInvalid(problem) {
      invalidRequests += 1;
      collector.report('telemetry.invalidRequest', { problem, invalidRequests });
      timer.recordsCame();
    },
  });
  const obstacle = await subscribe(call, registered.identifier, configuration.types, listener.port);
  if (obstacle) log('ERROR', `No telemetry will be shipped: ${obstacle}`);

  function budget(deadlineMs: number): number {
    return Math.min(flushDeadlineMs, deadlineMs - Date.now() - marginMs);
  }

  return {
    async invoked({ requestId, deadlineMs, tracing }) {
      if (obstacle) return;
      const traceId = readTraceHeader(tracing?.value);
      if (traceId !== undefined) invocations.belongs(requestId, traceId);
      // Busy: what has waited long enough is shipped while the function runs, and nobody waits for its end.
      if (rate.count()) return timer.due() ? shipper.ship(budget(deadlineMs)) : undefined;
      timer.restart();
      if (!shipper.ready) return;
      await invocations.end(requestId, deadlineMs - Date.now() - marginMs, flushDeadlineMs);
      await shipper.ship(budget(deadlineMs));
    },
    async shutDown({ deadlineMs }) {
      const end = performance.now() + Math.min(deadlineMs - Date.now(), shutdownMs) - marginMs;
      const left = () => end - performance.now();
      timer.stop();
      await Promise.all([shipper.ship(left(), 'regardless'), listener.quiet(lastTelemetryMs, left() / 2)]);
      await shipper.ship(left(), 'regardless');
      if (buffer.held > 0) log('ERROR', `${buffer.held} records could not be shipped before the environment ended`);
      kinesis.close();
      listener.close();
    },
  };
}
