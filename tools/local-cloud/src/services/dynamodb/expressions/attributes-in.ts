import type { Assigned, Condition, Operand, Path, UpdateAction } from './syntax.ts';

/** Names of the top-level attributes that expressions mention. */
export function attributesIn(expressions: {
  readonly condition?: Condition | undefined;
  readonly actions?: readonly UpdateAction[];
  readonly paths?: readonly Path[] | undefined;
}): string[] {
  const { condition, actions = [], paths = [] } = expressions;
  return [
    ...paths.map(([name]) => name),
    ...actions.flatMap((action) => [action.path[0], ...(action.kind === 'SET' ? inAssigned(action.value) : [])]),
    ...(condition ? inCondition(condition) : []),
  ];
}

function inCondition(condition: Condition): string[] {
  if (condition.kind === 'not') return inCondition(condition.condition);
  if (condition.kind === 'and' || condition.kind === 'or') return condition.conditions.flatMap(inCondition);
  return condition.operands.flatMap(inOperand);
}

function inAssigned(value: Assigned): string[] {
  return value.kind === '+' || value.kind === '-' ? value.operands.flatMap(inOperand) : inOperand(value);
}

function inOperand(operand: Operand): string[] {
  if (operand.kind === 'path') return [operand.path[0]];
  return operand.kind === 'call' ? operand.operands.flatMap(inOperand) : [];
}
