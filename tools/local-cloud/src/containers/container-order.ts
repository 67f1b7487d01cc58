import type { ContainerDefinition, ContainerDependency } from '@aws-sdk/client-ecs';

/**
 * What each container waits for: what it says itself, and its log router, which has to run before it and ends after it
 * ("Container dependencies" and "Send Amazon ECS logs to an AWS service or AWS Partner", Amazon ECS Developer Guide).
 */
export function dependenciesOf(
  containers: readonly ContainerDefinition[],
): Map<string, readonly ContainerDependency[]> {
  const router = containers.find(({ firelensConfiguration }) => firelensConfiguration)?.name;
  return new Map(
    containers.map(({ name = '', dependsOn = [], logConfiguration }) => {
      const routed = router !== undefined && logConfiguration?.logDriver === 'awsfirelens';
      const said = dependsOn.some(({ containerName }) => containerName === router);
      return [name, routed && !said ? [...dependsOn, { containerName: router, condition: 'START' }] : dependsOn];
    }),
  );
}

/** The containers that wait for one, directly: they stop before it does. */
export function dependentsOf(
  name: string,
  dependencies: ReadonlyMap<string, readonly ContainerDependency[]>,
): string[] {
  return [...dependencies]
    .filter(([, waitsFor]) => waitsFor.some(({ containerName }) => containerName === name))
    .map(([dependent]) => dependent);
}
