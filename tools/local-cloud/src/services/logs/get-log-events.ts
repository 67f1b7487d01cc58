import type { GetLogEventsCommandInput, GetLogEventsCommandOutput } from '@aws-sdk/client-cloudwatch-logs';
import { between } from '../../constraints.ts';
import { operation } from '../../service.ts';
import { invalidParameter, validate } from './errors.ts';
import { type EventPosition, formatEventId, parseEventId } from './event-id.ts';
import { checkStreamName, onLogStream } from './log-group-reference.ts';
import { compareEvents, countBefore, eventBytes, groupOf, type StoredEvent, streamOf } from './state.ts';

/** GetLogEvents, CloudWatch Logs API Reference: a page has up to 10,000 events and 1 MB. */
export const mostEvents = 10_000;
export const mostPageBytes = 1_048_576;

/**
 * Tokens are `f/ID/s` and `b/ID/s`: what comes after, or before, the event with this id. They are given out even when
 * there is nothing yet, and answered unchanged when nothing more is found.
 */
interface Token {
  readonly isForward: boolean;
  readonly position: EventPosition;
}

export const getLogEvents = operation<GetLogEventsCommandInput, GetLogEventsCommandOutput>({
  demands: onLogStream('GetLogEvents'),
  run(input, call) {
    validate(
      ...checkStreamName('logStreamName', input.logStreamName),
      between('limit', input.limit, 1, mostEvents),
      between('startTime', input.startTime, 0, Number.MAX_SAFE_INTEGER),
      between('endTime', input.endTime, 0, Number.MAX_SAFE_INTEGER),
    );
    const { events } = streamOf(groupOf(input, call), input.logStreamName);
    const inRange = events.slice(
      countBefore(events, input.startTime ?? 0),
      countBefore(events, input.endTime ?? Number.MAX_SAFE_INTEGER),
    );
    const token = input.nextToken === undefined ? undefined : parseToken(input.nextToken);
    const limit = input.limit ?? mostEvents;
    const page = token ? pageFrom(inRange, token, limit) : firstPage(inRange, input.startFromHead ?? false, limit);
    const nowhere = { timestamp: input.startTime ?? 0, sequence: 0 };
    const from = page[0] ?? token?.position ?? nowhere;
    const to = page.at(-1) ?? token?.position ?? nowhere;
    return {
      events: page.map(({ timestamp, message, ingestionTime }) => ({ timestamp, message, ingestionTime })),
      nextForwardToken: `f/${formatEventId(to)}/s`,
      nextBackwardToken: `b/${formatEventId(from)}/s`,
    };
  },
});

function firstPage(events: readonly StoredEvent[], startFromHead: boolean, limit: number): StoredEvent[] {
  return startFromHead ? head(events, limit) : tail(events, limit);
}

function pageFrom(events: readonly StoredEvent[], { isForward, position }: Token, limit: number): StoredEvent[] {
  const at = (event: StoredEvent) => compareEvents(event, position as StoredEvent);
  if (isForward) {
    const index = events.findIndex((event) => at(event) > 0);
    return index < 0 ? [] : head(events.slice(index), limit);
  }
  return tail(events.slice(0, events.findLastIndex((event) => at(event) < 0) + 1), limit);
}

/** As many events from the beginning as fit on a page. */
export function head(events: readonly StoredEvent[], limit: number): StoredEvent[] {
  let bytes = 0;
  const end = events.findIndex((event, i) => {
    bytes += eventBytes(event);
    return i >= limit || (i > 0 && bytes > mostPageBytes);
  });
  return events.slice(0, end < 0 ? events.length : end);
}

/** As many events up to the end as fit on a page, oldest first. */
function tail(events: readonly StoredEvent[], limit: number): StoredEvent[] {
  return head(events.toReversed(), limit).reverse();
}

function parseToken(text: string): Token {
  const [, direction, id = ''] = /^([fb])\/(\d+)\/s$/.exec(text) ?? [];
  const position = parseEventId(id);
  if (!position) throw invalidParameter('The specified nextToken is invalid.');
  return { isForward: direction === 'f', position };
}
