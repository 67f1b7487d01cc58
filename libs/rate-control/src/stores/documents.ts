import { randomBytes } from 'node:crypto';
import { type Clock, machineClock } from '../clock.ts';
import { StoreError } from '../errors.ts';
import { type ExchangeAnswer, exchange } from '../exchange.ts';
import type { Policy } from '../policy.ts';
import { initialState, ownState, type State } from '../state.ts';
import type { Store } from '../store.ts';
import { StoreClock } from '../store-clock.ts';

export interface Stored {
  readonly text: string;
  /** Another for each text that was written. */
  readonly version: string;
}

/** A place for small texts that are written only when nobody else has written meanwhile. */
export interface Documents {
  /** The newest text, never an older one. */
  read(name: string): Promise<Heard<Stored | undefined>>;
  /** Writes if the stored version is still this one; undefined: if there is none. */
  write(name: string, text: string, version: string | undefined): Promise<Heard<Written>>;
}

/** What was written, or what is there instead, as far as the store says. */
export type Written = { readonly version: string } | { readonly current: Stored | undefined };

/** An answer, and what time the store said it was, in milliseconds since the epoch. */
export interface Heard<Answer> {
  readonly answer: Answer;
  readonly date: number | undefined;
}

interface Content {
  /** How often it was written, and by which attempts lately: who lost the answer to a write finds out here. */
  readonly writes: number;
  readonly writers: readonly string[];
  readonly state: State;
}

interface Seen extends Content {
  readonly version: string;
}

const writersKept = 48;
/** Short, for many are stored; 48 bits, for who takes another's for its own has permits that nobody granted. */
const newWriter = () => randomBytes(6).toString('base64url');

/** Exchanges by compare and set. The limiter goes by the same clock. */
export function documentStore(documents: Documents, machine: Clock = machineClock, random = Math.random): Store {
  const { now } = machine;
  const clock = new StoreClock(now);
  const newest = new Map<string, Seen>();
  /** Policies that nobody else seems to write at the moment. */
  const alone = new Set<string>();

  async function heard<Answer>(call: () => Promise<Heard<Answer>>): Promise<Answer> {
    const sent = now();
    const { answer, date } = await call();
    if (date !== undefined) clock.heard(date, sent, now());
    return answer;
  }

  async function read(policy: Policy): Promise<Seen> {
    const stored = await heard(() => documents.read(policy.name));
    return seen(policy, stored);
  }

  function seen(policy: Policy, stored: Stored | undefined): Seen {
    const content = stored && (JSON.parse(stored.text) as Content);
    const state = ownState(content?.state, policy);
    return { ...(content as Content), state, version: stored?.version ?? '' };
  }

  return {
    async initialise(policy) {
      const content: Content = { writes: 1, writers: [newWriter()], state: initialState(policy) };
      const text = JSON.stringify(content);
      await heard(() => documents.write(policy.name, text, undefined));
    },

    async check(policy) {
      await read(policy).catch((error) => Promise.reject(failureOf(error)));
    },

    async exchange(policy, request) {
      /** What this exchange has tried to write, and what it would have come to. */
      const tried = new Map<string, ExchangeAnswer>();
      const began = now();
      let reads = 0;
      let doubt: { readonly writes: number; readonly failure: StoreError } | undefined;
      let base = alone.has(policy.name) && clock.time() ? newest.get(policy.name) : undefined;
      for (let attempt = 0; attempt < attempts; attempt += 1) {
        if (attempt > 1) await pause(machine, random() * Math.min(400, 5 * 2 ** attempt));
        if (!base) {
          try {
            base = await read(policy);
          } catch (error) {
            const failure = failureOf(error);
            if (failure.code !== 'STORE_FAILED') throw failure;
            reads += 1;
            if (reads < 3) continue;
            throw doubt?.failure ?? new StoreError('STORE_FAILED', failure.message, { cause: error });
          }
          if (base.version === newest.get(policy.name)?.version) alone.add(policy.name);
        }
        const answered = base.writers.map((writer) => tried.get(writer)).find((answer) => answer !== undefined);
        if (answered) return answered;
        // So much was written since that nobody can tell any more whether ours was.
        if (doubt && base.writes - doubt.writes > writersKept) throw doubt.failure;
        const at = now();
        const time = clock.time();
        if (!time) throw new StoreError('STORE_FAILED', 'its answers have no Date');
        const { version, writes, writers } = base;
        // What is in vain by a state of long ago may not be any more.
        const isNew = base !== newest.get(policy.name);
        const [state, carriedOut] = exchange(base.state, time, request);
        const answer = { ...carriedOut, since: { earliest: at, latest: at } };
        if (state === base.state) {
          if (isNew) return answer;
          base = undefined;
          continue;
        }
        const writer = newWriter();
        tried.set(writer, answer);
        const content: Content = { writes: writes + 1, writers: [writer, ...writers].slice(0, writersKept), state };
        base = undefined;
        try {
          const written = await heard(() => documents.write(policy.name, JSON.stringify(content), version));
          if ('version' in written) {
            newest.set(policy.name, { ...content, version: written.version });
            return { ...answer, exclusiveMs: now() - began };
          }
          alone.delete(policy.name);
          base = written.current && seen(policy, written.current);
        } catch (error) {
          const failure = failureOf(error);
          if (!failure.mayBeWritten) throw doubt?.failure ?? failure;
          doubt ??= { writes, failure };
        }
      }
      const problem = `policy '${policy.name}' was written by others, or not at all, ${attempts} times in a row`;
      throw doubt?.failure ?? new StoreError('STORE_CONTENDED', problem);
    },
  };
}

/** Who collided keeps apart. */
const pause = (clock: Clock, ms: number) => new Promise<void>((resolve) => clock.after(ms, resolve));

const failureOf = (error: unknown) =>
  error instanceof StoreError
    ? error
    : new StoreError('STORE_FAILED', String(error), { mayBeWritten: true, cause: error });

const attempts = 12;
