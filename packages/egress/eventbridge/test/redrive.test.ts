import { expect, test } from 'vitest';
import { eventIn } from '../redrive/redrive.ts';

const event = { version: '0', id: 'e-1', 'detail-type': 'user.signedup', detail: { id: 'u-1' } };

test('an event that EventBridge could not deliver is the message itself', () => {
  expect(eventIn({ Body: JSON.stringify(event) })).toEqual(event);
});

test('an event that the function failed on is in the record of its invocation', () => {
  const record = { version: '1.0', requestContext: { condition: 'RetriesExhausted' }, requestPayload: event };
  expect(eventIn({ Body: JSON.stringify(record) })).toEqual(event);
});
