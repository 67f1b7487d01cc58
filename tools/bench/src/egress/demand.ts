import type { Demand } from './simulation.ts';

/** Exponential, of this mean: the time between calls that come at random. */
const interval = (random: () => number, mean: number) => -Math.log(1 - random()) * mean;

/** Calls that come at random, so many per second. */
export const steady = (perSecond: number): Demand =>
  function* (_, random) {
    for (let at = 0; ; yield at) at += interval(random, 1000 / perSecond);
  };

/** Nothing most of the time, and for a fifth of it five times the mean. Environments take no notice of each other. */
export const bursty = (perSecond: number): Demand =>
  function* (_, random) {
    const onMs = 5_000;
    let at = random() * onMs * 5;
    for (;;) {
      const end = at + onMs;
      for (at += interval(random, 200 / perSecond); at < end; at += interval(random, 200 / perSecond)) yield at;
      at = end + interval(random, onMs * 4);
    }
  };

/** Every five seconds all at once. */
export const spiky = (perSecond: number): Demand =>
  function* (_, random) {
    for (let start = 1_000; ; start += 5_000) {
      const calls = Array.from({ length: Math.round(perSecond * 5) }, () => start + random() * 200);
      yield* calls.sort((a, b) => a - b);
    }
  };
