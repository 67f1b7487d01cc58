import { expect, test } from 'vitest';
import { failedMessages } from '../src/event-sources/failed-messages.ts';

const ids = ['1', '2', '3'];
const failed = (response: unknown) => [...failedMessages(JSON.stringify(response), ids)];
const items = (...identifiers: unknown[]) => ({
  batchItemFailures: identifiers.map((itemIdentifier) => ({ itemIdentifier })),
});

test('messages that are named have failed', () => {
  expect(failed(items('2', '3'))).toEqual(['2', '3']);
});

test.each([
  ['an empty list', items()],
  ['a null list', { batchItemFailures: null }],
  ['an empty response', {}],
  ['null', null],
])('nothing has failed: %s', (_, response) => expect(failed(response)).toEqual([]));

test.each([
  ['an empty identifier', items('2', '')],
  ['a null identifier', items('2', null)],
  ['an unknown identifier', items('2', 'none')],
  ['a misspelt key', { batchItemFailures: [{ itemIdentifer: '2' }] }],
  ['no list', { batchItemFailures: '2' }],
])('everything has failed: %s', (_, response) => expect(failed(response)).toEqual(ids));

test('everything has failed when the response is no JSON, and nothing when there is none', () => {
  expect([...failedMessages('{', ids)]).toEqual(ids);
  expect([...failedMessages('', ids)]).toEqual([]);
});
