import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { attributeOf, type Item } from '../attribute-values.ts';
import { type Path, showPath } from './syntax.ts';

/** What an item has at a path. */
export function valueAt(item: Item, path: Path): AttributeValue | undefined {
  const [first, ...rest] = path;
  let value = attributeOf(item, first);
  for (const part of rest) value = value && memberOf(value, part);
  return value;
}

/** An element of a list or an attribute of a map, where the value has it. */
export function memberOf(value: AttributeValue, part: string | number): AttributeValue | undefined {
  if (typeof part === 'number') return value.L?.[part];
  return value.M && attributeOf(value.M, part);
}

/** What is wrong with paths that meet in one expression: one within the other, or as map here and as list there. */
export function checkOverlap(paths: readonly Path[]): string | undefined {
  for (const [i, later] of paths.entries()) {
    for (const earlier of paths.slice(0, i)) {
      const relation = relationOf(earlier, later);
      if (!relation) continue;
      return `Two document paths ${relation} with each other; must remove or rewrite one of these paths; path one: ${showPath(earlier)}, path two: ${showPath(later)}`;
    }
  }
  return undefined;
}

function relationOf(one: Path, other: Path): 'overlap' | 'conflict' | undefined {
  for (let i = 0; i < one.length && i < other.length; i += 1) {
    if (typeof one[i] !== typeof other[i]) return 'conflict';
    if (one[i] !== other[i]) return undefined;
  }
  return 'overlap';
}

/** Where paths lead: by name or index, down to the ends, which are `undefined`. */
type Tree = Map<string | number, Tree | undefined>;

/** The part of an item that paths lead to: maps keep their other members out, lists close up. */
export function project(item: Item, paths: readonly Path[]): Item {
  return projectMap(item, treeOf(paths));
}

function treeOf(paths: readonly Path[]): Tree {
  const root: Tree = new Map();
  for (const path of paths) {
    let node = root;
    for (const part of path.slice(0, -1)) {
      const next = node.get(part) ?? new Map();
      node.set(part, next);
      node = next;
    }
    node.set(path.at(-1) as string | number, undefined);
  }
  return root;
}

function projectMap(map: Item, tree: Tree): Item {
  const found: [string, AttributeValue][] = [];
  for (const [part, rest] of tree) {
    const value = typeof part === 'string' ? attributeOf(map, part) : undefined;
    const projected = value && projectValue(value, rest);
    if (projected) found.push([part as string, projected]);
  }
  return Object.fromEntries(found);
}

function projectValue(value: AttributeValue, tree: Tree | undefined): AttributeValue | undefined {
  if (!tree) return value;
  if (value.M) {
    const M = projectMap(value.M, tree);
    return Object.keys(M).length > 0 ? { M } : undefined;
  }
  if (!value.L) return undefined;
  const indexes = [...tree].filter(([part]) => typeof part === 'number').sort(([a], [b]) => Number(a) - Number(b));
  const L = indexes.flatMap(([part, rest]) => {
    const element = memberOf(value, part);
    const projected = element && projectValue(element, rest);
    return projected ? [projected] : [];
  });
  return L.length > 0 ? { L } : undefined;
}
