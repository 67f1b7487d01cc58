import { expect, test } from 'vitest';
import { type Documents, definePolicy, documentStore, type ExchangeRequest, StoreError } from '../src/index.ts';

const policy = definePolicy({ name: 'partner', windows: [{ count: 10, seconds: 60 }] });
const ask = (want: number): ExchangeRequest => {
  return { back: [[]], want: [want], leaseMs: 5_000, demand: 1_000, deprived: false };
};
const total = (lists: readonly (readonly (readonly [number, number])[])[]) =>
  lists.flat().reduce((sum, [, n]) => sum + n, 0);

/** As it is after an exchange of somebody else that changed nothing. */
function writtenByAnother(text = ''): string {
  const { writes, writers, state } = JSON.parse(text) as { writes: number; writers: string[]; state: unknown };
  return JSON.stringify({ writes: writes + 1, writers: ['another', ...writers].slice(0, writers.length), state });
}

/** Documents in memory whose writes fail as told: before they are carried out, or after. */
function faultyDocuments() {
  let stored: { text: string; version: string } | undefined;
  const calls: string[] = [];
  const faults: ('before' | 'after' | 'others write' | 'many others write')[] = [];
  const lost = () => new StoreError('STORE_FAILED', 'no answer', { mayBeWritten: true });
  const write = (text: string) => {
    stored = { text, version: String(Number(stored?.version ?? 0) + 1) };
    return stored.version;
  };
  const documents: Documents = {
    async read() {
      calls.push('read');
      return { answer: stored, date: 1_800_000_000_000 };
    },
    async write(_, text, version) {
      calls.push('write');
      const fault = calls.length > 1 ? faults.shift() : undefined;
      if (fault === 'before') throw lost();
      if (stored?.version !== version) return { answer: { current: stored }, date: 1_800_000_000_000 };
      const written = write(text);
      for (let n = 0; fault?.endsWith('write') && n < (fault === 'others write' ? 3 : 80); n += 1)
        write(writtenByAnother(stored?.text));
      if (fault) throw lost();
      return { answer: { version: written }, date: 1_800_000_000_000 };
    },
  };
  return { documents, faults, calls };
}

test('a write whose answer is lost is found, and not made twice', async () => {
  const { documents, faults } = faultyDocuments();
  const store = documentStore(documents);
  await store.initialise(policy);
  faults.push('after');
  const answer = await store.exchange(policy, ask(4));
  expect(total(answer.granted)).toBe(4);
  expect(total((await store.exchange(policy, ask(10))).granted)).toBe(6);
});

test('a write that was not made is made', async () => {
  const { documents, faults } = faultyDocuments();
  const store = documentStore(documents);
  await store.initialise(policy);
  faults.push('before');
  expect(total((await store.exchange(policy, ask(4))).granted)).toBe(4);
  expect(total((await store.exchange(policy, ask(10))).granted)).toBe(6);
});

test('a read that fails is tried again, and in the end certain not to have written', async () => {
  const { documents } = faultyDocuments();
  let failures = 2;
  const flaky: Documents = {
    ...documents,
    async read(name) {
      failures -= 1;
      if (failures >= 0) throw new StoreError('STORE_FAILED', 'no answer', { mayBeWritten: true });
      return documents.read(name);
    },
  };
  const store = documentStore(flaky);
  await store.initialise(policy);
  expect(total((await store.exchange(policy, ask(4))).granted)).toBe(4);
  failures = 100;
  const other = documentStore(flaky);
  await expect(other.exchange(policy, ask(4))).rejects.toMatchObject({ code: 'STORE_FAILED', mayBeWritten: false });
});

test('a write whose answer is lost is found behind those of others, too', async () => {
  const { documents, faults } = faultyDocuments();
  const store = documentStore(documents);
  await store.initialise(policy);
  for (let i = 0; i < 5; i += 1) await store.exchange(policy, ask(0));
  faults.push('others write');
  expect(total((await store.exchange(policy, ask(4))).granted)).toBe(4);
  expect(total((await store.exchange(policy, ask(10))).granted)).toBe(6);
});

test('when many others have written since, nobody can tell, and it says so', async () => {
  const { documents, faults } = faultyDocuments();
  const store = documentStore(documents);
  await store.initialise(policy);
  faults.push('many others write');
  await expect(store.exchange(policy, ask(4))).rejects.toMatchObject({ code: 'STORE_FAILED', mayBeWritten: true });
});

test('who writes alone needs one operation for an exchange', async () => {
  const { documents, calls } = faultyDocuments();
  const store = documentStore(documents);
  await store.initialise(policy);
  for (let i = 0; i < 3; i += 1) await store.exchange(policy, ask(1));
  calls.length = 0;
  await store.exchange(policy, ask(1));
  expect(calls).toEqual(['write']);
});
