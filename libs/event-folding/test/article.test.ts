import { expect, test } from 'vitest';
import {
  both,
  byArrival,
  byTime,
  type Change,
  changeRules,
  type FoldableEvent,
  type FoldingRules,
  fold,
  nothing,
} from '../src/index.ts';

interface UserEvent<Type extends string, Data> extends FoldableEvent {
  readonly type: Type;
  readonly time: string;
  readonly source: string;
  readonly data: Data;
}
interface Profile {
  readonly age?: number;
  readonly nickname?: string;
  readonly prefered_channels?: readonly string[];
}
type SignedUp = UserEvent<'user.signedup', { readonly name: string; readonly profile: Profile }>;
type ProfileUpdated = UserEvent<'user.profile_updated', { readonly name: string } & Profile>;
type Unsubscribed = UserEvent<'user.unsubscribed', object>;
type User = SignedUp | ProfileUpdated | Unsubscribed;

const profileOf = ({ age, nickname, prefered_channels }: Profile): Profile =>
  JSON.parse(JSON.stringify({ age, nickname, prefered_channels }));

const rules: FoldingRules<User> = {
  'user.signedup': {
    'user.signedup': (_, second) => second,
    'user.profile_updated': (first, { data }) => ({
      ...first,
      data: { ...first.data, profile: { ...first.data.profile, ...profileOf(data) } },
    }),
    'user.unsubscribed': () => nothing,
  },
  // A sign-up stays beside what was before it: an unsubscription that takes it back must leave that.
  'user.profile_updated': {
    'user.signedup': () => both,
    'user.profile_updated': (first, second) => ({ ...second, data: { ...first.data, ...second.data } }),
    'user.unsubscribed': (_, second) => second,
  },
  'user.unsubscribed': {
    'user.signedup': () => both,
    'user.profile_updated': (first) => first,
    'user.unsubscribed': (_, second) => second,
  },
};

const signedUp: SignedUp = {
  id: 'dmPvPSlwFZOTOjefpu8m2',
  time: '2025-03-23T17:13:32+00:00',
  source: 'user.management',
  subject: 'omid_unique_user_id',
  data: { name: 'omid', profile: { age: 40 } },
  type: 'user.signedup',
};
const updated: ProfileUpdated = {
  id: 'TAF5aEQeAh7GX1q8Cvam3',
  time: '2025-03-23T17:14:32+00:00',
  source: 'user.management',
  subject: 'omid_unique_user_id',
  data: { name: 'omid', age: 43, nickname: 'xaaxaax', prefered_channels: ['EMAIL'] },
  type: 'user.profile_updated',
};

test("the article's two events of one user become its one event, word for word", () => {
  const [effect] = fold<User>([signedUp, updated], { rules, order: byTime });
  expect(effect?.events).toEqual([
    {
      id: 'dmPvPSlwFZOTOjefpu8m2',
      time: '2025-03-23T17:13:32+00:00',
      source: 'user.management',
      subject: 'omid_unique_user_id',
      data: { name: 'omid', profile: { age: 43, nickname: 'xaaxaax', prefered_channels: ['EMAIL'] } },
      type: 'user.signedup',
    },
  ]);
});

test('they do in whatever order they come, and however often', () => {
  const [effect] = fold<User>([updated, signedUp, updated], { rules, order: byTime });
  expect(effect?.events).toMatchObject([{ type: 'user.signedup', data: { profile: { age: 43 } } }]);
  expect(effect?.from).toHaveLength(3);
});

test('an update whose sign-up came in an earlier batch goes on alone', () => {
  expect(fold<User>([updated], { rules, order: byTime })[0]?.events).toEqual([updated]);
});

test('a user who unsubscribes, signs up again and takes that back has unsubscribed', () => {
  const unsubscribed: Unsubscribed = { ...signedUp, id: '1', type: 'user.unsubscribed', data: {} };
  const again: SignedUp = { ...signedUp, id: '2' };
  const takenBack: Unsubscribed = { ...unsubscribed, id: '3' };
  const [effect] = fold<User>([unsubscribed, again, takenBack], { rules, order: byArrival });
  expect(effect?.events).toEqual([unsubscribed]);
});

interface Item {
  readonly pk: string;
  readonly sk: string;
  readonly nickname: string;
  readonly age: number;
  readonly prefered_channels: string;
  readonly status: string;
}
const inserted: Item = {
  pk: 'omid',
  sk: 't0000',
  nickname: 'Omid',
  age: 30,
  prefered_channels: 'EMAIL',
  status: 'ACTIVE',
};
const modified: Item = { ...inserted, nickname: 'XaaXaaX', age: 43, status: 'MDIFIED' };
const records: Change<Item>[] = [
  { id: '1', subject: 'omid', type: 'created', after: inserted },
  { id: '2', subject: 'omid', type: 'updated', before: inserted, after: modified },
];

test("the article's two images of one item become its printed result, word for word", () => {
  // The article lets an update change the profile only and prints the status of the insert: here that is said by a rule.
  const standard = changeRules<Item>();
  const profileOnly: FoldingRules<Change<Item>> = {
    ...standard,
    created: {
      ...standard.created,
      updated: (first, { after: { age, nickname, prefered_channels } }) => ({
        ...first,
        after: { ...first.after, age, nickname, prefered_channels },
      }),
    },
  };
  const [effect] = fold(records, { rules: profileOnly, order: byArrival });
  expect(effect?.events).toMatchObject([
    {
      type: 'created',
      after: { pk: 'omid', sk: 't0000', nickname: 'XaaXaaX', age: 43, prefered_channels: 'EMAIL', status: 'ACTIVE' },
    },
  ]);
});

test('by the rules for changes the newest state is the state', () => {
  const [effect] = fold(records, { rules: changeRules<Item>(), order: byArrival });
  expect(effect?.events).toEqual([{ id: '2', subject: 'omid', type: 'created', after: modified }]);
});
