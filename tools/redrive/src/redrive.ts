import type { Redrivable } from './redrivable.ts';

export interface Result {
  readonly from: string;
  readonly to: string;
  readonly waiting: number;
  /** Undefined when nothing was tried. */
  readonly redriven: number | undefined;
  /** Why the rest was not redriven. */
  readonly problem: string | undefined;
}

/** Counts what waits, and redrives it when `yes`; what fails does not keep the others from being redriven. */
export async function redriveAll(
  all: readonly Redrivable[],
  yes: boolean,
  onProgress: (from: string, done: number, of: number) => void,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const { from, to, ...one } of all) {
    const waiting = await one.waiting();
    let done = 0;
    let problem: string | undefined;
    if (yes && waiting > 0) {
      try {
        done = await one.redrive((count) => {
          done = count;
          onProgress(from, count, waiting);
        });
      } catch (error) {
        problem = (error as Error).message;
      }
    }
    results.push({ from, to, waiting, redriven: yes ? done : undefined, problem });
  }
  return results;
}
