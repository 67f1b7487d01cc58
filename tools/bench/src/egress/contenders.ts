import { createLimiter, definePolicy, type Store } from '@stackyard/rate-control';
import { dynamoDbStore } from '@stackyard/rate-control/dynamodb';
import { redisStore } from '@stackyard/rate-control/redis';
import Bottleneck from 'bottleneck';
import pThrottle from 'p-throttle';
import {
  RateLimiterDynamo,
  RateLimiterQueue,
  RateLimiterRedis,
  type RateLimiterStoreAbstract,
} from 'rate-limiter-flexible';
import type { RunningDynamoDb } from './dynamodb.ts';
import type { RunningRedis } from './redis.ts';

export interface Throttle {
  /** Makes a call when it is allowed, or rejects. */
  make(call: () => void): Promise<unknown>;
  /** Leaves nothing open. */
  end?(): Promise<void>;
}

/** A limiter for each environment, as its documentation sets it up for so many calls per second, all told. */
export type Contender<Running> = (
  store: Running,
  environments: number,
  perSecond: number,
  waitMs: number,
) => Promise<Throttle[]>;

const each = <Item>(count: number, create: (i: number) => Item) => Array.from({ length: count }, (_, i) => create(i));

async function rateControl(connect: () => Store, environments: number, perSecond: number, waitMs: number) {
  const policy = definePolicy({ name: 'partner', windows: [{ count: perSecond, seconds: 1 }] });
  await connect().initialise(policy);
  return each(environments, (): Throttle => {
    const limiter = createLimiter({ policy, store: connect(), whenStoreFails: 'closed', waitMs });
    return { make: (call) => limiter.run(async () => call()), end: () => limiter.giveBack() };
  });
}

/** "RateLimiterQueue", wiki of rate-limiter-flexible. */
const queued = (environments: number, limiter: () => RateLimiterStoreAbstract) =>
  each(environments, (): Throttle => {
    const queue = new RateLimiterQueue(limiter());
    return {
      async make(call) {
        await queue.removeTokens(1);
        call();
      },
    };
  });

export const onRedis: Readonly<Record<string, Contender<RunningRedis>>> = {
  rate_control: (redis, ...rest) => rateControl(() => redisStore({ client: redis.connect() }), ...rest),

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
      return { make: (call) => limiter.schedule(async () => call()), end: () => limiter.disconnect(false) };
    });
  },

  async rate_limiter_flexible(redis, environments, points) {
    return queued(environments, () => new RateLimiterRedis({ storeClient: redis.connect(), points, duration: 1 }));
  },

  /** Knows of its own process only: each environment gets its share. */
  async p_throttle(_, environments, perSecond) {
    return each(environments, () => {
      const ended = new AbortController();
      const limit = perSecond / environments;
      const throttle = pThrottle({ limit, interval: 1_000, strict: true, signal: ended.signal });
      return { make: throttle(async (call: () => void) => call()), end: async () => ended.abort() };
    });
  },
};

export const onDynamoDb: Readonly<Record<string, Contender<RunningDynamoDb>>> = {
  rate_control: (dynamodb, ...rest) =>
    rateControl(() => dynamoDbStore({ client: dynamodb.connect(), tableName: 'permits' }), ...rest),

  /** "RateLimiterDynamo", wiki of rate-limiter-flexible. */
  async rate_limiter_flexible(dynamodb, environments, points) {
    const existing = { tableName: 'counters', tableCreated: true, ttlSet: true };
    return queued(
      environments,
      () => new RateLimiterDynamo({ storeClient: dynamodb.connect(), points, duration: 1, ...existing }),
    );
  },
};
