import { randomUUID } from 'node:crypto';
import { faults } from '@stackyard/proof-kit';
import { afterEach, describe, expect, test } from 'vitest';
import type { UserEvent } from '../user-events.ts';
import { dieAfterCall } from './die-after-call.ts';
import { foldingTable } from './folding-table.ts';
import { nothingWaits } from './nothing-waits.ts';
import { type Call, partner } from './partner.ts';
import { asTimePasses } from './time-passes.ts';
import { lifeOf } from './user-life.ts';
import { userAfter } from './user-state.ts';

/** A deployed pattern as its producers and operators see it. */
export interface DeployedPattern {
  readonly functionName: string;
  /** Sends up to ten texts at once, in this order. */
  send(messages: readonly { readonly subject: string; readonly text: string }[]): Promise<void>;
  /** What was given up so far: the texts that were given up together. */
  givenUp(): Promise<string[][]>;
}

export interface Claims {
  readonly deployed: () => Promise<DeployedPattern>;
  /**
   * `arrival`: the partner hears of a subject in the order in which things happened. `time`: it may not, and goes by the events' time.
   */
  readonly order: 'arrival' | 'time';
  /** How long the source keeps what failed from coming again: more than a queue’s visibility timeout. @default no longer than retries wait */
  readonly leapMs?: number;
}

const users = (count: number) => Array.from({ length: count }, () => `user-${randomUUID()}`);
const messageOf = (event: UserEvent) => ({ subject: event.subject, text: JSON.stringify(event) });

/** Waits until the partner knows each user as all of the user's events say. */
async function allKnown(lives: readonly UserEvent[][], { order, leapMs }: Claims): Promise<Call[]> {
  const subjects = lives.map(([first]) => first?.subject ?? '');
  return asTimePasses(async () => {
    const calls = await partner.calls(subjects);
    for (const [i, life] of lives.entries()) {
      const own = calls.filter(({ event }) => event.subject === subjects[i]).map(({ event }) => event);
      const known = order === 'arrival' ? own : own.toSorted((a, b) => (a.time < b.time ? -1 : 1));
      expect(userAfter(known)).toEqual(userAfter(life));
    }
    return calls;
  }, leapMs);
}

/** So many events become so few calls; order holds; a poison event ends alone. */
export function claimFolding(claims: Claims): void {
  describe('given users who change a lot', () => {
    test('then the partner gets a part of the calls and ends with the same users', async () => {
      const pattern = await claims.deployed();
      const subjects = users(10);
      const lives = subjects.map((subject) => lifeOf(subject, 20));
      for (const life of lives) {
        await pattern.send(life.slice(0, 10).map(messageOf));
        await pattern.send(life.slice(10).map(messageOf));
      }
      const calls = await allKnown(lives, claims);
      const repeats = await partner.repeats(subjects);
      const row = {
        what: '10 users, 20 events each',
        events: 200,
        calls: calls.length,
        repeats: repeats.length,
        lost: 0,
      };
      process.stdout.write(`${foldingTable([row])}\n`);
      expect(calls.length).toBeLessThan(200);
      if (claims.order === 'time') return;
      for (const subject of subjects) {
        const times = calls.filter(({ event }) => event.subject === subject).map(({ event }) => event.time);
        expect(times).toEqual(times.toSorted());
      }
    });

    test('and all of it at once, then a user is told of in one call', async () => {
      const pattern = await claims.deployed();
      // What other proofs have left would take places in the batch.
      await asTimePasses(() => nothingWaits(pattern.functionName), claims.leapMs);
      const [subject = ''] = users(1);
      const life = lifeOf(subject, 10);
      await pattern.send(life.map(messageOf));
      expect(await allKnown([life], claims)).toHaveLength(1);
    });
  });

  test('given a poison event amid others, then it alone is given up and the others reach the partner', async () => {
    const pattern = await claims.deployed();
    const [subject = '', other = ''] = users(2);
    const [life, neighbour] = [lifeOf(subject, 4), lifeOf(other, 4)];
    const poison = { subject, text: JSON.stringify({ ...life[1], id: randomUUID(), type: 'user.exploded' }) };
    const messages = life.flatMap((event, i) => [messageOf(event), messageOf(neighbour[i] ?? event)]);
    await pattern.send(messages.toSpliced(3, 0, poison));
    await allKnown([life, neighbour], claims);
    const own = new Set([poison, ...messages].map(({ text }) => text));
    await asTimePasses(async () => {
      // Other proofs may have left theirs.
      const batches = (await pattern.givenUp()).filter((texts) => texts.some((text) => own.has(text)));
      expect(batches).toEqual([[poison.text]]);
    }, claims.leapMs);
  });
}

/** What comes again is not told again. */
export function claimNothingTwice(claims: Claims): void {
  afterEach(() => faults.clear());

  /** The partner records what it is told, and every answer gets lost. */
  const lostAnswers = (times?: number) =>
    faults.start({ service: 's3', operation: 'PutObject', times, effect: { kind: 'cut', when: 'after' } });

  test('given a function that dies after its call, then its events come again and the partner takes the call once', async () => {
    const pattern = await claims.deployed();
    const [subject = ''] = users(1);
    const life = lifeOf(subject, 4);
    const lost = await lostAnswers();
    await pattern.send(life.slice(0, 3).map(messageOf));
    await dieAfterCall(pattern.functionName, { subject, lost, leapMs: claims.leapMs });
    await pattern.send(life.slice(3).map(messageOf));
    const calls = await allKnown([life], claims);
    expect(calls).toHaveLength(2);
    await asTimePasses(async () => expect(await partner.repeats([subject])).not.toHaveLength(0), claims.leapMs);
    await asTimePasses(() => nothingWaits(pattern.functionName), claims.leapMs);
    expect(await partner.calls([subject])).toHaveLength(2);
  });

  test('given a partner whose answers get lost, then every call is taken once all the same', async () => {
    const pattern = await claims.deployed();
    const subjects = users(5);
    // Fewer than it takes for an event to be given up, should they all be its own.
    const lost = await lostAnswers(6);
    await pattern.send(subjects.flatMap((subject) => lifeOf(subject, 1)).map(messageOf));
    await asTimePasses(async () => expect(await partner.calls(subjects)).toHaveLength(subjects.length), claims.leapMs);
    expect(await lost.hits()).toBeGreaterThan(0);
  });
}
