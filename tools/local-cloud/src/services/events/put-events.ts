import { randomUUID } from 'node:crypto';
import type {
  PutEventsCommandInput,
  PutEventsCommandOutput,
  PutEventsRequestEntry,
  PutEventsResultEntry,
} from '@aws-sdk/client-eventbridge';
import { sizeBetween } from '../../constraints.ts';
import { validationError } from '../../errors.ts';
import { type Call, operation } from '../../service.ts';
import { busDemand } from './demands.ts';
import { unsupported, validate } from './errors.ts';
import { createEvent } from './event.ts';
import { findBus, locateBus } from './references.ts';
import { routeEvent } from './route-event.ts';

/** PutEvents (API Reference): entries of one call, and their size together. */
const mostEntries = 10;
const mostBytes = 1_048_576;

export const putEvents = operation<PutEventsCommandInput, PutEventsCommandOutput>({
  demands: ({ Entries = [] }, call) =>
    Entries.map(({ EventBusName, Source = '', DetailType = '' }) =>
      busDemand('PutEvents', locateBus(EventBusName, call), call.cloud, {
        'events:source': Source,
        'events:detail-type': DetailType,
      }),
    ),
  run({ Entries = [], EndpointId }, call) {
    validate(sizeBetween('entries', Entries.length, 1, mostEntries));
    if (EndpointId) throw unsupported('global endpoints', 'leave EndpointId out');
    if (Entries.reduce((bytes, entry) => bytes + entryBytes(entry), 0) > mostBytes) {
      throw validationError('Total size of the entries in the request is over the limit.');
    }
    const results = Entries.map((entry) => problemOf(entry) ?? accept(entry, call));
    return { Entries: results, FailedEntryCount: results.filter(({ ErrorCode }) => ErrorCode !== undefined).length };
  },
});

/** "Calculating PutEvents event entry size" (User Guide). */
function entryBytes({
  Time,
  Source = '',
  DetailType = '',
  Detail = '',
  Resources = [],
}: PutEventsRequestEntry): number {
  return [Source, DetailType, Detail, ...Resources].reduce((sum, text) => sum + Buffer.byteLength(text), Time ? 14 : 0);
}

function problemOf(entry: PutEventsRequestEntry): PutEventsResultEntry | undefined {
  for (const name of ['Source', 'DetailType', 'Detail'] as const) {
    if (entry[name]) continue;
    return {
      ErrorCode: 'InvalidArgument',
      ErrorMessage: `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
    };
  }
  // "Customer-generated events can't have a source that begins with aws."
  if (entry.Source?.startsWith('aws.')) {
    return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' };
  }
  return isObjectText(entry.Detail ?? '')
    ? undefined
    : { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
}

function isObjectText(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** An event for a bus that is not there is accepted and lost, as it is in AWS. */
function accept(entry: PutEventsRequestEntry, call: Call): PutEventsResultEntry {
  const { cloud } = call;
  const location = locateBus(entry.EventBusName, call);
  const ingested = cloud.clock.now();
  const event = createEvent({
    id: randomUUID(),
    detailType: entry.DetailType ?? '',
    source: entry.Source ?? '',
    account: call.account,
    time: entry.Time ?? new Date(ingested),
    region: location.region,
    resources: entry.Resources ?? [],
    detail: entry.Detail ?? '',
    ingested,
  });
  const bus = findBus(cloud, location);
  if (bus) routeEvent(cloud, bus, event);
  return { EventId: event.id };
}
