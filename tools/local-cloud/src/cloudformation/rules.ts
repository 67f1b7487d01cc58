import { validationError } from './errors.ts';
import { evaluate, type ParameterValue, type Scope } from './evaluate.ts';
import { functionCall } from './function-syntax.ts';
import type { Template } from './template.ts';

/**
 * Checks the Rules section against the parameters ("Rule-specific intrinsic functions", CloudFormation User Guide).
 * Throws ValidationError with the descriptions of the assertions that do not hold.
 */
export async function checkRules(template: Template, scope: Scope): Promise<void> {
  const failures: string[] = [];
  for (const [name, rule] of Object.entries(template.Rules ?? {})) {
    if (rule.RuleCondition !== undefined && !(await holds(rule.RuleCondition, scope))) continue;
    for (const { Assert, AssertDescription } of rule.Assertions) {
      if (!(await holds(Assert, scope))) failures.push(AssertDescription ?? `Assertion of rule ${name}`);
    }
  }
  if (failures.length > 0) {
    throw validationError(`Template error: Assertions failed: ${failures.join('; ')}`);
  }
}

async function holds(value: unknown, scope: Scope): Promise<boolean> {
  const [name, argument] = functionCall(value) ?? [];
  const given = Array.isArray(argument) ? argument : [];
  switch (name) {
    case 'Fn::And':
      return (await all(given, scope)).every(Boolean);
    case 'Fn::Or':
      return (await all(given, scope)).some(Boolean);
    case 'Fn::Not':
      return !(await holds(given[0], scope));
    case 'Fn::Contains':
      return (await strings(given[0], scope)).includes(String(await evaluate(given[1], scope)));
    case 'Fn::EachMemberEquals': {
      const wanted = String(await evaluate(given[1], scope));
      return (await strings(given[0], scope)).every((item) => item === wanted);
    }
    case 'Fn::EachMemberIn': {
      const allowed = await strings(given[1], scope);
      return (await strings(given[0], scope)).every((item) => allowed.includes(item));
    }
    case 'Fn::RefAll':
    case 'Fn::ValueOf':
    case 'Fn::ValueOfAll':
      throw validationError(`Template error: the function ${name} is not supported here`);
    default:
      return (await evaluate(value, scope)) === true;
  }
}

function all(values: readonly unknown[], scope: Scope): Promise<boolean[]> {
  return Promise.all(values.map((value) => holds(value, scope)));
}

async function strings(value: unknown, scope: Scope): Promise<string[]> {
  const list = (await evaluate(value, scope)) as ParameterValue;
  return [list].flat().map(String);
}
