import type { FilterLogEventsCommandInput, FilterLogEventsCommandOutput } from '@aws-sdk/client-cloudwatch-logs';
import { between, lengthBetween, sizeBetween } from '../../constraints.ts';
import { operation } from '../../service.ts';
import { invalidParameter, validate } from './errors.ts';
import { type EventPosition, formatEventId, parseEventId } from './event-id.ts';
import { compileFilterPattern } from './filter-pattern.ts';
import { mostEvents, mostPageBytes } from './get-log-events.ts';
import { checkStreamName, onGroup } from './log-group-reference.ts';
import { compareEvents, countBefore, eventBytes, groupOf, type LogGroup, type StoredEvent, streamOf } from './state.ts';

/** "Setting startFromHead to false is supported only when startTime is on or after Jan 1, 2024 00:00:00 UTC." */
const earliestBackwards = Date.UTC(2024, 0, 1);

type Found = StoredEvent & { readonly stream: string };

export const filterLogEvents = operation<FilterLogEventsCommandInput, FilterLogEventsCommandOutput>({
  demands: onGroup('FilterLogEvents'),
  run(input, call) {
    check(input);
    const matches = compileFilterPattern(input.filterPattern ?? '');
    const token = input.nextToken === undefined ? undefined : parseToken(input.nextToken);
    const isForward = token?.isForward ?? input.startFromHead ?? true;
    const candidates = select(groupOf(input, call), input)
      .filter((event) => !token || compareEvents(event, token.position as Found) * (isForward ? 1 : -1) > 0)
      .sort(isForward ? compareEvents : (a, b) => compareEvents(b, a));
    const { page, hasMore } = matchingPage(candidates, matches, input.limit ?? mostEvents);
    const last = page.at(-1);
    return {
      events: page.map((event) => ({
        logStreamName: event.stream,
        timestamp: event.timestamp,
        message: event.message,
        ingestionTime: event.ingestionTime,
        eventId: formatEventId(event),
      })),
      searchedLogStreams: [],
      ...(hasMore && last && { nextToken: `${isForward ? 'f' : 'b'}/${formatEventId(last)}` }),
    };
  },
});

function check(input: FilterLogEventsCommandInput): void {
  validate(
    between('limit', input.limit, 1, mostEvents),
    lengthBetween('filterPattern', input.filterPattern, 0, 1024),
    ...checkStreamName('logStreamNamePrefix', input.logStreamNamePrefix),
    input.logStreamNames && sizeBetween('logStreamNames', input.logStreamNames.length, 1, 100),
  );
  if (input.logStreamNames && input.logStreamNamePrefix !== undefined) {
    throw invalidParameter('logStreamNamePrefix and logStreamNames are mutually exclusive.');
  }
  if (input.startFromHead === false && (input.startTime ?? 0) < earliestBackwards) {
    throw invalidParameter(
      'startFromHead=false is supported only when startTime is on or after Jan 1, 2024 00:00:00 UTC.',
    );
  }
}

/** The events of the named streams within the times, both inclusive. */
function select(group: LogGroup, input: FilterLogEventsCommandInput): Found[] {
  const streams = input.logStreamNames
    ? input.logStreamNames.map((name) => streamOf(group, name))
    : [...group.streams.values()].filter((stream) => stream.name.startsWith(input.logStreamNamePrefix ?? ''));
  return streams.flatMap(({ name, events }) => {
    const end = input.endTime === undefined ? events.length : countBefore(events, input.endTime + 1);
    return events.slice(countBefore(events, input.startTime ?? 0), end).map((event) => ({ ...event, stream: name }));
  });
}

function matchingPage(candidates: readonly Found[], matches: (message: string) => boolean, limit: number) {
  const page: Found[] = [];
  let bytes = 0;
  for (const event of candidates) {
    if (!matches(event.message)) continue;
    bytes += eventBytes(event);
    if (page.length === limit || (page.length > 0 && bytes > mostPageBytes)) return { page, hasMore: true };
    page.push(event);
  }
  return { page, hasMore: false };
}

/** The direction and the last event of the page before. */
function parseToken(text: string): { isForward: boolean; position: EventPosition } {
  const [, direction, id = ''] = /^([fb])\/(\d+)$/.exec(text) ?? [];
  const position = parseEventId(id);
  if (!position) throw invalidParameter('The specified nextToken is invalid.');
  return { isForward: direction === 'f', position };
}
