import { AwsError } from '../errors.ts';
import { operationsOf, type Service } from '../service.ts';
import { cutMoments, type Effect, type Fault, strikesEarly } from './fault.ts';
import { batchOperations } from './partial.ts';

const members = ['service', 'operation', 'resource', 'times', 'forMs', 'effect'];

/** What each effect says beside its kind, and what is wrong with a value it is given. */
const effects: Readonly<Record<Effect['kind'], Readonly<Record<string, Check>>>> = {
  delay: { ms: atLeast(0) },
  fail: { code: text, message: optional(text), status: optional(between(400, 599)) },
  throttle: {},
  partial: { every: atLeast(1), code: optional(text) },
  cut: { when: oneOf(cutMoments) },
};

/**
 * A fault as somebody described it. Throws ValidationException that lists everything that is wrong with it: a fault that hits
 * nothing would prove nothing.
 */
export async function readFault(description: unknown, services: ReadonlyMap<string, Service>): Promise<Fault> {
  if (typeof description !== 'object' || description === null || Array.isArray(description)) {
    throw invalid(['a fault is an object {service, effect: {kind}}']);
  }
  const fault = description as Record<string, unknown>;
  const problems = [
    ...unknownMembers(fault, members),
    ...problemsOf(fault, {
      service: oneOf([...services.keys()]),
      operation: optional(text),
      resource: optional(text),
      times: optional(atLeast(1)),
      forMs: optional(atLeast(1)),
    }),
    ...problemsOfEffect(fault['effect']),
  ];
  if (problems.length === 0) problems.push(...(await contradictions(fault as unknown as Fault, services)));
  if (problems.length > 0) throw invalid(problems);
  return fault as unknown as Fault;
}

function problemsOfEffect(effect: unknown): string[] {
  const { kind, ...rest } = (effect ?? {}) as Record<string, unknown>;
  const kinds = Object.keys(effects);
  const known = effects[kind as Effect['kind']];
  if (!known) return [`effect.kind is ${JSON.stringify(kind)}; use one of ${kinds.join(', ')}`];
  return [...unknownMembers(rest, Object.keys(known)), ...problemsOf(rest, known)].map(
    (problem) => `effect ${kind}: ${problem}`,
  );
}

async function contradictions(fault: Fault, services: ReadonlyMap<string, Service>): Promise<string[]> {
  const { service: name, operation, resource, effect } = fault;
  const service = services.get(name) as Service;
  const problems: string[] = [];
  const operations = await operationsOf(service);
  if (operation && !operations[operation]) {
    problems.push(`${name} has no operation ${operation}; it has ${Object.keys(operations).sort().join(', ')}`);
  }
  if (effect.kind === 'partial' && !(operation && batchOperations.includes(operation))) {
    problems.push(`effect partial is for the operations ${batchOperations.join(', ')}`);
  }
  if (strikesEarly(fault) && resource) {
    problems.push('before its body has come, a request has no resource; leave resource out, or cut it before or after');
  }
  if (strikesEarly(fault) && operation && service.xmlNamespace && !service.rest) {
    problems.push(`the operation of a ${name} request is in its body; leave operation out, or cut it before or after`);
  }
  return problems;
}

/** What is wrong with a value, or undefined. */
type Check = (value: unknown) => string | undefined;

function problemsOf(given: Record<string, unknown>, checks: Readonly<Record<string, Check>>): string[] {
  return Object.entries(checks).flatMap(([name, check]) => {
    const problem = check(given[name]);
    return problem ? [`${name} is ${JSON.stringify(given[name])}; ${problem}`] : [];
  });
}

function unknownMembers(given: Record<string, unknown>, known: readonly string[]): string[] {
  const use = known.length > 0 ? `use ${known.join(', ')}` : 'it takes nothing';
  return Object.keys(given)
    .filter((name) => !known.includes(name))
    .map((name) => `there is no ${name}; ${use}`);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? undefined : 'use a text';
}

function oneOf(choices: readonly string[]): Check {
  return (value) => (choices.includes(value as string) ? undefined : `use one of ${choices.join(', ')}`);
}

function atLeast(least: number): Check {
  return between(least, Number.MAX_SAFE_INTEGER);
}

function between(least: number, most: number): Check {
  const range = most === Number.MAX_SAFE_INTEGER ? `from ${least}` : `from ${least} to ${most}`;
  return (value) =>
    Number.isInteger(value) && Number(value) >= least && Number(value) <= most
      ? undefined
      : `use a whole number ${range}`;
}

function optional(check: Check): Check {
  return (value) => (value === undefined ? undefined : check(value));
}

function invalid(problems: readonly string[]): AwsError {
  return new AwsError('ValidationException', `The fault is refused: ${problems.join('; ')}.`);
}
