import type { ScanCommandInput, ScanCommandOutput } from '@aws-sdk/client-dynamodb';
import { between } from '../../../constraints.ts';
import { validationError } from '../../../errors.ts';
import { operation } from '../../../service.ts';
import { type Collection, type Entry, placeOf, segmentOf } from '../collection.ts';
import { accessContext, demand } from '../demands.ts';
import { validate } from '../errors.ts';
import { attributesIn } from '../expressions/attributes-in.ts';
import { readyTableAt } from '../state.ts';
import { locate } from '../table-reference.ts';
import { readPage, type StartKey, startKeyOf } from './page.ts';
import { positionAfter } from './query.ts';
import { readExpressions, subjectOf } from './read.ts';

export const scan = operation<ScanCommandInput, ScanCommandOutput>({
  demands(input, call) {
    const { filter, paths, select } = readExpressions(input, 'scan');
    const context = accessContext({
      attributes: attributesIn({ condition: filter, paths }),
      select,
      returnConsumedCapacity: input.ReturnConsumedCapacity,
      isFullTableScan: true,
    });
    return [demand('Scan', locate(input.TableName, call), call, { index: input.IndexName, context })];
  },
  run(input, call) {
    const segment = segmentOfInput(input);
    const read = readExpressions(input, 'scan');
    const table = readyTableAt(locate(input.TableName, call), call);
    const subject = subjectOf(table, input, read);
    const start = startKeyOf(table, subject, input);
    if (start && segment && segmentOf(start.partition, segment.total) !== segment.at) {
      throw validationError(
        `The provided starting key is invalid: Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct Segment. TotalSegments: ${segment.total} Segment: ${segment.at}`,
      );
    }
    return readPage({ table, subject, input, read }, entriesOf(subject.items, start, segment), 'Scan', call);
  },
});

interface Segment {
  readonly at: number;
  readonly total: number;
}

function segmentOfInput({ Segment, TotalSegments }: ScanCommandInput): Segment | undefined {
  validate(between('segment', Segment, 0, 999_999), between('totalSegments', TotalSegments, 1, 1_000_000));
  if (Segment === undefined && TotalSegments === undefined) return undefined;
  const required = (missing: string, present: string) =>
    validationError(
      `The ${missing} parameter is required but was not present in the request when ${present} is present`,
    );
  if (TotalSegments === undefined) throw required('TotalSegments', 'Segment parameter');
  if (Segment === undefined) throw required('Segment', 'parameter TotalSegments');
  if (Segment >= TotalSegments) {
    throw validationError(
      `The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: ${Segment} is not less than TotalSegments: ${TotalSegments}`,
    );
  }
  return { at: Segment, total: TotalSegments };
}

function* entriesOf(
  collection: Collection,
  start: StartKey | undefined,
  segment: Segment | undefined,
): Generator<Entry> {
  const { order, partitions } = collection;
  for (let place = start ? placeOf(collection, start.partition) : 0; place < order.length; place += 1) {
    const partition = order[place] as string;
    if (segment && segmentOf(partition, segment.total) !== segment.at) continue;
    const entries = partitions.get(partition) as Entry[];
    const from = start?.partition === partition ? positionAfter(entries, start) : 0;
    for (let i = from; i < entries.length; i += 1) yield entries[i] as Entry;
  }
}
