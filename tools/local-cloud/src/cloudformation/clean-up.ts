import { inOrder, reversed } from './graph.ts';
import type { Operation } from './operation.ts';
import { deleteResource } from './resource-steps.ts';
import { runGraph } from './run-graph.ts';
import type { StackResource } from './state.ts';
import type { DeletionPolicy } from './template.ts';

/**
 * Deletes resources in parallel, each before those it was built on. `policy` says what is to become of each. Answers
 * the logical IDs that failed; what they depend on is kept.
 */
export function deleteResources(
  operation: Operation,
  resources: readonly StackResource[],
  policy: (resource: StackResource) => DeletionPolicy,
): Promise<string[]> {
  const byId = new Map(resources.map((resource) => [resource.logicalId, resource]));
  const edges = new Map(
    resources.map(({ logicalId, dependencies }) => [logicalId, dependencies.filter((name) => byId.has(name))]),
  );
  return runGraph(
    inOrder(reversed(edges)),
    async (logicalId) => {
      const resource = byId.get(logicalId) as StackResource;
      await deleteResource(operation, resource, policy(resource));
      const { resources: kept } = operation.stack;
      if (kept.get(logicalId) === resource) kept.delete(logicalId);
    },
    { stopOnFailure: false },
  );
}
