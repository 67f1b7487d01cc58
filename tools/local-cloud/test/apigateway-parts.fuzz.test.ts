import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Cloud } from '../src/service.ts';
import { withPathParameters } from '../src/services/apigateway/data-plane/http-parts.ts';
import { matchResource } from '../src/services/apigateway/data-plane/match-resource.ts';
import { takeTokens } from '../src/services/apigateway/data-plane/throttle.ts';
import { consume, periodStart, remaining } from '../src/services/apigateway/quota.ts';
import type { KeyUsage, Plan } from '../src/services/apigateway/state.ts';

/** Arrival times in milliseconds, in order. */
const arrivals = fc
  .array(fc.integer({ min: 0, max: 500 }), { minLength: 1, maxLength: 200 })
  .map((gaps) => gaps.map((_, index) => gaps.slice(0, index + 1).reduce((sum, gap) => sum + gap, 0)));

test('in no span of time do more requests pass than the burst and what the rate adds', () => {
  fc.assert(
    fc.property(
      arrivals,
      fc.integer({ min: 1, max: 20 }),
      fc.double({ min: 0.1, max: 50, noNaN: true }),
      (times, burstLimit, rateLimit) => {
        let now = 0;
        const cloud = { clock: { now: () => now } } as Cloud;
        const passed = times.filter((time) => {
          now = time;
          return takeTokens(cloud, [{ name: 'a', limits: { rateLimit, burstLimit } }]);
        });
        for (const [first, start] of passed.entries()) {
          for (const [last, end] of passed.entries()) {
            if (last < first) continue;
            expect(last - first + 1).toBeLessThanOrEqual(burstLimit + ((end - start) / 1000) * rateLimit + 1e-6);
          }
        }
      },
    ),
    { numRuns: 50 },
  );
});

test('who keeps to the rate is never turned away', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 200 }), (rateLimit, requests) => {
      let now = 0;
      const cloud = { clock: { now: () => now } } as Cloud;
      for (let i = 0; i < requests; i += 1) {
        now += Math.ceil(1000 / rateLimit);
        expect(takeTokens(cloud, [{ name: 'a', limits: { rateLimit, burstLimit: 1 } }])).toBe(true);
      }
    }),
    { numRuns: 30 },
  );
});

test('an empty bucket among several takes nothing from the others', () => {
  const cloud = { clock: { now: () => 0 } } as Cloud;
  const full = { name: 'full', limits: { rateLimit: 1, burstLimit: 1 } };
  const empty = { name: 'empty', limits: { rateLimit: 1, burstLimit: 0 } };
  expect(takeTokens(cloud, [full, empty])).toBe(false);
  expect(takeTokens(cloud, [full])).toBe(true);
});

test('in no period does a key have more than its quota, whatever the times', () => {
  const period = fc.constantFrom('DAY', 'WEEK', 'MONTH');
  const times = fc.array(fc.integer({ min: 0, max: 120 * 24 }), { maxLength: 100 });
  fc.assert(
    fc.property(period, fc.integer({ min: 1, max: 10 }), times, (quotaPeriod, limit, hours) => {
      const plan: Plan = { settings: { quota: { limit, period: quotaPeriod } }, created: 0, keys: new Map() };
      const usage: KeyUsage = { periodStart: 0, used: 0, extension: 0, days: new Map() };
      const passed = new Map<number, number>();
      for (const hour of [...hours].sort((a, b) => a - b)) {
        const now = Date.UTC(2026, 10, 21) + hour * 3_600_000;
        const start = periodStart(quotaPeriod, now);
        const before = remaining(plan, usage, now);
        expect(consume(plan, usage, now)).toBe(before !== 0);
        if (before !== 0) passed.set(start, (passed.get(start) ?? 0) + 1);
      }
      for (const count of passed.values()) expect(count).toBeLessThanOrEqual(limit);
    }),
    { numRuns: 100 },
  );
});

test('weeks begin on Sunday and months on their first day, at midnight UTC', () => {
  const saturday = Date.UTC(2026, 10, 21, 23, 59);
  expect(new Date(periodStart('DAY', saturday)).toISOString()).toBe('2026-11-21T00:00:00.000Z');
  expect(new Date(periodStart('WEEK', saturday)).toISOString()).toBe('2026-11-15T00:00:00.000Z');
  expect(new Date(periodStart('WEEK', saturday + 60_000)).toISOString()).toBe('2026-11-22T00:00:00.000Z');
  expect(new Date(periodStart('MONTH', saturday)).toISOString()).toBe('2026-11-01T00:00:00.000Z');
});

test('whatever the path, the values of its variables put it together again', () => {
  const part = fc.string({ minLength: 1, maxLength: 8, unit: 'grapheme' }).map(encodeURIComponent);
  const resources = ['/', '/orders', '/orders/{id}', '/orders/{id}/items/{item}', '/files/{path+}'].map((path) => ({
    path,
  }));
  fc.assert(
    fc.property(fc.constantFrom(...resources), fc.array(part, { minLength: 3, maxLength: 3 }), ({ path }, values) => {
      const given = [...values];
      const request = path.replace(/\{(\w+)(\+?)\}/g, (_, _name, greedy) =>
        greedy ? values.join('/') : (given.shift() ?? ''),
      );
      const match = matchResource(resources, request);
      expect(match?.resource.path).toBe(path);
      const rebuilt = path.replace(/\{(\w+)\+?\}/g, (_, name: string) => match?.parameters[name] ?? '');
      expect(rebuilt).toBe(decodeURIComponent(request));
    }),
    { numRuns: 200 },
  );
});

test('whatever a client puts into a path, the backend is asked below the address of the integration only', () => {
  const value = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom('..', '../..', 'a/../../b', '.', '//x', '?q=1', '#f', '@host', '%2e%2e'),
  );
  fc.assert(
    fc.property(value, (path) => {
      const url = new URL(withPathParameters('http://127.0.0.1:8080/base/{path}', { path }));
      expect([url.host, url.search, url.hash]).toEqual(['127.0.0.1:8080', '', '']);
      expect(url.pathname.startsWith('/base/')).toBe(true);
    }),
  );
});
