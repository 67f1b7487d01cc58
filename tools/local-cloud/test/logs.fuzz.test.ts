import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AwsError } from '../src/errors.ts';
import { formatEventId, parseEventId } from '../src/services/logs/event-id.ts';
import { compileFilterPattern } from '../src/services/logs/filter-pattern.ts';
import { startTestCloud } from '../src/testing.ts';

let test: Awaited<ReturnType<typeof startTestCloud>>;
let logs: CloudWatchLogsClient;

beforeAll(async () => {
  test = await startTestCloud();
  logs = test.client(CloudWatchLogsClient);
});
afterAll(() => test.close());

const batch = fc.array(fc.record({ age: fc.nat(100), message: fc.string({ unit: 'grapheme', minLength: 1 }) }), {
  minLength: 1,
  maxLength: 8,
});

it('every event is read exactly once, in order of time, whatever the batches and pages', async () => {
  let groups = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(batch, { maxLength: 6 }), fc.integer({ min: 1, max: 5 }), async (batches, limit) => {
      const logGroupName = `/fuzz/${++groups}`;
      const logStreamName = 's';
      await logs.send(new CreateLogGroupCommand({ logGroupName }));
      await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
      const now = test.cloud.clock.now();
      const put: { timestamp: number; message: string }[] = [];
      for (const one of batches) {
        const logEvents = one
          .map(({ age, message }) => ({ timestamp: now - age, message }))
          .sort((a, b) => a.timestamp - b.timestamp);
        await logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
        put.push(...logEvents);
      }
      const expected = put.toSorted((a, b) => a.timestamp - b.timestamp).map((event) => event.message);
      expect(await readForward(logGroupName, limit)).toEqual(expected);
      expect(await readBackward(logGroupName, limit)).toEqual(expected);
      expect(await filterAll(logGroupName, limit)).toEqual(expected);
    }),
    { numRuns: 25 },
  );
}, 120_000);

it('an event id says what it was made from', () => {
  const position = fc.record({ timestamp: fc.nat(2 ** 31 - 1).map((s) => s * 1000), sequence: fc.nat() });
  fc.assert(
    fc.property(position, (parts) => {
      expect(parseEventId(formatEventId(parts))).toEqual(parts);
    }),
  );
});

it('a quoted phrase finds exactly the messages that contain it', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.string(), (phrase, message) => {
      const quoted = `"${phrase.replace(/["\\]/g, '\\$&')}"`;
      expect(compileFilterPattern(quoted)(message)).toBe(message.includes(phrase));
      expect(compileFilterPattern(quoted)(`${message}${phrase}${message}`)).toBe(true);
    }),
  );
});

it('any text is a pattern or is refused as AWS refuses it', () => {
  const pieces = fc.array(
    fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '(',
      ')',
      '$.a',
      '"b"',
      '%c%',
      '&&',
      '||',
      '=',
      '!=',
      '<',
      'IS',
      'NOT',
      'EXISTS',
      '1',
      '?',
      '-',
      ',',
      '...',
      ' ',
    ),
  );
  const pattern = fc.oneof(
    fc.string(),
    pieces.map((all) => all.join(' ')),
    pieces.map((all) => `{${all.join(' ')}}`),
  );
  fc.assert(
    fc.property(pattern, fc.json(), (text, message) => {
      try {
        expect(compileFilterPattern(text)(message)).toBeTypeOf('boolean');
      } catch (error) {
        expect(error).toBeInstanceOf(AwsError);
        expect(error).toHaveProperty('code', 'InvalidParameterException');
      }
    }),
    { numRuns: 1000 },
  );
});

async function readForward(logGroupName: string, limit: number): Promise<(string | undefined)[]> {
  const found: (string | undefined)[] = [];
  let nextToken: string | undefined;
  for (;;) {
    const input = { logGroupName, logStreamName: 's', startFromHead: true, limit, nextToken };
    const { events = [], nextForwardToken } = await logs.send(new GetLogEventsCommand(input));
    found.push(...events.map((event) => event.message));
    if (nextForwardToken === nextToken) return found;
    nextToken = nextForwardToken;
  }
}

async function readBackward(logGroupName: string, limit: number): Promise<(string | undefined)[]> {
  const found: (string | undefined)[] = [];
  let nextToken: string | undefined;
  for (;;) {
    const input = { logGroupName, logStreamName: 's', limit, nextToken };
    const { events = [], nextBackwardToken } = await logs.send(new GetLogEventsCommand(input));
    found.unshift(...events.map((event) => event.message));
    if (nextBackwardToken === nextToken) return found;
    nextToken = nextBackwardToken;
  }
}

async function filterAll(logGroupName: string, limit: number): Promise<(string | undefined)[]> {
  const found: (string | undefined)[] = [];
  let nextToken: string | undefined;
  do {
    const output = await logs.send(new FilterLogEventsCommand({ logGroupName, limit, nextToken }));
    found.push(...(output.events ?? []).map((event) => event.message));
    nextToken = output.nextToken;
  } while (nextToken);
  return found;
}
