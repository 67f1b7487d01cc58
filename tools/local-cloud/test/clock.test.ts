import { expect, test } from 'vitest';
import { createClock } from '../src/clock.ts';

const day = 86_400_000;

test('advancing a day runs what falls due on the way, in its order, each at its own time', async () => {
  const clock = createClock();
  const start = clock.now();
  const ran: [string, number][] = [];
  const note = (name: string) => () => ran.push([name, Math.round((clock.now() - start) / 3_600_000)]);
  clock.after(20 * 3_600_000, note('late'));
  clock.after(2 * 3_600_000, note('early'));
  await clock.advance(day);
  expect(ran).toEqual([
    ['early', 2],
    ['late', 20],
  ]);
  expect(clock.now() - start).toBeGreaterThanOrEqual(day);
});

test('a timer that arms another within the time advanced sees it run too', async () => {
  const clock = createClock();
  let ticks = 0;
  const tick = () => {
    ticks += 1;
    clock.after(3_600_000, tick);
  };
  clock.after(3_600_000, tick);
  await clock.advance(5.5 * 3_600_000);
  expect(ticks).toBe(5);
});

test('a wait longer than setTimeout can count still ends', async () => {
  const clock = createClock();
  const waiting = clock.sleep(60 * day);
  await clock.advance(61 * day);
  await expect(waiting).resolves.toBeUndefined();
});

test('a cancelled timer and an aborted sleep never run', async () => {
  const clock = createClock();
  let ran = false;
  clock.after(1000, () => {
    ran = true;
  })();
  const abort = new AbortController();
  const sleeping = clock.sleep(1000, abort.signal);
  abort.abort(new Error('gone'));
  await clock.advance(2000);
  expect(ran).toBe(false);
  await expect(sleeping).rejects.toThrow('gone');
});

test('a wait of parts of a millisecond leaves the time whole', async () => {
  const clock = createClock();
  clock.after(1500.7, () => {});
  await clock.advance(2000.3);
  expect(clock.now() % 1).toBe(0);
  clock.jump(0.6);
  expect(clock.now() % 1).toBe(0);
});
