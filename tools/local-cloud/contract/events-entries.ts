import { EventBridgeClient, PutEventsCommand, TestEventPatternCommand } from '@aws-sdk/client-eventbridge';
import { expect } from 'vitest';
import { type Claim, refusal, type Target } from './contract.ts';
import { reference } from './events-support.ts';

const patterns = 'EventBridge User Guide, Comparison operators for use in event patterns';
const entry = { Source: 'shop', DetailType: 'order placed', Detail: '{}' };
const event = {
  id: '1',
  'detail-type': 'order placed',
  source: 'shop',
  account: '123456789012',
  time: '2026-01-01T00:00:00Z',
  region: 'us-east-1',
  resources: [],
};

const test = (target: Target, pattern: object | string, detail: object = {}) =>
  target.client(EventBridgeClient).send(
    new TestEventPatternCommand({
      EventPattern: typeof pattern === 'string' ? pattern : JSON.stringify(pattern),
      Event: JSON.stringify({ ...event, detail }),
    }),
  );

const refusedPatterns: readonly [claim: string, pattern: object, reason: string][] = [
  ['a value outside an array', { source: 'shop' }, '"source" must be an object or an array'],
  ['an empty array', { source: [] }, 'Empty arrays are not allowed'],
  ['an operator it does not know', { source: [{ like: 's' }] }, 'Unrecognized match type like'],
  ['two lower bounds', { detail: { n: [{ numeric: ['>', 0, '>', 0] }] } }, 'Bad numeric range operator: >'],
  ['wildcards in a row', { source: [{ wildcard: 'a**' }] }, 'Consecutive wildcard characters at pos 2'],
  ['an address without a mask', { detail: { ip: [{ cidr: '10.0.0.0' }] } }, "Malformed CIDR, one '/' required"],
];

/** Claims about putting events and the patterns that match them. */
export const entryClaims: readonly Claim[] = [
  {
    operation: 'PutEvents',
    claim: 'answers an id for every event, in order, and errors for those it does not take',
    source: reference('PutEvents'),
    async run(target) {
      const Entries = [
        entry,
        { ...entry, Detail: 'no JSON' },
        { ...entry, Detail: '[]' },
        { ...entry, Source: undefined },
        entry,
      ];
      const answer = await target.client(EventBridgeClient).send(new PutEventsCommand({ Entries }));
      expect(answer.FailedEntryCount).toBe(3);
      expect(answer.Entries).toEqual([
        { EventId: expect.any(String) },
        { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' },
        { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' },
        {
          ErrorCode: 'InvalidArgument',
          ErrorMessage: 'Parameter Source is not valid. Reason: Source is a required argument.',
        },
        { EventId: expect.any(String) },
      ]);
    },
  },
  {
    operation: 'PutEvents',
    claim: 'does not take events in the name of AWS',
    source: reference('PutEvents'),
    async run(target) {
      const Entries = [{ ...entry, Source: 'aws.ec2' }];
      const answer = await target.client(EventBridgeClient).send(new PutEventsCommand({ Entries }));
      expect(answer.Entries?.[0]?.ErrorCode).toBe('NotAuthorizedForSourceException');
    },
  },
  {
    operation: 'PutEvents',
    claim: 'refuses 11 entries',
    limit: '10 entries a call',
    source: reference('PutEvents'),
    async run(target) {
      const Entries = Array.from({ length: 11 }, () => entry);
      const error = await refusal(target.client(EventBridgeClient).send(new PutEventsCommand({ Entries })));
      expect(error.name).toBe('ValidationException');
      expect(error.message).toMatch(
        /at 'entries' failed to satisfy constraint: Member must have length less than or equal to 10$/,
      );
    },
  },
  {
    operation: 'PutEvents',
    claim: 'refuses entries of more than 1 MB together',
    limit: '1 MB a call',
    source: reference('PutEvents'),
    async run(target) {
      const Detail = JSON.stringify({ text: 'x'.repeat(600_000) });
      const Entries = [entry, { ...entry, Detail }, { ...entry, Detail }];
      expect(await refusal(target.client(EventBridgeClient).send(new PutEventsCommand({ Entries })))).toEqual({
        name: 'ValidationException',
        message: 'Total size of the entries in the request is over the limit.',
      });
    },
  },
  {
    operation: 'TestEventPattern',
    claim: 'says whether an event matches',
    source: patterns,
    async run(target) {
      const pattern = {
        detail: { price: [{ numeric: ['>', 10, '<=', 20] }], state: [{ 'anything-but': ['void'] }] },
      };
      expect((await test(target, pattern, { price: 20, state: 'new' })).Result).toBe(true);
      expect((await test(target, pattern, { price: 10, state: 'new' })).Result).toBe(false);
      expect((await test(target, pattern, { price: 15, state: 'void' })).Result).toBe(false);
    },
  },
  ...refusedPatterns.map(([what, pattern, reason]) => ({
    operation: 'TestEventPattern',
    claim: `refuses ${what}`,
    source: patterns,
    async run(target: Target) {
      const error = await refusal(test(target, pattern));
      expect(error.name).toBe('InvalidEventPatternException');
      // AWS says the place in the text behind it.
      expect(error.message).toContain(`Event pattern is not valid. Reason: ${reason}`);
    },
  })),
  {
    operation: 'TestEventPattern',
    claim: 'refuses an event without the members every event has',
    source: reference('TestEventPattern'),
    async run(target) {
      const call = new TestEventPatternCommand({ EventPattern: '{"source":["shop"]}', Event: '{"source":"shop"}' });
      expect(await refusal(target.client(EventBridgeClient).send(call))).toEqual({
        name: 'ValidationException',
        message: 'Parameter Event is not valid.',
      });
    },
  },
];
