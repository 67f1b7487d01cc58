import type { PatchOperation } from '@aws-sdk/client-api-gateway';
import { badRequest } from './errors.ts';

type Op = 'add' | 'remove' | 'replace';

/** What one path of a resource takes. `{name}` in the path stands for one segment, which is handed on unescaped. */
export interface PatchRule<Target> {
  readonly path: string;
  readonly ops: readonly Op[];
  /** With `remove`, `value` says which of several, where the path does not. */
  apply(target: Target, value: string | undefined, names: readonly string[], op: Op): void;
}

/**
 * Carries out patch operations in their order ("Patch Operations", Amazon API Gateway REST API Reference). Nothing is changed
 * when one of them is refused: it works on a copy, which is answered. Throws BadRequestException.
 */
export function patched<Target>(
  target: Target,
  operations: readonly PatchOperation[] | undefined,
  rules: readonly PatchRule<Target>[],
): Target {
  const copy = structuredClone(target);
  for (const { op = 'replace', path = '', value } of operations ?? []) {
    const candidates = rules.filter((rule) => patternOf(rule.path).test(path));
    const rule = candidates.find(({ ops }) => (ops as readonly string[]).includes(op));
    if (!rule) {
      const paths = rules.filter(({ ops }) => (ops as readonly string[]).includes(op)).map((one) => one.path);
      throw badRequest(`Invalid patch path  '${path}' specified for op '${op}'. Must be one of: [${paths.join(', ')}]`);
    }
    if (op !== 'remove' && value === undefined) throw badRequest(`Invalid patch value for path '${path}': null`);
    const names = (patternOf(rule.path).exec(path) ?? []).slice(1).map(unescaped);
    rule.apply(copy, value, names, op as Op);
  }
  return copy;
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{\w+\}/g, '([^/]+)')}$`);
}

/** RFC 6901. */
function unescaped(segment: string): string {
  return segment.replaceAll('~1', '/').replaceAll('~0', '~');
}

/** RFC 6901, for who composes a path: `/orders` becomes `~1orders`. */
export function escaped(segment: string): string {
  return segment.replaceAll('~', '~0').replaceAll('/', '~1');
}

type Writable = Record<string, unknown>;

/** A member that is text. */
export function text<Target>(path: string, member: keyof Target, ops: readonly Op[] = ['replace']): PatchRule<Target> {
  return {
    path,
    ops,
    apply: (target, value, _, op) => {
      (target as Writable)[member as string] = op === 'remove' ? undefined : value;
    },
  };
}

/** A member that is true or false. */
export function flag<Target>(path: string, member: keyof Target): PatchRule<Target> {
  return {
    path,
    ops: ['replace'],
    apply: (target, value) => {
      (target as Writable)[member as string] = booleanOf(value);
    },
  };
}

/** A member that is a number. */
export function number<Target>(path: string, member: keyof Target): PatchRule<Target> {
  return {
    path,
    ops: ['replace'],
    apply: (target, value) => {
      (target as Writable)[member as string] = numberOf(value);
    },
  };
}

/** A member that is a map from names to texts: `/variables/{name}`. */
export function textMap<Target>(path: string, member: keyof Target): PatchRule<Target> {
  return {
    path: `${path}/{name}`,
    ops: ['add', 'replace', 'remove'],
    apply: (target, value = '', [name = ''], op) => {
      const map = { ...((target as Writable)[member as string] as Record<string, string> | undefined) };
      if (op === 'remove') delete map[name];
      else map[name] = value;
      (target as Writable)[member as string] = map;
    },
  };
}

/** A member that is a map from names to true and false: `/requestParameters/{name}`. */
export function flagMap<Target>(path: string, member: keyof Target): PatchRule<Target> {
  return {
    path: `${path}/{name}`,
    ops: ['add', 'replace', 'remove'],
    apply(target, value, [name = ''], op) {
      const map = { ...((target as Writable)[member as string] as Record<string, boolean> | undefined) };
      if (op === 'remove') delete map[name];
      else map[name] = booleanOf(value);
      (target as Writable)[member as string] = map;
    },
  };
}

/** A patch’s value, `true` or `false`. Throws BadRequestException. */
export function booleanOf(value: string | undefined): boolean {
  if (value !== 'true' && value !== 'false') throw badRequest(`Invalid boolean value '${value}': use true or false`);
  return value === 'true';
}

/** A patch’s value in digits. Throws BadRequestException. */
export function numberOf(value: string | undefined): number {
  const number = Number(value);
  if (value === undefined || value.trim() === '' || Number.isNaN(number)) {
    throw badRequest(`Invalid number '${value}'`);
  }
  return number;
}

/** Takes over what `after` has, and drops what it lacks: for settings that live in an object others hold. */
export function takeOver<Target extends object>(target: Target, after: Target): Target {
  for (const key of Object.keys(target)) delete (target as Writable)[key];
  return Object.assign(target, after);
}
