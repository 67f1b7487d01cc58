import type { ContainerDefinition } from '@aws-sdk/client-ecs';
import { clientError } from './errors.ts';

const conditions = ['START', 'COMPLETE', 'SUCCESS', 'HEALTHY'];

/** "ContainerDependency", Amazon ECS API Reference. Throws ClientException. */
export function checkDependencies(containers: readonly ContainerDefinition[]): void {
  const byName = new Map(containers.map((container) => [container.name, container]));
  for (const { name, dependsOn = [] } of containers) {
    for (const { containerName, condition = '' } of dependsOn) {
      const target = byName.get(containerName);
      if (!target || containerName === name) {
        throw clientError(
          `Container '${name}' depends on '${containerName}', which is no other container of the task.`,
        );
      }
      if (!conditions.includes(condition)) throw clientError(`Invalid dependency condition: ${condition}`);
      if (condition === 'HEALTHY' && !target.healthCheck) {
        throw clientError(`Container '${name}' waits for '${containerName}' to be HEALTHY, which has no health check.`);
      }
      // An essential container that ends takes the task with it.
      if (['COMPLETE', 'SUCCESS'].includes(condition) && target.essential !== false) {
        throw clientError(
          `A dependency on COMPLETE or SUCCESS is not allowed on an essential container: ${containerName}`,
        );
      }
    }
  }
  checkCycles(byName);
}

function checkCycles(byName: ReadonlyMap<string | undefined, ContainerDefinition>): void {
  const done = new Set<string | undefined>();
  const visit = (name: string | undefined, path: readonly (string | undefined)[]): void => {
    if (path.includes(name)) throw clientError(`Container dependencies form a cycle: ${[...path, name].join(' → ')}`);
    if (done.has(name)) return;
    for (const { containerName } of byName.get(name)?.dependsOn ?? []) visit(containerName, [...path, name]);
    done.add(name);
  };
  for (const name of byName.keys()) visit(name, []);
}
