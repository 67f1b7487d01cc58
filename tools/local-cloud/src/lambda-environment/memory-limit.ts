import { memoryHeldMb } from './memory.ts';
import type { EnvironmentProcess } from './processes.ts';

/** How often memory is looked at while an invocation runs. What is held for a shorter time may go unseen. */
const lookEveryMs = 100;

/**
 * Watches that an environment's processes, runtime and extensions together, hold no more than `limitMb`, the function's MemorySize.
 * Calls `kill` once, with the one that holds most, when they do: so does the kernel under Lambda. Returns how to stop watching.
 *
 * Watches by the machine's time, as it is the machine's memory. Only on Linux.
 */
export function watchMemory(
  processes: () => readonly EnvironmentProcess[],
  limitMb: number,
  kill: (process: EnvironmentProcess) => void,
): () => void {
  if (process.platform !== 'linux') return () => {};
  const timer = setInterval(() => {
    const held = processes()
      .map((candidate) => ({ candidate, mb: candidate.pid === undefined ? 0 : memoryHeldMb(candidate.pid) }))
      .sort((a, b) => b.mb - a.mb);
    const [largest] = held;
    if (!largest || held.reduce((sum, { mb }) => sum + mb, 0) <= limitMb) return;
    clearInterval(timer);
    kill(largest.candidate);
  }, lookEveryMs);
  timer.unref();
  return () => clearInterval(timer);
}
