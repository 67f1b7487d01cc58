import { validationError } from './errors.ts';
import { unresolved } from './evaluate.ts';
import { dependsOn, referencesIn } from './references.ts';
import type { ResourceDefinition, Template } from './template.ts';

/** Which resources each resource waits for. In order: those it waits for come before it. */
export type Graph = ReadonlyMap<string, readonly string[]>;

/** The resources a template creates: those whose condition is true. */
export function resourcesOf(
  template: Template,
  conditions: Readonly<Record<string, boolean>>,
): ReadonlyMap<string, ResourceDefinition> {
  const entries = Object.entries(template.Resources).filter(([, { Condition }]) => {
    if (Condition !== undefined && !Object.hasOwn(conditions, Condition)) {
      throw validationError(
        `Template format error: Unresolved condition dependency ${Condition} in the Resources block of the template`,
      );
    }
    return Condition === undefined || conditions[Condition];
  });
  return new Map(entries);
}

/**
 * The dependency graph of the resources: references and DependsOn. Throws ValidationError for a name that is no
 * resource and no parameter, and for a circle. Depending on a resource whose condition is false is allowed in DependsOn.
 */
export function buildGraph(template: Template, conditions: Readonly<Record<string, boolean>>): Graph {
  const resources = resourcesOf(template, conditions);
  const parameters = template.Parameters ?? {};
  const missing = new Set<string>();
  const edges = new Map<string, string[]>();
  for (const [logicalId, resource] of resources) {
    const needed = new Set<string>();
    for (const reference of referencesIn(resource.Properties ?? {}, conditions)) {
      const name = reference.logicalId;
      if (resources.has(name)) needed.add(name);
      else if (!name.startsWith('AWS::') && !Object.hasOwn(parameters, name)) missing.add(name);
    }
    for (const name of dependsOn(resource)) {
      if (resources.has(name)) needed.add(name);
      else if (!Object.hasOwn(template.Resources, name)) missing.add(name);
    }
    edges.set(logicalId, [...needed]);
  }
  if (missing.size > 0) throw unresolved([...missing]);
  return inOrder(edges);
}

/** The same edges with every node after those it waits for. Throws ValidationError naming the nodes of circles. */
export function inOrder(edges: Graph): Graph {
  const waiting = new Map([...edges].map(([node, needed]) => [node, needed.length]));
  const dependents = new Map<string, string[]>();
  for (const [node, needed] of edges) {
    for (const name of needed) {
      const known = dependents.get(name);
      if (known) known.push(node);
      else dependents.set(name, [node]);
    }
  }
  const ready = [...edges.keys()].filter((node) => waiting.get(node) === 0);
  const ordered = new Map<string, readonly string[]>();
  for (const node of ready) {
    ordered.set(node, edges.get(node) ?? []);
    for (const dependent of dependents.get(node) ?? []) {
      const left = (waiting.get(dependent) ?? 0) - 1;
      waiting.set(dependent, left);
      if (left === 0) ready.push(dependent);
    }
  }
  if (ordered.size < edges.size) {
    const circular = [...edges.keys()].filter((node) => !ordered.has(node));
    throw validationError(`Circular dependency between resources: [${circular.join(', ')}]`);
  }
  return ordered;
}

/** The graph turned round: each node waits for those that needed it, as deletion wants it. */
export function reversed(graph: Graph): Graph {
  const edges = new Map([...graph.keys()].reverse().map((node) => [node, [] as string[]]));
  for (const [node, needed] of graph) {
    for (const name of needed) edges.get(name)?.push(node);
  }
  return edges;
}
