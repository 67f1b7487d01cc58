import { validationError } from './errors.ts';
import { evaluate, type Scope } from './evaluate.ts';
import { functionCall } from './function-syntax.ts';
import { isObject, type Template } from './template.ts';

type ConditionScope = Omit<Scope, 'conditions'>;

/**
 * Evaluates the Conditions section; conditions may name each other in any order. Throws ValidationError for a
 * circular or unknown one.
 */
export async function evaluateConditions(
  template: Template,
  scope: ConditionScope,
): Promise<Readonly<Record<string, boolean>>> {
  const definitions = template.Conditions ?? {};
  const results: Record<string, boolean> = {};

  async function resolve(name: string, path: readonly string[]): Promise<void> {
    if (Object.hasOwn(results, name)) return;
    if (path.includes(name)) throw validationError('Template error: Found circular condition dependency');
    if (!Object.hasOwn(definitions, name)) {
      throw validationError(
        `Template format error: Unresolved condition dependency ${name} in the Conditions block of the template`,
      );
    }
    for (const needed of conditionsIn(definitions[name])) await resolve(needed, [...path, name]);
    results[name] = (await evaluate(definitions[name], { ...scope, conditions: results })) === true;
  }

  for (const name of Object.keys(definitions)) await resolve(name, []);
  return results;
}

/** Names of the conditions a condition's definition uses. */
function conditionsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(conditionsIn);
  const [name, argument] = functionCall(value) ?? [];
  if (name === 'Condition') return [String(argument)];
  return isObject(value) ? Object.values(value).flatMap(conditionsIn) : [];
}
