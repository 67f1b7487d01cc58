import type { Level } from '@stackyard/log-records/levels';

/** Of how many requests one keeps its records of a level; a level without a number keeps all. */
export type Sampling = Readonly<Partial<Record<Level, number>>>;

/**
 * Whether a request keeps its records of a level. The answer follows from the request's id alone, so a request keeps them all or
 * none, whoever asks, and one that keeps the records of a rare level keeps those of a less rare one too. Records outside
 * requests are kept.
 */
export function isSampled(sampling: Sampling, level: Level, requestId: string | undefined): boolean {
  const oneOf = sampling[level];
  return oneOf === undefined || requestId === undefined || fractionOf(requestId) * oneOf < 1;
}

/** A text as a number from 0 to 1 (exclusive), evenly spread: FNV-1a, its bits mixed by MurmurHash3's finalizer. */
function fractionOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
