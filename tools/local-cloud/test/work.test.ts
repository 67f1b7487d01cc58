import { setTimeout as machineTime } from 'node:timers/promises';
import { afterEach, expect, test, vi } from 'vitest';
import { createClock } from '../src/clock.ts';
import { createWork } from '../src/work.ts';

afterEach(() => void vi.useRealTimers());

test('time that is let pass stands still while something is under way', async () => {
  const [clock, work] = [createClock(), createWork()];
  const events: string[] = [];
  const running = async () => {
    events.push('begins');
    await machineTime(50);
    // What begins when the first piece ends is waited for as well.
    void work.track(machineTime(50).then(() => events.push('ends')));
  };
  clock.after(30_000, () => void work.track(running()));
  clock.after(31_000, () => events.push('times out'));
  await clock.advance(60_000, work.settled);
  expect(events).toEqual(['begins', 'ends', 'times out']);
});

test('what hangs is not waited for forever, and what fails is over', async () => {
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] });
  const work = createWork();
  void work.track(new Promise(() => {}));
  work.track(Promise.reject(new Error('no'))).catch(() => {});
  let isOver = false;
  const settled = work.settled().then(() => {
    isOver = true;
  });
  await vi.advanceTimersByTimeAsync(59_000);
  expect(isOver).toBe(false);
  await vi.advanceTimersByTimeAsync(2_000);
  await settled;
});
