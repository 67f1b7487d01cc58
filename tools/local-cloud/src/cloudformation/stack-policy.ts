import { conditionsHold, isConditionOperator } from '../iam/conditions.ts';
import { matches } from '../iam/pattern.ts';
import { validationError } from './errors.ts';
import { isObject } from './template.ts';

/** What an update does to a resource that stands. */
export type UpdateAction = 'Update:Modify' | 'Update:Replace' | 'Update:Delete';

interface Statement {
  readonly effect: string;
  readonly actions: readonly string[];
  readonly isNotAction: boolean;
  readonly resources: readonly string[];
  readonly isNotResource: boolean;
  readonly condition: Record<string, Record<string, string | readonly string[]>> | undefined;
}

/** Why an action on a resource is refused; `undefined` when it may be done. */
export type StackPolicy = (action: UpdateAction, logicalId: string, type: string) => string | undefined;

/**
 * Reads a stack policy ("Prevent updates to stack resources", CloudFormation User Guide): with one, only what a statement
 * allows and none denies may be done. Throws ValidationError for text that is none.
 */
export function readStackPolicy(text: string): StackPolicy {
  const statements = parse(text);
  return (action, logicalId, type) => {
    const resource = `LogicalResourceId/${logicalId}`;
    const context = new Map([['resourcetype', [type]]]);
    const applying = [...statements.entries()].filter(([, one]) => applies(one, action, resource, context));
    const denying = applying.find(([, { effect }]) => effect === 'Deny');
    if (denying) {
      const [index, { actions }] = denying;
      return `Action denied by stack policy: Statement [#${index + 1}] does not allow [${actions.join(', ')}] for resource [${resource}]`;
    }
    if (applying.length > 0) return undefined;
    return `Action denied by stack policy: no statement allows [${action}] for resource [${resource}]`;
  };
}

function applies(
  { actions, isNotAction, resources, isNotResource, condition }: Statement,
  action: string,
  resource: string,
  context: ReadonlyMap<string, readonly string[]>,
): boolean {
  const isListed = (patterns: readonly string[], text: string) => patterns.some((pattern) => matches(pattern, text));
  if (isListed(actions, action) === isNotAction) return false;
  if (isListed(resources, resource) === isNotResource) return false;
  return conditionsHold(condition, context) === true;
}

function parse(text: string): Statement[] {
  let policy: unknown;
  try {
    policy = JSON.parse(text);
  } catch {
    throw invalid('it is not JSON');
  }
  if (!isObject(policy) || policy['Statement'] === undefined) throw invalid('it has no Statement');
  return [policy['Statement']].flat().map(readStatement);
}

const members = ['Sid', 'Effect', 'Principal', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition'];

function readStatement(statement: unknown): Statement {
  if (!isObject(statement)) throw invalid('a statement is no object');
  const unknown = Object.keys(statement).find((name) => !members.includes(name));
  if (unknown !== undefined) throw invalid(`a statement has the member ${unknown}`);
  const { Effect, Principal, Action, NotAction, Resource, NotResource, Condition } = statement;
  if (Effect !== 'Allow' && Effect !== 'Deny') throw invalid('Effect must be Allow or Deny');
  if (Principal !== '*') throw invalid('Principal must be "*"');
  const actions = texts(Action ?? NotAction, 'Action');
  const wrong = actions.find((action) => !/^Update:(Modify|Replace|Delete|\*)$/.test(action));
  if (wrong !== undefined) throw invalid(`${wrong} is none of Update:Modify, Update:Replace, Update:Delete, Update:*`);
  return {
    effect: Effect,
    actions,
    isNotAction: Action === undefined,
    resources: texts(Resource ?? NotResource, 'Resource'),
    isNotResource: Resource === undefined,
    condition: readCondition(Condition),
  };
}

function texts(value: unknown, name: string): string[] {
  const list = [value].flat();
  if (list.length > 0 && list.every((item) => typeof item === 'string')) return list;
  throw invalid(`a statement has no ${name}`);
}

/** Only the type of a resource can be asked for. */
function readCondition(condition: unknown): Statement['condition'] {
  if (condition === undefined) return undefined;
  const operators = isObject(condition) ? Object.entries(condition) : [];
  const isRight = operators.every(
    ([operator, keys]) =>
      isConditionOperator(operator) && isObject(keys) && Object.keys(keys).join() === 'ResourceType',
  );
  if (operators.length === 0 || !isRight) throw invalid('a Condition may only ask for ResourceType');
  return condition as Statement['condition'];
}

function invalid(reason: string): Error {
  return validationError(`Error validating stack policy: Invalid stack policy (${reason})`);
}
