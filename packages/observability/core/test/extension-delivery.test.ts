import { setTimeout as timePasses } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { kinesisLimits } from '../src/extension/batches.ts';
import type { Answer } from './extension-kinesis.ts';
import { event, startSandbox, waitFor } from './extension-sandbox.ts';

/** Answers the first requests as listed, and accepts all others. */
const first =
  (...answers: Answer[]) =>
  (request: number): Answer =>
    answers[request] ?? 'accept';

const numbered = (count: number) => Array.from({ length: count }, (_, i) => `line ${i}`);

/** Of `20260101T000000Z`, in milliseconds since the epoch. */
function timeOf(stamp: string): number {
  return Date.parse(stamp.replace(/(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/, '$1-$2-$3T$4:$5:$6Z'));
}

describe('Kinesis that does not take everything', () => {
  test('partial failures: only the refused entries are sent again, and their order is known', async () => {
    const sandbox = await startSandbox();
    sandbox.kinesis.answer = first({ refuse: (i) => i % 2 === 1 }, { refuse: (i) => i % 3 === 0 });
    await sandbox.invoke(...numbered(20));
    const [all, odd, third] = sandbox.kinesis.requests.map(({ entries }) =>
      entries.map(({ record }) => record.sequence),
    );
    expect(odd).toEqual(all?.filter((_, i) => i % 2 === 1));
    expect(third).toEqual(odd?.filter((_, i) => i % 3 === 0));
    expect(sandbox.kinesis.lines()).toEqual(numbered(20));
  });

  test.each<[string, Answer]>([
    ['throttled', { status: 400, type: 'ProvisionedThroughputExceededException' }],
    ['a server fault', { status: 500, type: 'InternalFailure' }],
    ['an answer that is none', { status: 200, type: 'Nothing' }],
    ['a cut connection', 'cut'],
  ])('%s: everything is sent again within the same invocation', async (_, answer) => {
    const sandbox = await startSandbox();
    sandbox.kinesis.answer = first(answer, answer);
    await sandbox.invoke(...numbered(3));
    expect(sandbox.kinesis.requests).toHaveLength(3);
    expect(sandbox.kinesis.lines()).toEqual(numbered(3));
  });

  test('refused for good: is not asked again in the same breath, and says why', async () => {
    const sandbox = await startSandbox();
    sandbox.kinesis.answer = first({ status: 400, type: 'com.amazonaws.kinesis#ResourceNotFoundException' });
    await sandbox.invoke('kept');
    expect(sandbox.kinesis.requests).toHaveLength(1);
    await waitFor(() => expect(sandbox.output.text).toContain('ResourceNotFoundException: as the test wants it'));
    await sandbox.shutDown();
    expect(sandbox.kinesis.lines()).toEqual(['kept']);
  });

  test.each([
    ['ahead', 3_600_000],
    ['behind', -3_600_000],
  ])('a signature refused because its clock is an hour %s: is made by that clock at once', async (_, aheadMs) => {
    const sandbox = await startSandbox();
    sandbox.kinesis.answer = first({ status: 400, type: 'InvalidSignatureException', aheadMs });
    await sandbox.invoke('signed');
    expect(sandbox.kinesis.lines()).toEqual(['signed']);
    const [refused, taken] = sandbox.kinesis.requests.map(({ headers }) => timeOf(String(headers['x-amz-date'])));
    const apart = (taken ?? 0) - (refused ?? 0);
    expect(Math.abs(apart - aheadMs)).toBeLessThan(60_000);
  });

  test('a request that may have been carried out: is sent again with the same identity', async () => {
    const sandbox = await startSandbox({ variables: { STACKYARD_TELEMETRY_FLUSH_DEADLINE_MS: '200' } });
    sandbox.kinesis.answer = first('accept and hang');
    await sandbox.invoke('twice');
    await sandbox.shutDown();
    const copies = sandbox.kinesis.accepted.filter(({ record }) => record.message === 'twice');
    expect(copies).toHaveLength(2);
    expect(copies[1]).toEqual(copies[0]);
  });
});

describe('Kinesis whose name is not found', () => {
  test('is an outage: the first invocation is held for the flush deadline at most, the next ones are not, and it is said', async () => {
    const sandbox = await startSandbox({
      // RFC 2606: a name of this domain is never found.
      variables: { AWS_ENDPOINT_URL_KINESIS: 'http://kinesis.invalid', STACKYARD_TELEMETRY_FLUSH_DEADLINE_MS: '2000' },
    });
    expect(await sandbox.invoke('one')).toBeLessThan(4_000);
    expect(await sandbox.invoke('two')).toBeLessThan(1_500);
    await waitFor(() => expect(sandbox.output.text).toMatch(/Kinesis took nothing: (getaddrinfo|no answer within)/));
    expect(await sandbox.shutDown()).toBe(0);
    expect(sandbox.output.text).toContain('6 records could not be shipped before the environment ended');
  });
});

describe('Kinesis that answers late or not at all', () => {
  const variables = { STACKYARD_TELEMETRY_FLUSH_DEADLINE_MS: '300' };

  test('holds an invocation for the flush deadline, and the next ones not at all', async () => {
    const sandbox = await startSandbox({ variables: { STACKYARD_TELEMETRY_FLUSH_DEADLINE_MS: '1000' } });
    sandbox.kinesis.answer = () => 'hang';
    const held = await sandbox.invoke('one');
    expect(held).toBeGreaterThan(900);
    expect(held).toBeLessThan(3_000);
    for (const line of ['two', 'three']) expect(await sandbox.invoke(line)).toBeLessThan(800);
    expect(sandbox.kinesis.requests).toHaveLength(1);
  });

  test('is asked with one small request whether it is back, and gets the rest when it is', async () => {
    const sandbox = await startSandbox({ variables });
    const outage = { status: 500, type: 'InternalFailure' };
    sandbox.kinesis.answer = () => outage;
    await sandbox.invoke(...numbered(2_000));
    const before = sandbox.kinesis.requests.length;
    // The pause after a first failure is one second.
    await waitFor(() => sandbox.invoke().then(() => expect(sandbox.kinesis.requests.length).toBeGreaterThan(before)), {
      timeout: 60_000,
    });
    expect(sandbox.kinesis.requests[before]?.entries).toHaveLength(50);
    sandbox.kinesis.answer = () => 'accept';
    await sandbox.shutDown();
    expect(sandbox.kinesis.lines()).toEqual(numbered(2_000));
  });

  test('gets everything once it is back', async () => {
    const sandbox = await startSandbox({ variables });
    sandbox.kinesis.answer = () => 'hang';
    await sandbox.invoke('one');
    await sandbox.invoke('two');
    sandbox.kinesis.answer = () => 'accept';
    // The pause after a first failure is one second.
    await waitFor(() => sandbox.invoke('three').then(() => expect(sandbox.kinesis.lines()).toContain('one')), {
      timeout: 60_000,
    });
    expect(sandbox.kinesis.lines().slice(0, 3)).toEqual(['one', 'two', 'three']);
    await waitFor(() => expect(sandbox.output.text).toContain('Kinesis takes records again'));
  });

  test('late, but within the deadline: nothing is lost and nothing is sent twice', async () => {
    const sandbox = await startSandbox();
    sandbox.kinesis.answer = () => ({ delayMs: 300 });
    for (const line of ['one', 'two', 'three']) await sandbox.invoke(line);
    expect(sandbox.kinesis.lines()).toEqual(['one', 'two', 'three']);
  });

  test('late under a load that lasts longer than the deadline: is no outage as long as it takes records', async () => {
    const sandbox = await startSandbox({ variables: { STACKYARD_TELEMETRY_FLUSH_DEADLINE_MS: '1000' } });
    sandbox.kinesis.answer = () => ({ delayMs: 50 });
    const invocation = sandbox.begin();
    const end = performance.now() + 1_500;
    let sent = 0;
    while (performance.now() < end) {
      await invocation.log(...numbered(500));
      sent += 500;
      // There is always something under way, and never more than the buffer holds.
      await waitFor(() => expect(sent - sandbox.kinesis.accepted.length).toBeLessThan(4_000), { interval: 5 });
    }
    await invocation.end();
    await sandbox.shutDown();
    expect(sandbox.output.text).toBe('');
    const shipped = sandbox.kinesis.records().filter(({ source }) => source === 'function');
    expect(new Set(shipped.map(({ sequence }) => sequence)).size).toBe(sent);
  });

  test('does not keep SHUTDOWN from ending in time', async () => {
    const sandbox = await startSandbox({ variables });
    sandbox.kinesis.answer = () => 'hang';
    await sandbox.platform.deliver([event('function', 'lost')]);
    const start = performance.now();
    expect(await sandbox.shutDown()).toBe(0);
    expect(performance.now() - start).toBeLessThan(2_000);
    expect(sandbox.output.text).toContain('1 records could not be shipped before the environment ended');
  });

  test('is waited for at SHUTDOWN even after an outage', async () => {
    const sandbox = await startSandbox({ variables });
    sandbox.kinesis.answer = first('hang');
    await sandbox.invoke('kept');
    expect(sandbox.kinesis.lines()).toEqual([]);
    expect(await sandbox.shutDown('TIMEOUT')).toBe(0);
    expect(sandbox.kinesis.lines()).toEqual(['kept']);
  });

  test('until SHUTDOWN: what it takes no more is dropped and reported, if it takes the report', async () => {
    const sandbox = await startSandbox();
    sandbox.kinesis.answer = () => ({ refuse: (i) => i > 0 });
    await sandbox.platform.deliver(numbered(300).map((line) => event('function', line)));
    expect(await sandbox.shutDown()).toBe(0);
    const records = sandbox.kinesis.records();
    const report = records.filter(({ message }) => message === 'telemetry.recordsDropped').at(-1);
    const droppedRecords = 1 + (report?.sequence ?? 0) - records.length;
    expect(droppedRecords).toBeGreaterThan(200);
    expect(report?.attributes).toMatchObject({ droppedRecords, reasons: { bufferFull: 0, ended: droppedRecords } });
  });

  test('what is refused only after everything else was given up is in the report, too', async () => {
    const sandbox = await startSandbox();
    const refuse = (i: number) => i > 0;
    // Of SHUTDOWN's 2 s, 1.3 are for shipping: then this one is under way.
    sandbox.kinesis.answer = first({ refuse, delayMs: 1_400 });
    await sandbox.platform.deliver(numbered(300).map((line) => event('function', line)));
    expect(await sandbox.shutDown()).toBe(0);
    const report = sandbox.kinesis.records().findLast(({ message }) => message === 'telemetry.recordsDropped');
    expect(report?.attributes).toMatchObject({ droppedRecords: 299, reasons: { ended: 299 } });
  });

  test('and a clock that was set makes no SHUTDOWN shorter', async () => {
    const sandbox = await startSandbox();
    await sandbox.platform.deliver([event('function', 'kept')]);
    expect(await sandbox.shutDown('SPINDOWN', -3_600_000)).toBe(0);
    expect(sandbox.kinesis.lines()).toEqual(['kept']);
  });
});

describe('what Kinesis takes', () => {
  test('more than 500 records: several requests of at most 500', async () => {
    const sandbox = await startSandbox();
    const invocation = sandbox.begin();
    await invocation.log(...numbered(1_201));
    await invocation.end();
    expect(Math.max(...sandbox.kinesis.requests.map(({ entries }) => entries.length))).toBeLessThanOrEqual(500);
    expect(sandbox.kinesis.lines()).toEqual(numbered(1_201));
  });

  test('a burst in many deliveries: every line once', async () => {
    const sandbox = await startSandbox();
    const invocation = sandbox.begin();
    const deliveries = Array.from({ length: 20 }, (_, i) => numbered(500).map((line) => `${i} ${line}`));
    for (const lines of deliveries) await invocation.log(...lines);
    await invocation.end();
    expect(sandbox.kinesis.lines()).toEqual(deliveries.flat());
  });

  test('lines of 200 KB: whole, each in one record', async () => {
    const sandbox = await startSandbox();
    const lines = Array.from({ length: 12 }, (_, i) => `${i} ${'x'.repeat(200 * 1024)}`);
    await sandbox.invoke(...lines);
    expect(sandbox.kinesis.lines()).toEqual(lines);
  });

  test('a line of more than 1 MiB: in parts that say so and join to the line', async () => {
    const sandbox = await startSandbox();
    const line = '日本語 "👩‍👩‍👧‍👦"\n'.repeat(60_000);
    await sandbox.invoke(line);
    const parts = sandbox.kinesis.records().filter(({ part }) => part);
    expect(parts.map(({ part }) => part)).toEqual(
      parts.map((_, i) => ({ number: i + 1, count: parts.length, of: 'text' })),
    );
    expect(parts.length).toBeGreaterThan(1);
    // The line's own end of line is the format's, not the function's.
    expect(`${parts.map(({ message }) => message).join('')}\n`).toBe(line);
    for (const { bytes } of sandbox.kinesis.accepted) expect(bytes).toBeLessThanOrEqual(kinesisLimits.recordBytes);
  });

  test('unicode: as it was logged', async () => {
    const sandbox = await startSandbox();
    const lines = [
      'grüße',
      '日本語',
      '👩‍👩‍👧‍👦 and \u{10FFFF}',
      'e\u0301',
      '\ud800 alone',
      'tab\tquote"backslash\\nul\0',
    ];
    await sandbox.invoke(...lines);
    expect(sandbox.kinesis.lines()).toEqual(lines);
  });

  test('partition keys: one for each record, so that shards are used evenly', async () => {
    const sandbox = await startSandbox();
    await sandbox.invoke(...numbered(100));
    const keys = sandbox.kinesis.accepted.map(({ partitionKey }) => partitionKey);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe('aggregated', () => {
  const variables = { STACKYARD_TELEMETRY_AGGREGATE_BYTES: '25600' };

  test('lines share Kinesis records of at most that size, and each arrives once', async () => {
    const sandbox = await startSandbox({ variables });
    const lines = numbered(1_000).map((line) => `${line} ${'x'.repeat(100)}`);
    await sandbox.invoke(...lines);
    expect(sandbox.kinesis.lines()).toEqual(lines);
    const { accepted } = sandbox.kinesis;
    for (const { bytes } of accepted) expect(bytes).toBeLessThanOrEqual(25_600);
    const lineBytes = sandbox.kinesis.records().reduce((sum, record) => sum + JSON.stringify(record).length, 0);
    expect(accepted.length).toBeLessThan(lineBytes / 25_600 + 10);
  });

  test('partial failures: what was refused is sent again as it was, to the same shard', async () => {
    const sandbox = await startSandbox({ variables });
    sandbox.kinesis.answer = first({ refuse: (i) => i % 2 === 1 });
    const lines = numbered(1_000);
    await sandbox.invoke(...lines);
    expect(sandbox.kinesis.lines()).toEqual(lines);
    const [all = [], odd = []] = sandbox.kinesis.requests.map(({ entries }) => entries);
    expect(odd.slice(0, Math.floor(all.length / 2))).toEqual(all.filter((_, i) => i % 2 === 1));
  });

  test('a line larger than that: alone', async () => {
    const sandbox = await startSandbox({ variables });
    const lines = ['small', 'x'.repeat(30_000), 'small again'];
    await sandbox.invoke(...lines);
    expect(sandbox.kinesis.lines()).toEqual(lines);
  });
});

describe('more than the buffer holds', () => {
  test('the oldest are dropped, counted, and reported once Kinesis is back', async () => {
    const variables = { STACKYARD_TELEMETRY_BUFFER_BYTES: '2097152', STACKYARD_TELEMETRY_FLUSH_DEADLINE_MS: '200' };
    const sandbox = await startSandbox({ variables });
    sandbox.kinesis.answer = () => 'hang';
    const lines = Array.from({ length: 30 }, (_, i) => `${i} ${'x'.repeat(100_000)}`);
    for (const line of lines) await sandbox.invoke(line);
    sandbox.kinesis.answer = () => 'accept';
    await sandbox.shutDown();

    const arrived = sandbox.kinesis.lines();
    expect(arrived.length).toBeGreaterThan(15);
    // In their order, the newest among them; what is on its way when the buffer is full can't be dropped any more.
    expect(arrived).toEqual(lines.filter((line) => arrived.includes(line)));
    expect(arrived.at(-1)).toBe(lines.at(-1));
    const reports = sandbox.kinesis.records().filter(({ message }) => message === 'telemetry.recordsDropped');
    const sequences = sandbox.kinesis.records().map(({ sequence }) => sequence);
    expect(reports.at(-1)?.level).toBe('WARN');
    // Every number that is missing is accounted for.
    const droppedRecords = Math.max(...sequences) + 1 - sequences.length;
    expect(reports.at(-1)?.attributes).toEqual({
      droppedRecords,
      droppedBytes: expect.any(Number),
      reasons: { bufferFull: droppedRecords, ended: 0, unwritable: 0 },
    });
  });
});

describe('freezing', () => {
  test('what was open before a long one does not matter: the next event comes, and Kinesis gets a new connection', async () => {
    const sandbox = await startSandbox();
    await sandbox.invoke('before');
    sandbox.signal('SIGSTOP');
    // Longer than the idle limits of Node's HTTP agents and servers; nothing can be observed of a frozen process.
    await timePasses(6_000);
    sandbox.signal('SIGCONT');
    await sandbox.invoke('after');
    const [before, after] = sandbox.kinesis.requests.map(({ port }) => port);
    expect(after).not.toBe(before);
    expect(sandbox.kinesis.lines()).toEqual(['before', 'after']);
  });

  test('an answer that came during a freeze counts: nothing is sent twice', async () => {
    const sandbox = await startSandbox({ variables: { STACKYARD_TELEMETRY_FLUSH_DEADLINE_MS: '500' } });
    // The request is here; its sender is frozen before it can read the answer, until past its deadline.
    sandbox.kinesis.answer = (request) => {
      if (request === 0) sandbox.signal('SIGSTOP');
      return 'accept';
    };
    const invocation = sandbox.begin();
    await invocation.log('once');
    const ended = invocation.end();
    await waitFor(() => expect(sandbox.kinesis.requests).toHaveLength(1));
    await timePasses(700);
    sandbox.signal('SIGCONT');
    await ended;
    await sandbox.shutDown();
    expect(sandbox.kinesis.lines()).toEqual(['once']);
  });

  test('an answer that was lost in a freeze leaves the request unknown: it is sent again, recognisably', async () => {
    const sandbox = await startSandbox();
    // Carried out, and the connection is gone when its sender thaws.
    sandbox.kinesis.answer = (request) => {
      if (request === 0) sandbox.signal('SIGSTOP');
      return request === 0 ? 'accept and cut' : 'accept';
    };
    const invocation = sandbox.begin();
    await invocation.log('unknown');
    const ended = invocation.end();
    await waitFor(() => expect(sandbox.kinesis.accepted.length).toBeGreaterThan(0));
    sandbox.signal('SIGCONT');
    await ended;
    const copies = sandbox.kinesis.accepted.filter(({ record }) => record.message === 'unknown');
    expect(copies).toHaveLength(2);
    expect(copies[1]).toEqual(copies[0]);
    expect(sandbox.kinesis.requests.map(({ port }) => port)[1]).not.toBe(sandbox.kinesis.requests[0]?.port);
  });
});
