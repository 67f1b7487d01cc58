import { isDeepStrictEqual } from 'node:util';
import { loadAwsServiceSpec } from '@aws-cdk/aws-service-spec';
import { conform, type Problem } from './conform.ts';
import { isObject } from './template.ts';

/** AWS's own specification of its resource types, as the package publishes it. */
export type SpecDatabase = Awaited<ReturnType<typeof loadAwsServiceSpec>>;
const lookup = (database: SpecDatabase, type: string) =>
  database.lookup('resource', 'cloudFormationType', 'equals', type)[0];
type Resource = NonNullable<ReturnType<typeof lookup>>;
export type SpecProperty = Resource['properties'][string];

/** Whether changing a property needs a new physical resource ("Update requires" of the property's documentation). */
export type Recreation = 'Always' | 'Conditionally' | 'Never';

/** What AWS documents of one resource type. */
export interface ResourceSpecification {
  readonly type: string;
  /** Names of the properties that identify the resource, when a template may set them: `['BucketName']`. */
  readonly nameProperties: readonly string[];
  /** The property that takes tags, and whether as a list of Key and Value or as a map. */
  readonly tags: { readonly property: string; readonly asMap: boolean } | undefined;
  /** Can `Fn::GetAtt` name it? */
  hasAttribute(name: string): boolean;
  /** The properties with their values turned into the documented types, and what is wrong with them. */
  conform(properties: Readonly<Record<string, unknown>>): {
    readonly properties: Record<string, unknown>;
    readonly problems: readonly Problem[];
  };
  recreation(property: string, before: unknown, after: unknown): Recreation;
}

let database: Promise<SpecDatabase> | undefined;

/** The specification of a resource type; `undefined` when AWS has no such type. The first call reads it from disk. */
export async function specificationOf(type: string): Promise<ResourceSpecification | undefined> {
  database ??= loadAwsServiceSpec();
  const spec = await database;
  const resource = lookup(spec, type);
  return resource && specification(spec, resource);
}

function specification(spec: SpecDatabase, resource: Resource): ResourceSpecification {
  const names = resource.primaryIdentifier ?? [];
  const tags = resource.tagInformation;
  return {
    type: resource.cloudFormationType,
    nameProperties: names.every((name) => resource.properties[name]) ? names : [],
    tags: tags && { property: tags.tagPropertyName, asMap: tags.variant === 'map' },
    hasAttribute: (name) => Object.hasOwn(resource.attributes, name) || name.split('.')[0] === 'Outputs',
    conform: (properties) => conform(spec, resource.properties, properties),
    recreation(property, before, after) {
      const definition = resource.properties[property];
      return definition ? recreationOf(spec, definition, before, after) : 'Never';
    },
  };
}

const recreations = { yes: 'Always', maybe: 'Conditionally', no: 'Never' } as const;

function recreationOf(spec: SpecDatabase, property: SpecProperty, before: unknown, after: unknown): Recreation {
  const own = recreations[property.causesReplacement ?? 'no'];
  if (own !== 'Never' || property.type.type !== 'ref') return own;
  // Part of a property may be create-only though the whole is not.
  const members = spec.get('typeDefinition', property.type.reference).properties;
  const [old, next] = [before, after].map((value) => (isObject(value) ? value : {})) as [object, object];
  const changed = Object.entries(members).filter(([name]) => !isDeepStrictEqual(member(old, name), member(next, name)));
  const results = changed.map(([name, definition]) =>
    recreationOf(spec, definition, member(old, name), member(next, name)),
  );
  return (
    results.find((result) => result === 'Always') ?? results.find((result) => result === 'Conditionally') ?? 'Never'
  );
}

const member = (object: object, name: string) => (object as Record<string, unknown>)[name];
