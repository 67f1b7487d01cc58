import type { Graph } from './graph.ts';

/**
 * Runs a task for each node, in parallel, after the tasks of the nodes it waits for. Answers the nodes that failed; a
 * node that waits for a failed one is not run. With `stopOnFailure` no task starts after the first failure.
 */
export async function runGraph(
  graph: Graph,
  task: (node: string) => Promise<void>,
  { stopOnFailure }: { readonly stopOnFailure: boolean },
): Promise<string[]> {
  const failed: string[] = [];
  const results = new Map<string, Promise<boolean>>();

  async function run(node: string, needed: readonly string[]): Promise<boolean> {
    const ready = await Promise.all(needed.map((name) => results.get(name)));
    if (!ready.every(Boolean) || (stopOnFailure && failed.length > 0)) return false;
    try {
      await task(node);
      return true;
    } catch {
      failed.push(node);
      return false;
    }
  }

  for (const [node, needed] of graph) results.set(node, run(node, needed));
  await Promise.all(results.values());
  return failed;
}
