import { byArrival, byTime, fold } from '@stackyard/event-folding';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readUserEvent, type UserEvent, userRules } from '../src/index.ts';
import { profileUpdated, signedUp, unsubscribed } from '../src/proof/user-life.ts';
import { userAfter } from '../src/proof/user-state.ts';

const signUp = {
  id: 'dmPvPSlwFZOTOjefpu8m2',
  time: '2025-03-23T17:13:32+00:00',
  source: 'user.management',
  subject: 'omid_unique_user_id',
  data: { name: 'omid', profile: { age: 40 } },
  type: 'user.signedup',
};
const update = {
  id: 'TAF5aEQeAh7GX1q8Cvam3',
  time: '2025-03-23T17:14:32+00:00',
  source: 'user.management',
  subject: 'omid_unique_user_id',
  data: { name: 'omid', age: 43, nickname: 'xaaxaax', prefered_channels: ['EMAIL'] },
  type: 'user.profile_updated',
};
const foldAll = (events: readonly UserEvent[]) =>
  fold(events, { rules: userRules, order: byArrival }).flatMap((effect) => effect.events);

test('a sign-up and an update, whichever came first, are one sign-up', () => {
  const events = [update, signUp].map((event) => readUserEvent(JSON.stringify(event)));
  const [effect] = fold(events, { rules: userRules, order: byTime });
  expect(effect?.events).toEqual([
    { ...signUp, data: { name: 'omid', profile: { age: 43, nickname: 'xaaxaax', prefered_channels: ['EMAIL'] } } },
  ]);
});

/** Lives as they can be: signed up, changed any number of times, unsubscribed, signed up again, … */
const life = fc.array(fc.boolean(), { maxLength: 12 }).map((ends) => {
  const events: UserEvent[] = [];
  let known = false;
  for (const [second, end] of ends.entries()) {
    if (!known) events.push(signedUp('omid', second));
    else events.push(end ? unsubscribed('omid', second) : profileUpdated('omid', second));
    known = !known || !end;
  }
  return events;
});

test('folded in any batches, a user ends as by all events one by one', () => {
  fc.assert(
    fc.property(life, fc.array(fc.nat({ max: 12 }), { maxLength: 4 }), (events, cuts) => {
      const edges = [0, ...cuts.toSorted((a, b) => a - b), events.length];
      const batches = edges.slice(1).map((edge, i) => events.slice(edges[i], edge));
      const told = batches.flatMap(foldAll);
      expect(userAfter(told)).toEqual(userAfter(events));
      expect(told.length).toBeLessThanOrEqual(events.length);
    }),
  );
});

describe('an event that is none', () => {
  test.each([
    ['no JSON', 'garbage', /no JSON/],
    ['an unknown type', JSON.stringify({ ...signUp, type: 'user.exploded' }), /type/],
    ['no time', JSON.stringify({ ...signUp, time: 'yesterday' }), /time/],
    ['no subject', JSON.stringify({ ...signUp, subject: '' }), /subject/],
    ['somebody else', JSON.stringify({ ...signUp, source: 'orders' }), /source/],
  ])('%s is refused, and the message says why', (_, text, problem) => {
    expect(() => readUserEvent(text)).toThrow(expect.objectContaining({ code: 'EVENT_UNREADABLE' }));
    expect(() => readUserEvent(text)).toThrow(problem);
  });

  test('members that are not known yet go through', () => {
    const event = { ...update, data: { ...update.data, pronouns: 'they' }, dataschema: '2' };
    expect(readUserEvent(JSON.stringify(event))).toEqual(event);
  });
});
