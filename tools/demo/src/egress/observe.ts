import { randomUUID } from 'node:crypto';
import { asTimePasses, lifeOf, partner } from '@stackyard/egress/demo';
import { eventually } from '@stackyard/proof-kit';
import type { EgressPattern } from './patterns.ts';

export interface EgressResult {
  readonly name: string;
  /** When each event was sent, ms since 1970. */
  readonly sent: readonly number[];
  /** When the partner took each call. */
  readonly taken: readonly number[];
  /** Calls that came again, and were taken once. */
  readonly repeats: number;
  /** Users of whom the partner does not know the newest, or not all where nothing is folded. */
  readonly lost: number;
}

const users = 10;

interface Told {
  readonly subject: string;
  readonly data?: { readonly age?: number; readonly profile?: { readonly age?: number } };
  readonly after?: { readonly age?: number };
}

/** Sends a pattern users who change a lot, and watches the partner until it knows the newest of each, or all where nothing is folded. */
export async function observe(pattern: EgressPattern): Promise<EgressResult> {
  const names = Array.from({ length: users }, () => `user-${randomUUID()}`);
  const sent: number[] = [];
  for (const name of names) {
    const life = lifeOf(name, pattern.events);
    await pattern.send(life);
    sent.push(...life.map(() => Date.now()));
  }
  const subjects = names.map(pattern.subject);
  const unknown = async () => {
    const calls = Map.groupBy(await partner.calls<Told>(subjects), ({ event }) => event.subject);
    return subjects.filter((subject) => {
      const own = calls.get(subject) ?? [];
      if (!pattern.folds) return own.length < pattern.events;
      // In whatever order they came: the age grows with every event.
      return !own.some(({ event }) => ageTold(event) === pattern.events - 1);
    }).length;
  };
  const upToDate = async () => {
    if ((await unknown()) > 0) throw new Error('The partner has not heard of everybody yet');
  };
  await (pattern.leapMs === null ? eventually(upToDate, 120_000, 500) : asTimePasses(upToDate, pattern.leapMs)).catch(
    () => undefined,
  );
  const taken = (await partner.calls<Told>(subjects)).map(({ time }) => Date.parse(time));
  return { name: pattern.name, sent, taken, repeats: (await partner.repeats(subjects)).length, lost: await unknown() };
}

const ageTold = ({ data, after }: Told) => after?.age ?? data?.profile?.age ?? data?.age;
