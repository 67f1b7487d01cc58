import { createLimiter, definePolicy } from '@stackyard/rate-control';
import { redisStore } from '@stackyard/rate-control/redis';
import Bottleneck from 'bottleneck';
import pThrottle from 'p-throttle';
import { RateLimiterQueue, RateLimiterRedis } from 'rate-limiter-flexible';
import type { RunningRedis } from './redis.ts';

/** Makes a call when it is allowed, or rejects. */
export type Throttle = (call: () => void) => Promise<unknown>;

/** A limiter for each environment, as its documentation sets it up for so many calls per second, all told. */
export type Contender = (
  redis: RunningRedis,
  environments: number,
  perSecond: number,
  waitMs: number,
) => Promise<Throttle[]>;

const each = <Item>(count: number, create: (i: number) => Item) => Array.from({ length: count }, (_, i) => create(i));

export const contenders: Readonly<Record<string, Contender>> = {
  async rate_control(redis, environments, perSecond, waitMs) {
    const policy = definePolicy({ name: 'partner', windows: [{ count: perSecond, seconds: 1 }] });
    await redisStore({ client: redis.connect() }).initialise(policy);
    return each(environments, () => {
      const store = redisStore({ client: redis.connect() });
      const limiter = createLimiter({ policy, store, whenStoreFails: 'closed', waitMs });
      return (call) => limiter.run(async () => call());
    });
  },

  /** "Clustering", README of bottleneck, with a reservoir that is filled every second. */
  async bottleneck(redis, environments, perSecond) {
    return each(environments, () => {
      const limiter = new Bottleneck({
        id: 'partner',
        datastore: 'ioredis',
        clientOptions: { host: '127.0.0.1', port: redis.port },
        reservoir: perSecond,
        reservoirRefreshAmount: perSecond,
        reservoirRefreshInterval: 1_000,
      });
      return (call) => limiter.schedule(async () => call());
    });
  },

  /** "RateLimiterQueue", wiki of rate-limiter-flexible. */
  async rate_limiter_flexible(redis, environments, perSecond) {
    return each(environments, () => {
      const limiter = new RateLimiterRedis({ storeClient: redis.connect(), points: perSecond, duration: 1 });
      const queue = new RateLimiterQueue(limiter);
      return async (call) => {
        await queue.removeTokens(1);
        call();
      };
    });
  },

  /** Knows of its own process only: each environment gets its share. */
  async p_throttle(_, environments, perSecond) {
    return each(environments, () => {
      const throttle = pThrottle({ limit: perSecond / environments, interval: 1_000, strict: true });
      return throttle(async (call: () => void) => call());
    });
  },
};
