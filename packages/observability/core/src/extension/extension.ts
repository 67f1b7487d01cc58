import { setTimeout as timePasses } from 'node:timers/promises';
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
/** "Shutdown phase", Lambda guide: what there is at most. */
const shutdownMs = 2_000;
/** "Lambda quotas": the longest function timeout. */
const longestInvocationMs = 900_000;
/** Of the time that SHUTDOWN gives, what is kept for the report of records that Kinesis did not take by then. */
const lastReportMs = 500;
/** Of that, for what is under way when everything else is given up. */
const underWayMs = 200;
/** Between two tries of it. */
const reportPauseMs = 50;
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

  /** False when there is nothing new to report. */
  function reportDrops(): boolean {
    const { records, bytes, reasons } = buffer.dropped;
    const diverted = diverter?.diverted;
    const losses = records + (diverted?.records ?? 0);
    if (losses === reportedLosses) return false;
    reportedLosses = losses;
    // Totals: should this record be dropped too, the next one says it all.
    collector.report('telemetry.recordsDropped', {
      droppedRecords: records,
      droppedBytes: bytes,
      reasons: { ...reasons },
      ...(diverted ? { divertedRecords: diverted.records, divertedBytes: diverted.bytes } : {}),
    });
    return true;
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

  /** Drops what waits, and says so in the stream as long as there is time. */
  async function reportUnshipped(left: () => number): Promise<void> {
    buffer.giveUp();
    // What is still under way may come back refused, and is to be in the report.
    await shipper.ship(Math.min(left(), underWayMs), 'regardless');
    // A report that is refused is one more record dropped: its successor says so.
    while (left() > 0 && reportDrops()) {
      await shipper.ship(left(), 'regardless');
      await timePasses(Math.max(0, Math.min(reportPauseMs, left())));
    }
  }

  return {
    async invoked({ requestId, deadlineMs, tracing }) {
      if (obstacle) return;
      const traceId = readTraceHeader(tracing?.value);
      if (traceId !== undefined) invocations.belongs(requestId, traceId);
      // Busy: what has waited long enough is shipped while the function runs, and nobody waits for its end.
      const left = countDown(deadlineMs, longestInvocationMs);
      if (rate.count()) return timer.due() ? shipper.ship(Math.min(flushDeadlineMs, left())) : undefined;
      timer.restart();
      if (!shipper.ready) return diverter?.due ? diverter.divert(Math.min(flushDeadlineMs, left())) : undefined;
      await invocations.end(requestId, left(), flushDeadlineMs);
      await shipper.ship(Math.min(flushDeadlineMs, left()));
    },
    async shutDown({ deadlineMs }) {
      const left = countDown(deadlineMs, shutdownMs);
      timer.stop();
      // The last of the time is for what Kinesis takes nothing of: for the second destination, or for the report of it.
      const ship = () => shipper.ship(Math.max(0, left() - (diverter ? divertMs : lastReportMs)), 'regardless');
      await Promise.all([ship(), listener.quiet(lastTelemetryMs, left() / 2)]);
      await ship();
      if (diverter && buffer.held > 0) {
        await within(shipper.stop(), stopMs);
        await diverter.divert(left(), 'everything');
        // The stream takes nothing any more: the last report is read where the records are.
        if (buffer.held === 0 && reportDrops()) await diverter.divert(left(), 'everything');
        log('WARN', `${diverter.diverted.records} records of this environment are in S3`);
      }
      if (buffer.held > 0) log('ERROR', `${buffer.held} records could not be shipped before the environment ended`);
      if (!diverter) await reportUnshipped(left);
      kinesis.close();
      s3?.close();
      listener.close();
    },
  };
}

/**
 * Milliseconds left to a deadline that begins now, less the margin and at most `mostMs`, by a clock that nobody sets. A deadline
 * that is over when its event comes was set by a clock other than this environment's, and says nothing.
 */
function countDown(deadlineMs: number, mostMs: number): () => number {
  const given = deadlineMs - Date.now();
  const end = performance.now() + Math.min(given > 0 ? given : mostMs, mostMs) - marginMs;
  return () => end - performance.now();
}
