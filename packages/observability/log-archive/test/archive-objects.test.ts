import { gunzipSync } from 'node:zlib';
import type { LogRecord } from '@stackyard/log-records';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ArchiveObject, archiveObjects } from '../src/archive-objects.ts';
import { json, shipped, streamRecord, subscriptionMessage } from './events.ts';

const linesOf = ({ body }: ArchiveObject) =>
  gunzipSync(body)
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as LogRecord);

test('a batch is one object of a line for each record, whatever form they came in', () => {
  const batch = [
    streamRecord(json(shipped(0)), '10'),
    streamRecord(subscriptionMessage(['first', 'second']), '11'),
    streamRecord(Buffer.from('garbage'), '12'),
  ];
  const objects = archiveObjects(batch);
  expect(objects.map(({ key, records }) => [key, records])).toEqual([
    ['records/date=2026-11-21/hour=13/shardId-000000000000-10.json.gz', 4],
  ]);
  expect(objects.flatMap(linesOf).map(({ message }) => message)).toEqual([
    'line 0',
    'first',
    'second',
    'record.unreadable',
  ]);
});

test('records that arrived in another hour are in its partition', () => {
  const midnight = new Date('2026-11-22T00:00:00.000Z');
  const objects = archiveObjects([
    streamRecord(json(shipped(0))),
    streamRecord(json(shipped(1)), '2', new Date(midnight.getTime() - 1)),
    streamRecord(json(shipped(2)), '3', midnight),
  ]);
  expect(objects.map(({ key }) => key)).toEqual([
    'records/date=2026-11-21/hour=13/shardId-000000000000-1.json.gz',
    'records/date=2026-11-21/hour=23/shardId-000000000000-1.json.gz',
    'records/date=2026-11-22/hour=00/shardId-000000000000-1.json.gz',
  ]);
});

test('copies of a record are kept once, records that only say the same are all kept', () => {
  const { environment: _, ...anonymous } = shipped(0);
  const batch = [shipped(0), shipped(0), shipped(1, 'line 0'), anonymous, anonymous].map((record) =>
    streamRecord(json(record)),
  );
  expect(archiveObjects(batch).flatMap(linesOf)).toHaveLength(4);
});

test('a record that nests too deep to be written is kept without what it said, and fails no batch', () => {
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  const poison = JSON.stringify(shipped(1, 'MESSAGE')).replace('"MESSAGE"', deep);
  const batch = [json(shipped(0)), Buffer.from(poison), json(shipped(2))].map((data) => streamRecord(data));
  const [before, kept, after] = archiveObjects(batch).flatMap(linesOf);
  expect([before?.message, after?.message]).toEqual(['line 0', 'line 2']);
  expect(kept).toMatchObject({ level: 'ERROR', message: 'record.unwritable', environment: 'a', sequence: 1 });
});

test('no records, no object', () => {
  const control = streamRecord(json({ messageType: 'CONTROL_MESSAGE' }));
  expect([...archiveObjects([]), ...archiveObjects([control])]).toEqual([]);
});

test('any batch gives the same objects whenever it is tried, with every record in one of them', () => {
  const batch = fc.uniqueArray(fc.nat({ max: 1_000_000 }), { minLength: 1 }).map((sequences) =>
    sequences.map((sequence) => {
      const arrived = new Date(Date.UTC(2026, 10, 21) + sequence * 1000);
      return streamRecord(json(shipped(sequence)), `${sequence}`, arrived);
    }),
  );
  fc.assert(
    fc.property(batch, (records) => {
      const objects = archiveObjects(records);
      expect(archiveObjects(records)).toEqual(objects);
      expect(new Set(objects.map(({ key }) => key)).size).toBe(objects.length);
      expect(objects.flatMap(linesOf)).toHaveLength(records.length);
      expect(objects.reduce((sum, object) => sum + object.records, 0)).toBe(records.length);
    }),
  );
});
