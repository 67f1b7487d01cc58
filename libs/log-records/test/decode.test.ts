import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { decode, identityOf } from '../src/index.ts';
import { group, stream, subscriptionRecord } from './messages.ts';

const arrived = new Date('2026-11-21T12:00:00.000Z');
const requestId = '11111111-2222-4333-8444-555555555555';
const timestamp = Date.parse('2026-11-21T11:59:58.000Z');
const event = (message: unknown, id = '1') => ({
  id,
  timestamp,
  message: typeof message === 'string' ? message : JSON.stringify(message),
});
const logEvent = { id: '1', logGroup: group, logStream: stream, owner: '123456789012' };

const shipped = {
  v: 1,
  time: '2026-11-21T11:59:59.000Z',
  level: 'INFO',
  message: 'order accepted',
  source: 'function',
  requestId,
  attributes: { service: 'orders' },
  function: 'orders',
  version: '7',
  environment: 'd5ae28b62048bf91',
  sequence: 6,
};
const json = (value: unknown) => Buffer.from(JSON.stringify(value));

test('a record of the extension is as it was shipped, with members that a later minor version adds', () => {
  expect(decode(json(shipped))).toEqual([shipped]);
  expect(decode(json({ ...shipped, later: true }))).toEqual([{ ...shipped, later: true }]);
});

describe('a message of CloudWatch Logs', () => {
  test('becomes one record for each of its log events, in their order', () => {
    const records = decode(subscriptionRecord([event('first'), event('second', '2'), event('third', '3')]));
    expect(records.map(({ message }) => message)).toEqual(['first', 'second', 'third']);
  });

  test('that only checks the destination holds none', () => {
    expect(decode(subscriptionRecord([event('CWL CONTROL MESSAGE')], { messageType: 'CONTROL_MESSAGE' }))).toEqual([]);
  });

  test('is read line by line as the extension reads lines', () => {
    const line = {
      level: 'WARN',
      message: 'low on stock',
      timestamp: '2026-11-21T11:59:57.123Z',
      service: 'orders',
      function_request_id: requestId,
    };
    expect(decode(subscriptionRecord([event(line)]))).toEqual([
      {
        v: 1,
        time: line.timestamp,
        level: 'WARN',
        message: 'low on stock',
        source: 'function',
        requestId,
        attributes: { service: 'orders' },
        function: 'orders',
        version: '7',
        environment: '0123456789abcdef0123456789abcdef',
        logEvent,
      },
    ]);
  });

  test('holds platform events too', () => {
    const start = { time: '2026-11-21T11:59:56.000Z', type: 'platform.start', record: { requestId, version: '7' } };
    const [record] = decode(subscriptionRecord([event(start)]));
    expect(record).toMatchObject({ time: start.time, source: 'platform', message: 'platform.start', requestId });
  });

  test("does not take a function's own record for the platform's", () => {
    const [record] = decode(subscriptionRecord([event({ type: 'platform.start', record: 'broken', message: 'sold' })]));
    expect(record).toMatchObject({ source: 'function', message: 'sold' });
  });

  test('a line that says no time has that of its log event, and without a request id none is made up', () => {
    const [record] = decode(subscriptionRecord([event('printed\n')]));
    expect(record).toMatchObject({ time: '2026-11-21T11:59:58.000Z', level: 'INFO', message: 'printed' });
    expect(record).not.toHaveProperty('requestId');
  });

  test.each([
    ['/aws/lambda/orders', '2026/11/21/[$LATEST]0123456789abcdef0123456789abcdef', ['orders', '$LATEST']],
    ['shared', '2026/11/21/[7]0123456789abcdef0123456789abcdef', [undefined, '7']],
    ['/aws/lambda/orders', 'written by hand', [undefined, undefined]],
    ['/ecs/orders', 'app/orders/0123456789abcdef0123456789abcdef', [undefined, undefined]],
  ])('of group %s and stream %s names the function and version %j', (logGroup, logStream, [name, version]) => {
    const [record] = decode(subscriptionRecord([event('text')], { logGroup, logStream }));
    expect([record?.function, record?.version]).toEqual([name, version]);
  });
});

describe('what cannot be read', () => {
  const problemOf = (data: Uint8Array) => {
    const [record] = decode(data, arrived);
    expect(record).toMatchObject({
      v: 1,
      time: arrived.toISOString(),
      level: 'ERROR',
      message: 'record.unreadable',
      source: 'decoder',
    });
    return record?.attributes?.['problem'];
  };

  test.each([
    ['plain text', Buffer.from('plain text'), 'no JSON object'],
    ['an empty record', Buffer.alloc(0), 'no JSON object'],
    ['a JSON list', json([shipped]), 'no JSON object'],
    ['gzip of it', gzipSync('[]'), 'no JSON object'],
    ['cut gzip', subscriptionRecord([event('text')]).subarray(0, 40), /^gzip cannot be unpacked: /],
    ['gzip of more than any message has', gzipSync(Buffer.alloc(65 * 1024 * 1024)), /^gzip cannot be unpacked: /],
    ['another version', json({ ...shipped, v: 2 }), 'v is 2; the version that can be read is 1'],
    [
      'a broken record',
      json({ v: 1, time: 0, level: 'LOUD', source: 'me' }),
      'time is 0; use ISO 8601 in UTC, such as 2026-11-21T10:53:28.451Z; level is "LOUD"; use TRACE, DEBUG, INFO, WARN, ERROR, FATAL; there is no message; source is "me"; use function, platform, extension, container, decoder',
    ],
    [
      'optional members of the wrong kind',
      json({ ...shipped, traceId: '7', sequence: -1, attributes: [], part: { number: 1 } }),
      'traceId is "7"; use 32 hexadecimal digits in lower case; attributes is []; use an object; sequence is -1; use a whole number from 0; part is {"number":1}; use an object of number (a whole number from 1), count (a whole number from 1), of (text, json)',
    ],
    [
      'another message type',
      subscriptionRecord([], { messageType: 'NEWS' }),
      'messageType is "NEWS"; known are DATA_MESSAGE and CONTROL_MESSAGE',
    ],
    [
      'no log events',
      subscriptionRecord([], { logEvents: null }),
      'a DATA_MESSAGE without owner, logGroup, logStream or logEvents',
    ],
  ])('%s is a record that says why', (_, data, problem) => {
    expect(problemOf(data)).toEqual(typeof problem === 'string' ? problem : expect.stringMatching(problem));
  });

  test('shows its beginning and its size', () => {
    const data = Buffer.alloc(5000, 'x');
    expect(decode(data)[0]?.attributes).toMatchObject({
      bytes: 5000,
      base64: Buffer.alloc(1024, 'x').toString('base64'),
    });
  });

  test('is no exception, however deep it nests', () => {
    const depth = 100_000;
    const nested = `${'['.repeat(depth)}${']'.repeat(depth)}`;
    const message = { messageType: 'DATA_MESSAGE', owner: '', logGroup: '', logStream: '', logEvents: [0] };
    const data = Buffer.from(JSON.stringify(message).replace('[0]', `[${nested}]`));
    expect(decode(data).map(({ source }) => source)).toEqual(['decoder']);
    const level = Buffer.from(JSON.stringify({ ...shipped, level: 0 }).replace('"level":0', `"level":${nested}`));
    expect(decode(level).map(({ source }) => source)).toEqual(['decoder']);
  });

  test('takes none of its neighbours along', () => {
    const records = decode(subscriptionRecord([event('before'), { id: '2' }, null, event('after', '4')]), arrived);
    expect(records.map(({ message }) => message)).toEqual([
      'before',
      'record.unreadable',
      'record.unreadable',
      'after',
    ]);
    expect(records[1]?.attributes?.['problem']).toBe(`a log event of ${group} without id, timestamp or message`);
  });
});

describe('the identity of a record', () => {
  const identities = (data: Uint8Array) => decode(data).map(identityOf);

  test('is the same for each copy, and another for each record', () => {
    const data = subscriptionRecord([event('text', '1'), event('text', '2')]);
    expect(identities(data)).toEqual(identities(Buffer.from(data)));
    expect(new Set(identities(data)).size).toBe(2);
    expect(identities(json(shipped))).toEqual(['d5ae28b62048bf91:6']);
  });

  test('is none where nothing could be read', () => {
    expect(identities(Buffer.from('garbage'))).toEqual([undefined]);
  });
});
