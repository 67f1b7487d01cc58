import type {
  InputLogEvent,
  PutLogEventsCommandInput,
  PutLogEventsCommandOutput,
  RejectedLogEventsInfo,
} from '@aws-sdk/client-cloudwatch-logs';
import { between, lengthBetween, notNull, sizeBetween } from '../../constraints.ts';
import { operation } from '../../service.ts';
import { recordEmbeddedMetrics } from './embedded-metrics.ts';
import { invalidParameter, validate } from './errors.ts';
import { checkStreamName, onLogStream } from './log-group-reference.ts';
import {
  compareEvents,
  eventBytes,
  groupOf,
  type LogStream,
  logsOf,
  retentionStart,
  type StoredEvent,
  streamOf,
} from './state.ts';
import { deliver } from './subscription-delivery.ts';

/** PutLogEvents, CloudWatch Logs API Reference. */
const mostEvents = 10_000;
const mostBatchBytes = 1_048_576;
const mostEventBytes = 1_048_576;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const oldestMs = 14 * dayMs;
const newestMs = 2 * hourMs;

type Event = Required<InputLogEvent> & { timestamp: number; message: string };

export const putLogEvents = operation<PutLogEventsCommandInput, PutLogEventsCommandOutput>({
  demands: onLogStream('PutLogEvents'),
  run(input, call) {
    validate(...checkStreamName('logStreamName', input.logStreamName));
    const events = check(input.logEvents ?? []);
    const group = groupOf(input, call);
    const stream = streamOf(group, input.logStreamName);
    const now = call.cloud.clock.now();
    const { from, to, rejected } = acceptable(events, retentionStart(group, now), now);
    checkSpan(events.slice(from, to));
    const state = logsOf(call.cloud, call.account, call.region);
    const accepted = events.slice(from, to).map(({ timestamp, message }) => {
      state.eventsAccepted += 1;
      return { timestamp, message, ingestionTime: now, sequence: state.eventsAccepted };
    });
    store(stream, accepted, now);
    deliver(group, stream.name, accepted, call);
    recordEmbeddedMetrics(call.cloud, call, group.name, accepted);
    return {
      nextSequenceToken: String(10n ** 55n * 4n + BigInt(state.eventsAccepted)),
      ...(rejected && { rejectedLogEventsInfo: rejected }),
    };
  },
});

/** Throws InvalidParameterException for what breaks the rules of a batch; nothing of it is stored then. */
function check(given: readonly InputLogEvent[]): Event[] {
  validate(
    sizeBetween('logEvents', given.length, 1, mostEvents),
    ...given.flatMap((event, i) => [
      notNull(`logEvents.${i + 1}.member.timestamp`, event.timestamp),
      between(`logEvents.${i + 1}.member.timestamp`, event.timestamp, 0, Number.MAX_SAFE_INTEGER),
      notNull(`logEvents.${i + 1}.member.message`, event.message),
      lengthBetween(`logEvents.${i + 1}.member.message`, event.message, 1, Number.MAX_SAFE_INTEGER),
    ]),
  );
  const events = given as Event[];
  let bytes = 0;
  for (const event of events) {
    const size = eventBytes(event);
    if (size > mostEventBytes) {
      throw invalidParameter(`Log event too large: ${size} bytes exceeds limit of ${mostEventBytes}`);
    }
    bytes += size;
  }
  if (bytes > mostBatchBytes) {
    throw invalidParameter(`Upload too large: ${bytes} bytes exceeds limit of ${mostBatchBytes}`);
  }
  if (events.some((event, i) => event.timestamp < (events[i - 1]?.timestamp ?? 0))) {
    throw invalidParameter('Log events in a single PutLogEvents request must be in chronological order.');
  }
  return events;
}

/** Only what would be stored counts: too old and too new events are left out before. */
function checkSpan(events: readonly Event[]): void {
  const [first, last] = [events[0], events.at(-1)];
  if (first && last && last.timestamp - first.timestamp > dayMs) {
    throw invalidParameter('The batch of log events in a single PutLogEvents request cannot span more than 24 hours.');
  }
}

/** Which part of a batch, in order of time, is neither too old nor expired nor too new. */
function acceptable(
  events: readonly Event[],
  retentionFrom: number,
  now: number,
): { from: number; to: number; rejected: RejectedLogEventsInfo | undefined } {
  const countBefore = (time: number) => {
    const index = events.findIndex((event) => event.timestamp >= time);
    return index < 0 ? events.length : index;
  };
  const tooOld = countBefore(now - oldestMs);
  const expired = countBefore(retentionFrom);
  const tooNew = countBefore(now + newestMs + 1);
  const isAnyRejected = tooOld > 0 || expired > 0 || tooNew < events.length;
  return {
    from: Math.max(tooOld, expired),
    to: tooNew,
    rejected: isAnyRejected
      ? {
          ...(tooOld > 0 && { tooOldLogEventEndIndex: tooOld }),
          ...(expired > 0 && { expiredLogEventEndIndex: expired }),
          ...(tooNew < events.length && { tooNewLogEventStartIndex: tooNew }),
        }
      : undefined,
  };
}

function store(stream: LogStream, events: readonly StoredEvent[], now: number): void {
  const [first] = events;
  if (!first) return;
  const isLate = (stream.events.at(-1)?.timestamp ?? 0) > first.timestamp;
  for (const event of events) stream.events.push(event);
  if (isLate) stream.events.sort(compareEvents);
  stream.lastIngestionTime = now;
}
