import type { Task } from '@aws-sdk/client-ecs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextStep } from '../src/services/ecs/rollout.ts';

const tasks = (ready: boolean[], kind: string): (Task & { ready: boolean })[] =>
  ready.map((isReady, i) => ({ taskArn: `${kind}-${i}`, ready: isReady }));

const rollout = fc
  .record({
    desiredCount: fc.nat(20),
    minimumHealthyPercent: fc.integer({ min: 0, max: 100 }),
    maximumPercent: fc.integer({ min: 100, max: 300 }),
    current: fc.array(fc.boolean(), { maxLength: 20 }).map((ready) => tasks(ready, 'new')),
    old: fc.array(fc.boolean(), { maxLength: 20 }).map((ready) => tasks(ready, 'old')),
  })
  .map((state) => ({ ...state, isReady: (task: Task) => (task as { ready?: boolean }).ready ?? false }));

test('never starts beyond the maximum percent, never stops a ready task below the minimum healthy percent', () => {
  fc.assert(
    fc.property(rollout, (state) => {
      const { start, stop } = nextStep(state);
      const all = [...state.current, ...state.old];
      const upper = Math.floor((state.desiredCount * state.maximumPercent) / 100);
      expect(start === 0 || all.length + start <= upper).toBe(true);
      expect(state.current.length + start).toBeLessThanOrEqual(Math.max(state.desiredCount, state.current.length));
      const ready = all.filter(state.isReady).length;
      const left = ready - stop.filter(state.isReady).length;
      const lower = Math.ceil((state.desiredCount * state.minimumHealthyPercent) / 100);
      expect(left).toBeGreaterThanOrEqual(Math.min(ready, lower));
    }),
  );
});

test('ends with the desired tasks, all new, if every task that starts becomes ready', () => {
  fc.assert(
    fc.property(rollout, (state) => {
      fc.pre(state.minimumHealthyPercent < 100 || state.maximumPercent > 100);
      // Fractions of a task are rounded so that a few tasks may leave no room at all.
      fc.pre(
        Math.floor((state.desiredCount * state.maximumPercent) / 100) >
          Math.ceil((state.desiredCount * state.minimumHealthyPercent) / 100) || state.desiredCount === 0,
      );
      let { current, old } = state;
      for (let round = 0; round < 100; round += 1) {
        const { start, stop } = nextStep({ ...state, current, old });
        const stays = (task: Task) => !stop.includes(task);
        const started = tasks(Array(start).fill(true), `round-${round}`);
        current = [...current.filter(stays).map((task) => ({ ...task, ready: true })), ...started];
        old = old.filter(stays);
      }
      expect({ current: current.length, old: old.length }).toEqual({ current: state.desiredCount, old: 0 });
    }),
  );
});
