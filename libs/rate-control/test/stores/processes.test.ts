import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as timePasses } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { definePolicy } from '../../src/index.ts';
import { redisStore } from '../../src/stores/redis.ts';
import { hasRedis, startRedis } from './redis-server.ts';

const windowMs = 300;
const count = 20;

test.skipIf(!hasRedis())(
  'processes that share a Redis keep a partner’s limit, one of them killed on the way',
  async () => {
    // A busy machine takes its time between a turn and the partner.
    const input = { name: 'partner', windows: [{ count, seconds: windowMs / 1000 }], transitMs: 400 };
    const redis = await startRedis();
    await redisStore({ client: redis.client }).initialise(definePolicy(input));
    const times: number[] = [];
    const partner = createServer((_, response) => {
      times.push(performance.now());
      response.end('answer');
    }).listen(0, '127.0.0.1');
    await once(partner, 'listening');
    const url = `http://127.0.0.1:${(partner.address() as AddressInfo).port}/`;
    const caller = fileURLToPath(new URL('caller.ts', import.meta.url));
    const start = () =>
      spawn(process.execPath, [caller, JSON.stringify(input), String(redis.port), url], { stdio: 'inherit' });
    const callers: ChildProcess[] = [start(), start(), start()];
    try {
      while (times.length < 40) await timePasses(20);
      callers[0]?.kill('SIGKILL');
      callers.push(start());
      while (times.length < 100) await timePasses(20);
    } finally {
      for (const process of callers) process.kill('SIGKILL');
      partner.closeAllConnections();
      partner.close();
      await redis.close();
    }
    const tooMany = times.filter((at, i) => i >= count && at - (times[i - count] as number) < windowMs);
    expect(tooMany).toEqual([]);
  },
);
