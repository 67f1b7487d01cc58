import type { Cloud } from '../../../service.ts';
import type { AuthorizerAnswer } from './authorizer-answer.ts';

interface Entry {
  readonly answer: AuthorizerAnswer;
  /** Milliseconds since the epoch. */
  readonly expires: number;
}

/** Not part of the state: on AWS too a cache may be empty at any time. */
const caches = new WeakMap<Cloud, Map<string, Entry>>();

/** What an answer is kept under: everything that may not be mixed up, the identity's values last. */
export interface CacheKey {
  readonly api: string;
  readonly stage: string;
  readonly authorizer: string;
  readonly identity: readonly string[];
}

/** What an authorizer has said of these values, unless it is too old. */
export function cachedAnswer(cloud: Cloud, key: CacheKey): AuthorizerAnswer | undefined {
  const cache = caches.get(cloud);
  const entry = cache?.get(text(key));
  if (entry && entry.expires <= cloud.clock.now()) cache?.delete(text(key));
  return entry && entry.expires > cloud.clock.now() ? entry.answer : undefined;
}

/** Keeps an answer for that long; 0 keeps nothing. */
export function cacheAnswer(cloud: Cloud, key: CacheKey, answer: AuthorizerAnswer, ttlSeconds: number): void {
  if (ttlSeconds === 0) return;
  const cache = caches.get(cloud) ?? new Map<string, Entry>();
  caches.set(cloud, cache.set(text(key), { answer, expires: cloud.clock.now() + ttlSeconds * 1000 }));
}

/** Forgets what the authorizers of an API, or of one of its stages, have said. */
export function invalidateAuthorizerCache(cloud: Cloud, api: string, stage?: string): void {
  const cache = caches.get(cloud);
  const prefix = JSON.stringify(stage === undefined ? [api] : [api, stage]).slice(0, -1);
  for (const key of cache?.keys() ?? []) if (key.startsWith(`${prefix},`)) cache?.delete(key);
}

function text({ api, stage, authorizer, identity }: CacheKey): string {
  return JSON.stringify([api, stage, authorizer, ...identity]);
}
