import { readTraceHeader } from '@stackyard/log-records/trace-id';
import { createRecordBuffer } from './buffer.ts';
import { createCircuitBreaker } from './circuit-breaker.ts';
import { createCollector } from './collector.ts';
import type { Configuration } from './configuration.ts';
import { createDiverter, type Diverter } from './diverter.ts';
import type { ExtensionEvent, RegisteredExtension } from './extensions-api.ts';
import { createFlushTimer } from './flush-timer.ts';
import { createInvocationRate } from './invocation-rate.ts';
import { createInvocations } from './invocations.ts';
import type { CallLambda } from './lambda-api.ts';
import type { Log } from './log.ts';
import { createS3Client } from './put-object.ts';
import { createKinesisClient } from './put-records.ts';
import { createOrigin } from './records.ts';
import { createShipper } from './shipper.ts';
import { buffering, subscribe } from './telemetry-api.ts';
import { listen } from './telemetry-listener.ts';
import { within } from './timers.ts';

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

/** Kept of the shutdown's time for the second destination, when there is one. */
const divertMs = 800;
/** What is given up under way comes back at once, or waits for nothing that matters. */
const stopMs = 100;

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
  let reportedLosses = 0;
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

  const { secondDestination } = configuration;
  const s3 = secondDestination && createS3Client(secondDestination, configuration);
  const diverter: Diverter | undefined =
    s3 &&
    createDiverter({
      buffer,
      bufferBytes: configuration.bufferBytes,
      s3,
      prefix: secondDestination.prefix,
      origin,
      breaker: createCircuitBreaker(),
      deadlineMs: flushDeadlineMs,
      onFailure: (reason, pauseMs) =>
        log('WARN', `S3 took nothing: ${reason}. Records are kept while there is room, next try in ${pauseMs} ms`),
    });

  function reportDrops(): void {
    const { records, bytes, reasons } = buffer.dropped;
    const diverted = diverter?.diverted;
    const losses = records + (diverted?.records ?? 0);
    if (losses === reportedLosses) return;
    reportedLosses = losses;
    // Totals: should this record be dropped too, the next one says it all.
    collector.report('telemetry.recordsDropped', {
      droppedRecords: records,
      droppedBytes: bytes,
      reasons: { ...reasons },
      ...(diverted ? { divertedRecords: diverted.records, divertedBytes: diverted.bytes } : {}),
    });
  }

  const timer = createFlushTimer(buffer, flushAgeMs, () => shipper.ship(flushDeadlineMs));

  const listener = await listen(configuration.bufferBytes, {
    onEvents(events) {
      collector.collect(events);
      // Where nothing else waits, the report does.
      if (buffer.length === 0) reportDrops();
      timer.recordsCame();
      if (diverter?.due) void diverter.divert(flushDeadlineMs);
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
      if (!shipper.ready) return diverter?.due ? diverter.divert(budget(deadlineMs)) : undefined;
      await invocations.end(requestId, deadlineMs - Date.now() - marginMs, flushDeadlineMs);
      await shipper.ship(budget(deadlineMs));
    },
    async shutDown({ deadlineMs }) {
      const end = performance.now() + Math.min(deadlineMs - Date.now(), shutdownMs) - marginMs;
      const left = () => end - performance.now();
      timer.stop();
      // What a second destination takes in its part of the time is not lost if Kinesis takes nothing.
      const forKinesis = () => left() - (diverter ? divertMs : 0);
      await Promise.all([shipper.ship(forKinesis(), 'regardless'), listener.quiet(lastTelemetryMs, left() / 2)]);
      await shipper.ship(forKinesis(), 'regardless');
      if (diverter && buffer.held > 0) {
        await within(shipper.stop(), stopMs);
        await diverter.divert(left(), 'everything');
        log('WARN', `${diverter.diverted.records} records of this environment are in S3`);
      }
      if (buffer.held > 0) log('ERROR', `${buffer.held} records could not be shipped before the environment ended`);
      kinesis.close();
      s3?.close();
      listener.close();
    },
  };
}
