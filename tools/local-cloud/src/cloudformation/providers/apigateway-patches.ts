import { isDeepStrictEqual } from 'node:util';
import type { PatchOperation } from '@aws-sdk/client-api-gateway';
import type { Properties, UpdateRequest } from '../provider.ts';

/** A property and the path of API Gateway's patch operations that changes it. */
export type PatchPaths = Readonly<Record<string, string>>;

/** A segment of a patch path (RFC 6901). */
export function segment(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** What changes texts, numbers and truth values from what they were. One that is gone becomes the `defaults`' value, or empty. */
export function replacements(
  { properties, previous }: Pick<UpdateRequest, 'properties' | 'previous'>,
  paths: PatchPaths,
  defaults: Readonly<Record<string, unknown>> = {},
): PatchOperation[] {
  return Object.entries(paths)
    .filter(([name]) => properties[name] !== previous[name])
    .map(([name, path]) => ({ op: 'replace', path, value: String(properties[name] ?? defaults[name] ?? '') }));
}

/** What changes a map of texts: `/variables/{name}`. */
export function mapPatches(path: string, after: Properties = {}, before: Properties = {}): PatchOperation[] {
  const gone = Object.keys(before).filter((name) => after[name] === undefined);
  const changed = Object.entries(after).filter(([name, value]) => !isDeepStrictEqual(before[name], value));
  return [
    ...gone.map((name): PatchOperation => ({ op: 'remove', path: `${path}/${segment(name)}` })),
    ...changed.map(
      ([name, value]): PatchOperation => ({
        op: before[name] === undefined ? 'add' : 'replace',
        path: `${path}/${segment(name)}`,
        value: String(value),
      }),
    ),
  ];
}

/** Members with a lower-case first letter, as API Gateway's API has them; maps keyed by the user's own names stay as they are. */
export function camelCased(value: unknown, verbatim: readonly string[] = []): unknown {
  if (Array.isArray(value)) return value.map((item) => camelCased(item, verbatim));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      `${name.charAt(0).toLowerCase()}${name.slice(1)}`,
      verbatim.includes(name) ? item : camelCased(item, verbatim),
    ]),
  );
}
