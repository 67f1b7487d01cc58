import fc from 'fast-check';
import { expect, test } from 'vitest';
import { byArrival, byVersion, type Change, changeRules, type FoldingRules, fold } from '../src/index.ts';

type Event = Change<number> & { readonly version: number };
const rules = changeRules<number>() as FoldingRules<Event>;
const options = { rules, order: byVersion };

/** What subjects are after changes, one after the other. */
function apply(states: ReadonlyMap<string, number>, events: readonly Event[]): ReadonlyMap<string, number> {
  const next = new Map(states);
  for (const event of events) {
    if (event.type === 'deleted') next.delete(event.subject);
    else next.set(event.subject, event.after);
  }
  return next;
}
const applyAll = (states: ReadonlyMap<string, number>, batch: readonly Event[]) =>
  apply(
    states,
    fold(batch, options).flatMap(({ events }) => events),
  );

/** A history of a few subjects in which each change follows from the one before. */
const history: fc.Arbitrary<readonly Event[]> = fc
  .array(fc.record({ subject: fc.constantFrom('a', 'b', 'c'), deletes: fc.boolean(), after: fc.integer() }), {
    maxLength: 40,
  })
  .map((steps) => {
    const states = new Map<string, number>();
    return steps.map(({ subject, deletes, after }, version): Event => {
      const before = states.get(subject);
      const head = { id: `${version}`, subject, version };
      if (before !== undefined && deletes) {
        states.delete(subject);
        return { ...head, type: 'deleted', before };
      }
      states.set(subject, after);
      return before === undefined ? { ...head, type: 'created', after } : { ...head, type: 'updated', before, after };
    });
  });

/** Whatever changes, in whatever order: what no source should send. */
const anything: fc.Arbitrary<readonly Event[]> = fc
  .array(
    fc.record({
      subject: fc.constantFrom('a', 'b'),
      type: fc.constantFrom('created', 'updated', 'deleted') as fc.Arbitrary<Event['type']>,
    }),
    {
      maxLength: 30,
    },
  )
  .map((steps) =>
    steps.map(({ subject, type }, version): Event => {
      const head = { id: `${version}`, subject, version };
      if (type === 'created') return { ...head, type, after: version };
      return type === 'deleted'
        ? { ...head, type, before: version }
        : { ...head, type, before: version, after: version };
    }),
  );

/** The history cut into batches. */
const batched = fc.tuple(history, fc.infiniteStream(fc.integer({ min: 1, max: 7 }))).map(([events, sizes]) => {
  const batches: Event[][] = [];
  for (let from = 0; from < events.length; from += batches.at(-1)?.length ?? 1) {
    batches.push(events.slice(from, from + (sizes.next().value as number)));
  }
  return { events, batches };
});

test('folding and then applying is applying one by one, however the history is cut into batches', () => {
  fc.assert(
    fc.property(batched, ({ events, batches }) => {
      const folded = batches.reduce(applyAll, new Map<string, number>());
      expect(folded).toEqual(apply(new Map(), events));
    }),
  );
});

test('a subject has one change at most to be told, and none when it comes and goes', () => {
  fc.assert(
    fc.property(history, (events) => {
      for (const { events: left } of fold(events, options)) expect(left.length).toBeLessThanOrEqual(1);
      const still = new Set(apply(new Map(), events).keys());
      for (const { subject, events: left } of fold(events, options)) expect(left.length > 0).toBe(still.has(subject));
    }),
  );
});

test('what is folded already is not folded further, and the same batch twice is the same as once', () => {
  fc.assert(
    fc.property(anything, (events) => {
      const net = (batch: readonly Event[]) =>
        fold(batch, options).map(({ subject, events: left }) => ({ subject, left }));
      const once = net(events);
      expect(net([...events, ...events])).toEqual(once);
      const left = once.flatMap((effect) => effect.left);
      const again = fold(left, { rules, order: byArrival }).flatMap((effect) => effect.events);
      expect(again).toEqual(left);
    }),
  );
});

test('the order in which versioned events come changes nothing', () => {
  const shuffled = history.chain((events) =>
    fc.tuple(fc.constant(events), fc.shuffledSubarray([...events], { minLength: events.length })),
  );
  fc.assert(
    fc.property(shuffled, ([events, mixed]) => {
      const net = (batch: readonly Event[]) =>
        new Map(fold(batch, options).map((effect) => [effect.subject, effect.events]));
      expect(net(mixed)).toEqual(net(events));
    }),
  );
});

test('folding in parts and then the parts is folding all at once', () => {
  fc.assert(
    fc.property(anything, fc.nat(30), (events, cut) => {
      const net = (batch: readonly Event[]) =>
        fold(batch, { rules, order: byArrival })
          .toSorted((a, b) => a.subject.localeCompare(b.subject))
          .flatMap((effect) => effect.events);
      const parts = [...net(events.slice(0, cut)), ...net(events.slice(cut))];
      expect(net(parts.map((event, i) => ({ ...event, id: `${i}` }))).map(changeOf)).toEqual(net(events).map(changeOf));
    }),
  );
});

/** Which of the events a change has its name and version of differs: what is created and deleted in one part leaves no trace. */
const changeOf = ({ id: _, version: __, ...change }: Event) => change;

test('every event that came in stands behind exactly one effect, and the events are not touched', () => {
  fc.assert(
    fc.property(anything, (events) => {
      const frozen = [...events, ...events.slice(0, 3)].map((event) => Object.freeze({ ...event }));
      const behind = fold(frozen, options).flatMap(({ from }) => from);
      expect(behind).toHaveLength(frozen.length);
      expect(new Set(behind)).toEqual(new Set(frozen));
    }),
  );
});
