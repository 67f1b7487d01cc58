// What a demonstration needs of the proofs: without the claims, which run inside Vitest only.
export { deployedQueue } from './deployed-queue.ts';
export { partner } from './partner.ts';
export { asTimePasses } from './time-passes.ts';
export { lifeOf } from './user-life.ts';
