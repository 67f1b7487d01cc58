import { describe, expect, test } from 'vitest';
import {
  byArrival,
  byTime,
  byVersion,
  type Change,
  changeRules,
  type FoldableEvent,
  type FoldingRules,
  fold,
} from '../src/index.ts';

type Versioned = Change<string> & { readonly version: number };
const rules = changeRules<string>() as FoldingRules<Versioned>;
const change = (type: 'created' | 'updated' | 'deleted', version: number, before = '', after = ''): Versioned =>
  ({ id: `${version}`, subject: 's', version, type, before, after }) as Versioned;
const net = (batch: readonly Versioned[]) => fold(batch, { rules, order: byVersion })[0]?.events;

describe('changes of one subject', () => {
  test.each([
    ['created and updated', ['created', 'updated'], ['created']],
    ['created and deleted', ['created', 'deleted'], []],
    ['updated and updated', ['updated', 'updated'], ['updated']],
    ['updated and deleted', ['updated', 'deleted'], ['deleted']],
    ['deleted and created', ['deleted', 'created'], ['updated']],
    ['deleted, created and deleted', ['deleted', 'created', 'deleted'], ['deleted']],
    ['created, deleted and created', ['created', 'deleted', 'created'], ['created']],
  ] as const)('%s', (_, given, expected) => {
    expect(net(given.map((type, i) => change(type, i)))?.map(({ type }) => type)).toEqual(expected);
  });

  test('a replacement goes from the state before to the state after', () => {
    const [replacement] = net([change('deleted', 1, 'old'), change('created', 2, '', 'new')]) ?? [];
    expect(replacement).toMatchObject({ type: 'updated', before: 'old', after: 'new' });
  });

  test('what contradicts itself is handed on whole', () => {
    const twice = [change('created', 1, '', 'a'), change('created', 2, '', 'b')];
    expect(net(twice)).toEqual(twice);
  });
});

test('what was handled in an earlier batch is late, and still among what the effect stands for', () => {
  const batch = [change('updated', 3, 'b', 'c'), change('updated', 2, 'a', 'b')];
  const handled = () => change('updated', 2, 'a', 'b');
  const [effect] = fold(batch, { rules, order: byVersion, handled });
  expect(effect).toEqual({ subject: 's', events: [batch[0]], from: batch, duplicates: [], late: [batch[1]] });
});

test('times are compared as moments, whatever their offset', () => {
  const at = (id: string, time: string) => ({ ...change('updated', 0, id, id), id, time });
  const batch = [at('later', '2025-03-23T17:14:32+02:00'), at('earlier', '2025-03-23T15:14:31Z')];
  const [effect] = fold(batch, { rules: rules as unknown as FoldingRules<(typeof batch)[number]>, order: byTime });
  expect(effect?.events).toMatchObject([{ before: 'earlier', after: 'later' }]);
});

test('a time that is none is named', () => {
  const at = (id: string, time: string) => ({ ...change('updated', 0), id, time });
  const folding = () =>
    fold([at('1', 'yesterday'), at('2', '2025-03-23T15:14:31Z')], { rules: rules as never, order: byTime });
  expect(folding).toThrow("EVENT_TIME_UNREADABLE: event 1 has the time 'yesterday'");
});

test('a type nobody has rules for is named with those that are known', () => {
  const stranger = { id: '1', subject: 's', type: 'toString' } as FoldableEvent as Change<string>;
  const folding = () => fold([stranger, { ...stranger, id: '2' }], { rules: changeRules<string>(), order: byArrival });
  expect(folding).toThrow(
    "EVENT_TYPE_UNKNOWN: event 1 has the type 'toString'; there are rules for created, updated, deleted",
  );
});

test('a pair without a rule does not compile', () => {
  const { created, updated } = changeRules<string>();
  // @ts-expect-error the rules for what follows a deletion are missing
  const incomplete: FoldingRules<Change<string>> = { created, updated };
  expect(Object.keys(incomplete)).not.toContain('deleted');
});
