import { ContractError } from './errors.ts';

/** What one parameter of a contract is: where it lives below `/{stage}/{context}/` and what it holds. */
export interface ContractParameter {
  /** Segments joined by `/`, without a slash at either end, e.g. `extension/layer/arn`. */
  readonly path: string;
  readonly description: string;
}

/** The SSM parameters that one context publishes for others. `Name` is the union of the names it declares. */
export interface Contract<Name extends string> {
  readonly context: string;
  readonly parameters: Readonly<Record<Name, ContractParameter>>;
}

/** One value per declared name. */
export type ContractValues<Name extends string> = Readonly<Record<Name, string>>;

// Parameter names: letters, digits and `_.-/` (PutParameter, AWS Systems Manager API Reference).
const segment = /^[A-Za-z0-9_.-]+$/;

/**
 * Declares a contract.
 * @throws ContractError (`CONTRACT_INVALID`) naming every context or path that SSM would refuse.
 */
export function defineContract<const Name extends string>(
  context: string,
  parameters: Readonly<Record<Name, ContractParameter>>,
): Contract<Name> {
  const declared: [string, ContractParameter][] = Object.entries(parameters);
  const problems = declared
    .filter(([, { path }]) => !path.split('/').every((part) => segment.test(part)))
    .map(([name, { path }]) => `the path of ${name} is "${path}"; use segments of ${segment.source} joined by "/"`);
  if (!segment.test(context)) problems.unshift(`the context is "${context}"; use one segment of ${segment.source}`);
  if (problems.length > 0) throw new ContractError('CONTRACT_INVALID', problems);
  return { context, parameters };
}

/** `/{stage}/{context}/`: everything a context publishes in a stage starts with it. */
export function parameterPrefix(stage: string, context: string): string {
  return `/${stage}/${context}/`;
}

/** The full name of one parameter, e.g. `/dev/observability-core/stream/arn`. */
export function parameterName<Name extends string>(contract: Contract<Name>, stage: string, name: Name): string {
  return parameterPrefix(stage, contract.context) + contract.parameters[name].path;
}
