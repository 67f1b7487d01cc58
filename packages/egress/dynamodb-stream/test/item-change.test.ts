import { byArrival, changeRules, fold } from '@stackyard/event-folding';
import type { DynamoDBRecord } from 'aws-lambda';
import { describe, expect, test } from 'vitest';
import { type Item, itemChange } from '../src/item-change.ts';

const image = (nickname: string, age: string, status: string) => ({
  pk: { S: 'omid' },
  sk: { S: 't0000' },
  nickname: { S: nickname },
  age: { N: age },
  prefered_channels: { S: 'EMAIL' },
  status: { S: status },
});
const Keys = { pk: { S: 'omid' }, sk: { S: 't0000' } };
const inserted: DynamoDBRecord = {
  eventID: '1',
  eventName: 'INSERT',
  dynamodb: { Keys, NewImage: image('Omid', '30', 'ACTIVE') },
};
const modified: DynamoDBRecord = {
  eventID: '2',
  eventName: 'MODIFY',
  dynamodb: { Keys, OldImage: image('Omid', '30', 'ACTIVE'), NewImage: image('XaaXaaX', '43', 'MODIFIED') },
};
const newest = {
  pk: 'omid',
  sk: 't0000',
  nickname: 'XaaXaaX',
  age: 43,
  prefered_channels: 'EMAIL',
  status: 'MODIFIED',
};

test('an item that is put and changed is one that is put as it is now, its status too', () => {
  const [effect] = fold([inserted, modified].map(itemChange), { rules: changeRules<Item>(), order: byArrival });
  expect(effect?.subject).toBe('omid#t0000');
  expect(effect?.events).toMatchObject([{ type: 'created', after: newest }]);
});

test('a removed item is told with what it was', () => {
  const removed: DynamoDBRecord = {
    eventID: '3',
    eventName: 'REMOVE',
    dynamodb: { Keys, OldImage: modified.dynamodb?.NewImage },
  };
  expect(itemChange(removed)).toEqual({ id: '3', subject: 'omid#t0000', type: 'deleted', before: newest });
});

describe('an item that is not as expected', () => {
  const without = ({ age: _, ...rest }: ReturnType<typeof image>) => rest;

  test('is refused, and the message names the attribute', () => {
    const record = { ...inserted, dynamodb: { Keys, NewImage: without(image('Omid', '30', 'ACTIVE')) } };
    expect(() => itemChange(record)).toThrow(expect.objectContaining({ code: 'EVENT_UNREADABLE' }));
    expect(() => itemChange(record)).toThrow(/age/);
  });

  test('may have attributes nobody knows yet; sets are told as lists', () => {
    const NewImage = { ...image('Omid', '30', 'ACTIVE'), languages: { SS: ['fa', 'fr'] } };
    expect(itemChange({ ...inserted, dynamodb: { Keys, NewImage } })).toMatchObject({
      after: { languages: ['fa', 'fr'] },
    });
  });
});
