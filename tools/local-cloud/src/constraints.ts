/**
 * The checks AWS derives from a service's model, each answering what is wrong in AWS's words, or nothing:
 * "1 validation error detected: Value 'a b' at 'streamName' failed to satisfy constraint: Member must satisfy …".
 * Members are named as in the model with a lower-case first letter. Absent values pass all but {@link notNull}.
 */
export type Problem = string | undefined;

function problem(member: string, value: unknown, constraint: string): string {
  return `Value '${value}' at '${member}' failed to satisfy constraint: ${constraint}`;
}

export function notNull(member: string, value: unknown): Problem {
  if (value !== undefined && value !== null) return undefined;
  return `Value null at '${member}' failed to satisfy constraint: Member must not be null`;
}

export function matches(member: string, value: string | undefined, pattern: string): Problem {
  if (value === undefined || new RegExp(`^(?:${pattern})$`).test(value)) return undefined;
  return problem(member, value, `Member must satisfy regular expression pattern: ${pattern}`);
}

/** Length in characters; code points count, not UTF-16 units. */
export function lengthBetween(member: string, value: string | undefined, min: number, max: number): Problem {
  if (value === undefined) return undefined;
  const length = value.length > max ? [...value].length : value.length;
  if (length < min) return problem(member, value, `Member must have length greater than or equal to ${min}`);
  if (length > max) return problem(member, value, `Member must have length less than or equal to ${max}`);
  return undefined;
}

/** Number of members of a list or map. The value is left out of the text, as it may be large. */
export function sizeBetween(member: string, size: number, min: number, max: number): Problem {
  if (size < min) return emptyValue(member, `Member must have length greater than or equal to ${min}`);
  if (size > max) return emptyValue(member, `Member must have length less than or equal to ${max}`);
  return undefined;
}

function emptyValue(member: string, constraint: string): string {
  return `Value at '${member}' failed to satisfy constraint: ${constraint}`;
}

export function between(member: string, value: number | undefined, min: number, max: number): Problem {
  if (value === undefined) return undefined;
  if (value < min) return problem(member, value, `Member must have value greater than or equal to ${min}`);
  if (value > max) return problem(member, value, `Member must have value less than or equal to ${max}`);
  return undefined;
}

export function oneOf(member: string, value: string | undefined, allowed: readonly string[]): Problem {
  if (value === undefined || allowed.includes(value)) return undefined;
  return problem(member, value, `Member must satisfy enum value set: [${allowed.join(', ')}]`);
}

/** AWS names at most ten problems at once. */
const mostProblems = 10;

/** All problems in one sentence, or nothing when there are none. */
export function validationErrors(problems: readonly Problem[]): string | undefined {
  const found = problems.filter((text) => text !== undefined).slice(0, mostProblems);
  if (found.length === 0) return undefined;
  return `${found.length} validation error${found.length > 1 ? 's' : ''} detected: ${found.join('; ')}`;
}
