import { Redis } from 'ioredis';
import { createLimiter, definePolicy, RateLimitedError } from '../../src/index.ts';
import { redisStore } from '../../src/stores/redis.ts';

/** A process that calls the partner as often as it may: `node caller.ts POLICY REDIS_PORT PARTNER_URL`. */
const [policyText = '', port = '', url = ''] = process.argv.slice(2);
const policy = definePolicy(JSON.parse(policyText));
const store = redisStore({ client: new Redis({ port: Number(port), host: '127.0.0.1', maxRetriesPerRequest: 0 }) });
const limiter = createLimiter({ policy, store, whenStoreFails: 'closed', waitMs: 1_000 });

async function callForever(): Promise<never> {
  for (;;) {
    try {
      await limiter.run(async (signal) => (await fetch(url, { signal })).text());
    } catch (error) {
      if (!(error instanceof RateLimitedError)) throw error;
    }
  }
}

await Promise.all(Array.from({ length: 10 }, callForever));
