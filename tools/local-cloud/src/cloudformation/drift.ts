import { isDeepStrictEqual } from 'node:util';
import type { PropertyDifference } from '@aws-sdk/client-cloudformation';
import type { Properties } from './provider.ts';
import { providerOf } from './providers/index.ts';
import { resourceRequest } from './resource-request.ts';
import type { Surroundings } from './scope.ts';
import type { ResourceDrift, StackResource } from './state.ts';
import { isObject } from './template.ts';

/**
 * Compares a resource with what its service has now; only properties the template gives count. `undefined` for types
 * without drift detection. Throws what the service answers. ("Detect unmanaged configuration changes to stacks and
 * resources with drift detection", CloudFormation User Guide.)
 */
export async function detectDrift(
  surroundings: Surroundings,
  resource: StackResource,
): Promise<ResourceDrift | undefined> {
  const { physicalId, properties } = resource;
  const { cloud } = surroundings;
  const read = providerOf(resource.type)?.read;
  if (!read || physicalId === undefined) return undefined;
  const found = await read({
    ...resourceRequest(surroundings, resource, new AbortController().signal),
    physicalId,
  });
  const checked = new Date(cloud.clock.now());
  if (!found) return { status: 'DELETED', checked, differences: [] };
  const readable = Object.keys(properties).filter((name) => Object.hasOwn(found.properties, name));
  const [expected, actual] = [properties, found.properties].map((all) => pick(all, readable)) as [
    Properties,
    Properties,
  ];
  const differences = propertyDifferences(expected, actual);
  return { status: differences.length > 0 ? 'MODIFIED' : 'IN_SYNC', checked, expected, actual, differences };
}

function pick(all: Properties, names: readonly string[]): Properties {
  return Object.fromEntries(names.filter((name) => all[name] !== undefined).map((name) => [name, all[name]]));
}

/** Where `actual` is not what `expected` says ("PropertyDifference", CloudFormation API Reference). Lists have no order. */
export function propertyDifferences(expected: unknown, actual: unknown, path = ''): PropertyDifference[] {
  if (isDeepStrictEqual(expected, actual)) return [];
  if (actual === undefined) return [difference('REMOVE', path, expected, actual)];
  if (isObject(expected) && isObject(actual)) {
    return Object.keys(expected).flatMap((name) =>
      propertyDifferences(expected[name], actual[name], `${path}/${name}`),
    );
  }
  if (!Array.isArray(expected) || !Array.isArray(actual)) return [difference('NOT_EQUAL', path, expected, actual)];
  const indexed = (list: readonly unknown[], other: readonly unknown[]) =>
    [...list.entries()].filter(([, item]) => !other.some((candidate) => isDeepStrictEqual(item, candidate)));
  const [missing, added] = [indexed(expected, actual), indexed(actual, expected)];
  const changed = Math.min(missing.length, added.length);
  return [
    ...missing
      .slice(0, changed)
      .map(([index, item], i) => difference('NOT_EQUAL', `${path}/${index}`, item, added[i]?.[1])),
    ...missing.slice(changed).map(([index, item]) => difference('REMOVE', `${path}/${index}`, item, undefined)),
    ...added.slice(changed).map(([index, item]) => difference('ADD', `${path}/${index}`, undefined, item)),
  ];
}

function difference(
  DifferenceType: 'ADD' | 'REMOVE' | 'NOT_EQUAL',
  PropertyPath: string,
  expected: unknown,
  actual: unknown,
): PropertyDifference {
  return { PropertyPath, DifferenceType, ExpectedValue: asText(expected), ActualValue: asText(actual) };
}

const asText = (value: unknown) =>
  value === undefined ? 'null' : typeof value === 'string' ? value : JSON.stringify(value);
