import type {
  DeregisterTaskDefinitionCommandInput,
  DeregisterTaskDefinitionCommandOutput,
  DescribeTaskDefinitionCommandInput,
  DescribeTaskDefinitionCommandOutput,
  ListTaskDefinitionsCommandInput,
  ListTaskDefinitionsCommandOutput,
} from '@aws-sdk/client-ecs';
import { operation } from '../../service.ts';
import { clientError } from './errors.ts';
import { page } from './page.ts';
import { ecsState, lastPart, type Place, type StoredDefinition } from './state.ts';

/**
 * A revision by ARN, `family:revision`, or `family` for its latest active one. Throws ClientException for one that is not
 * there.
 */
export function definitionOf(place: Place, reference: string | undefined): StoredDefinition {
  const [family = '', revision] = lastPart(reference ?? '').split(':');
  const revisions = ecsState(place.cloud, place).families.get(family) ?? [];
  const found =
    revision === undefined
      ? revisions.findLast(({ definition }) => definition.status === 'ACTIVE')
      : revisions[Number(revision) - 1];
  if (!found) throw clientError('Unable to describe task definition.');
  return found;
}

/** One that new tasks may be made of. Throws ClientException for one that is not there or was deregistered. */
export function activeDefinitionOf(place: Place, reference: string | undefined): StoredDefinition {
  let found: StoredDefinition | undefined;
  try {
    found = definitionOf(place, reference);
  } catch {
    throw clientError('TaskDefinition not found.');
  }
  if (found.definition.status !== 'ACTIVE') throw clientError('TaskDefinition is inactive');
  return found;
}

export const describeTaskDefinition = operation<
  DescribeTaskDefinitionCommandInput,
  DescribeTaskDefinitionCommandOutput
>({
  demands: () => [{ action: 'ecs:DescribeTaskDefinition', resource: '*' }],
  run({ taskDefinition, include = [] }, call) {
    const { definition, tags } = definitionOf(call, taskDefinition);
    return { taskDefinition: definition, ...(include.includes('TAGS') && { tags }) };
  },
});

/** Running tasks and services keep what they have; new ones cannot be made of it. */
export const deregisterTaskDefinition = operation<
  DeregisterTaskDefinitionCommandInput,
  DeregisterTaskDefinitionCommandOutput
>({
  demands: () => [{ action: 'ecs:DeregisterTaskDefinition', resource: '*' }],
  run({ taskDefinition }, call) {
    if (!/:\d+$/.test(taskDefinition ?? '')) throw clientError('Revision is missing.');
    const stored = definitionOf(call, taskDefinition);
    Object.assign(stored.definition, { status: 'INACTIVE', deregisteredAt: new Date(call.cloud.clock.now()) });
    return { taskDefinition: stored.definition };
  },
});

export const listTaskDefinitions = operation<ListTaskDefinitionsCommandInput, ListTaskDefinitionsCommandOutput>({
  demands: () => [{ action: 'ecs:ListTaskDefinitions', resource: '*' }],
  run({ familyPrefix, status = 'ACTIVE', sort = 'ASC', ...paging }, call) {
    const arns = [...ecsState(call.cloud, call).families]
      .filter(([family]) => familyPrefix === undefined || family === familyPrefix)
      .flatMap(([, revisions]) => revisions)
      .filter(({ definition }) => definition.status === status)
      .map(({ definition }) => definition.taskDefinitionArn ?? '');
    const { items, nextToken } = page(sort === 'DESC' ? arns.toReversed() : arns, paging);
    return { taskDefinitionArns: items, nextToken };
  },
});
