import type { Tag } from '@aws-sdk/client-cloudformation';
import { validationError } from './errors.ts';
import { evaluate, type Scope } from './evaluate.ts';
import type { ResourceProvider } from './provider.ts';
import { providerOf } from './providers/index.ts';
import { type ResourceSpecification, specificationOf } from './resource-specification.ts';
import type { ValidationProblem } from './state.ts';
import { type DeletionPolicy, isObject, type ResourceDefinition } from './template.ts';

/** A resource of the template with its values known. */
export interface EvaluatedResource {
  readonly provider: ResourceProvider;
  /** `undefined` for custom resources: they have properties of their own. */
  readonly specification: ResourceSpecification | undefined;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly deletionPolicy: DeletionPolicy;
  readonly updateReplacePolicy: DeletionPolicy;
  readonly problems: readonly ValidationProblem[];
}

/** Evaluates a resource: its properties in their documented types with the stack's tags, its policies, what is wrong. */
export async function evaluateResource(
  logicalId: string,
  definition: ResourceDefinition,
  scope: Scope,
  stackTags: readonly Tag[],
): Promise<EvaluatedResource> {
  const provider = providerOf(definition.Type);
  if (!provider) throw validationError(`The embedded cloud has no resource type ${definition.Type}.`);
  const specification = provider.properties === 'any' ? undefined : await specificationOf(definition.Type);
  const given = ((await evaluate(definition.Properties ?? {}, scope)) ?? {}) as Record<string, unknown>;
  const { properties, problems } = specification?.conform(given) ?? { properties: given, problems: [] };
  const supported = provider.properties;
  const unsupported = Object.keys(properties).filter((name) => supported !== 'any' && !supported.includes(name));
  return {
    provider,
    specification,
    properties: withStackTags(properties, stackTags, specification, supported),
    deletionPolicy: await policy(definition.DeletionPolicy, logicalId, scope),
    updateReplacePolicy: await policy(definition.UpdateReplacePolicy, logicalId, scope),
    problems: [
      ...problems,
      ...unsupported.map((name) => ({
        path: `/${name}`,
        message: `The embedded cloud does not carry out the property ${name} of ${definition.Type}`,
      })),
    ].map(({ path, message }) => ({
      logicalId,
      type: definition.Type,
      path: `/Resources/${logicalId}/Properties${path === '/' ? '' : path}`,
      message,
    })),
  };
}

async function policy(value: unknown, logicalId: string, scope: Scope): Promise<DeletionPolicy> {
  const evaluated = (await evaluate(value ?? 'Delete', scope)) as DeletionPolicy;
  if (['Delete', 'Retain', 'RetainExceptOnCreate'].includes(evaluated)) return evaluated;
  throw validationError(
    `Template error: ${JSON.stringify(evaluated)} is no deletion policy of resource ${logicalId}: use Delete, Retain or RetainExceptOnCreate`,
  );
}

/** "Resource tag", CloudFormation Template Reference: a stack's tags go to its resources, whose own take precedence. */
function withStackTags(
  properties: Readonly<Record<string, unknown>>,
  stackTags: readonly Tag[],
  specification: ResourceSpecification | undefined,
  supported: readonly string[] | 'any',
): Readonly<Record<string, unknown>> {
  const tags = specification?.tags;
  if (!tags || stackTags.length === 0 || supported === 'any' || !supported.includes(tags.property)) return properties;
  const own = properties[tags.property];
  if (tags.asMap) {
    const fromStack = Object.fromEntries(stackTags.map(({ Key, Value }) => [Key, Value]));
    return { ...properties, [tags.property]: { ...fromStack, ...(isObject(own) ? own : {}) } };
  }
  const list = Array.isArray(own) ? (own as Tag[]) : [];
  const added = stackTags.filter(({ Key }) => !list.some((tag) => tag.Key === Key));
  return { ...properties, [tags.property]: [...list, ...added.map(({ Key, Value }) => ({ Key, Value }))] };
}
