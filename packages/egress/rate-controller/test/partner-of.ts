import { createLimiter, definePolicy, memoryStore, type Store } from '@stackyard/rate-control';
import { createPartner, type Outcome } from '../src/partner.ts';

/** A partner that answers like this, and takes so many calls a minute; what was asked of it, and what was told. */
export async function partnerOf(answers: typeof fetch, { store = memoryStore(), count = 2 } = {}) {
  const policy = definePolicy({ name: 'test', windows: [{ count, seconds: 60 }], callTimeoutMs: 50 });
  const asked: { url: string; init: RequestInit | undefined }[] = [];
  const told: Outcome[] = [];
  await store.initialise(policy).catch(() => {});
  const limiter = createLimiter({ policy, store, whenStoreFails: 'closed' });
  const partner = createPartner({
    limiter,
    url: 'https://partner.example/',
    fetch: (url, init) => {
      asked.push({ url: String(url), init });
      return answers(url, init);
    },
    failures: 3,
    breakMs: 60_000,
    tell: (outcome) => told.push(outcome),
  });
  const fates = () => told.map(({ fate }) => fate);
  return { partner, limiter, asked, fates };
}

export const taken = async () => Response.json({ taken: true });

export const failing = (error: Error): Store => ({
  initialise: async () => {},
  check: async () => {},
  exchange: () => Promise.reject(error),
});
