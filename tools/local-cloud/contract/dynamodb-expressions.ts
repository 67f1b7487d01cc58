import {
  type AttributeValue,
  DynamoDBClient,
  PutItemCommand,
  ScanCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { expect } from 'vitest';
import { type Claim, refusal, type Target } from './contract.ts';
import { guide, quotas, tableWith } from './dynamodb-support.ts';

const item: Record<string, AttributeValue> = {
  n: { N: '5' },
  t: { S: 'hello' },
  tags: { SS: ['a', 'b'] },
  l: { L: [{ N: '1' }, { S: 'x' }] },
  m: { M: { deep: { M: { x: { N: '1' } } } } },
};

const values: Record<string, AttributeValue> = {
  ':five': { N: '5.0' },
  ':six': { N: '6' },
  ':he': { S: 'he' },
  ':a': { S: 'a' },
  ':type': { S: 'SS' },
  ':two': { N: '2' },
};

/** The values that an expression names. */
const named = (expression: string) => {
  const entries = Object.entries(values).filter(([name]) => new RegExp(`${name}\\b`).test(expression));
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
};

async function updates(target: Target) {
  const { dynamodb, TableName, Key } = await tableWith(target, item);
  const update = async (UpdateExpression: string, input: Partial<UpdateItemCommandInput> = {}) => {
    const ExpressionAttributeValues = named(UpdateExpression);
    const call = {
      TableName,
      Key,
      UpdateExpression,
      ExpressionAttributeValues,
      ReturnValues: 'ALL_NEW' as const,
      ...input,
    };
    return (await dynamodb.send(new UpdateItemCommand(call))).Attributes;
  };
  return { dynamodb, TableName, Key, update };
}

export const expressionClaims: readonly Claim[] = [
  {
    operation: 'Scan',
    claim: 'filters by every comparator and function',
    source: guide('Condition and filter expressions, operators, and functions'),
    async run(target) {
      const { dynamodb, TableName } = await tableWith(target, item);
      const matches = async (FilterExpression: string) => {
        const ExpressionAttributeValues = named(FilterExpression);
        const call = { TableName, FilterExpression, ExpressionAttributeValues, ConsistentRead: true };
        return (await dynamodb.send(new ScanCommand(call))).Count === 1;
      };
      const holding = [
        'n = :five',
        'n <> :six AND n < :six AND NOT n > :six',
        'n BETWEEN :two AND :six',
        'n IN (:two, :five)',
        'begins_with(t, :he)',
        'contains(tags, :a)',
        'attribute_type(tags, :type)',
        'size(l) = :two AND size(t) = :five',
        'attribute_exists(m.deep.x) AND attribute_not_exists(m.deep.y)',
        'absent <> :six OR n = :six',
        '(n = :six OR n = :five) AND (t <> :he)',
      ];
      const failing = [
        'n = :he',
        'absent = :five',
        'absent < :five',
        'contains(n, :five)',
        'n = :six AND n = :five OR t = :he',
      ];
      for (const expression of holding) expect([expression, await matches(expression)]).toEqual([expression, true]);
      for (const expression of failing) expect([expression, await matches(expression)]).toEqual([expression, false]);
    },
  },
  {
    operation: 'UpdateItem',
    claim: 'sets, computes, appends, removes, adds and deletes as the item was before',
    source: guide('Update expressions'),
    async run(target) {
      const { update } = await updates(target);
      const after = await update(
        'SET n = n + :six, before_n = n, l = list_append(l, l), m.deep.y = if_not_exists(m.deep.y, :two) REMOVE t ADD more :two',
      );
      expect(after).toMatchObject({
        n: { N: '11' },
        before_n: { N: '5' },
        l: { L: [{ N: '1' }, { S: 'x' }, { N: '1' }, { S: 'x' }] },
        m: { M: { deep: { M: { x: { N: '1' }, y: { N: '2' } } } } },
        more: { N: '2' },
      });
      expect(after).not.toHaveProperty('t');
      expect((await update('REMOVE l[0], l[2] SET l[9] = :six'))?.['l']).toEqual({
        L: [{ S: 'x' }, { S: 'x' }, { N: '6' }],
      });
      const sets = await update('DELETE tags :gone ADD fresh :new', {
        ExpressionAttributeValues: { ':gone': { SS: ['a', 'b', 'z'] }, ':new': { NS: ['2', '1'] } },
      });
      expect(sets).not.toHaveProperty('tags');
      expect(new Set(sets?.['fresh']?.NS)).toEqual(new Set(['1', '2']));
    },
  },
  {
    operation: 'UpdateItem',
    claim: 'refuses what cannot be done to this item',
    source: guide('Update expressions'),
    async run(target) {
      const { update } = await updates(target);
      const problem = async (expression: string) => (await refusal(update(expression))).message;
      expect(await problem('SET x = absent')).toBe(
        'The provided expression refers to an attribute that does not exist in the item',
      );
      expect(await problem('SET absent.x = :six')).toBe(
        'The document path provided in the update expression is invalid for update',
      );
      expect(await problem('SET n = t + :six')).toBe('An operand in the update expression has an incorrect data type');
      expect(await problem('ADD t :six')).toBe('An operand in the update expression has an incorrect data type');
      expect(await problem('SET id = :a')).toBe(
        'One or more parameter values were invalid: Cannot update attribute id. This attribute is part of the key',
      );
    },
  },
  {
    operation: 'UpdateItem',
    claim: 'refuses expressions in the words of each mistake',
    source: guide('Expressions in DynamoDB'),
    async run(target) {
      const { update } = await updates(target);
      const problem = async (expression: string) => (await refusal(update(expression))).message;
      const expected = {
        'SET name = :six': 'Attribute name is a reserved keyword; reserved keyword: name',
        'SET a = ': 'Syntax error; token: "<EOF>", near: "="',
        'SET a = :none': 'An expression attribute value used in expression is not defined; attribute value: :none',
        'SET #a = :six': 'An expression attribute name used in the document path is not defined; attribute name: #a',
        'SET a = :six SET b = :six': 'The "SET" section can only be used once in an update expression;',
        'SET a = :six, a.b = :six':
          'Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a], path two: [a, b]',
        'SET a.b = :six, a[0] = :six':
          'Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [a, b], path two: [a, [0]]',
        'SET a = wrong(:six)': 'Invalid function name; function: wrong',
        'SET a = if_not_exists(a)':
          'Incorrect number of operands for operator or function; operator or function: if_not_exists, number of operands: 1',
        'ADD a :he':
          'Incorrect operand type for operator or function; operator: ADD, operand type: STRING, typeSet: ALLOWED_FOR_ADD_OPERAND',
      };
      for (const [expression, message] of Object.entries(expected)) {
        expect(await problem(expression)).toBe(`Invalid UpdateExpression: ${message}`);
      }
    },
  },
  {
    operation: 'PutItem',
    claim: 'refuses conditions in the words of each mistake, and placeholders nobody uses',
    limit: '4 KB an expression, 300 operators',
    source: quotas,
    async run(target) {
      const { dynamodb, TableName, Key } = await tableWith(target, item);
      const problem = async (ConditionExpression: string, extra: Record<string, AttributeValue> = {}) => {
        const found = { ...named(ConditionExpression), ...extra };
        const ExpressionAttributeValues = Object.keys(found).length > 0 ? found : undefined;
        const call = new PutItemCommand({ TableName, Item: Key, ConditionExpression, ExpressionAttributeValues });
        return (await refusal(dynamodb.send(call))).message;
      };
      const expected = {
        '((n = :five))': 'The expression has redundant parentheses;',
        'size(l)': 'The function is not allowed to be used this way in an expression; function: size',
        'begins_with(t, :five)':
          'Incorrect operand type for operator or function; operator or function: begins_with, operand type: N',
        'n BETWEEN :six AND :five':
          'The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {N:6}, upper bound operand: AttributeValue: {N:5}',
        'n = n':
          'The first operand must be distinct from the remaining operands for this operator or function; operator: =, first operand: [n]',
        'attribute_exists(:a)': 'Operator or function requires a document path; operator or function: attribute_exists',
      };
      for (const [expression, message] of Object.entries(expected)) {
        expect(await problem(expression)).toBe(`Invalid ConditionExpression: ${message}`);
      }
      expect(await problem('')).toBe('Invalid ConditionExpression: The expression can not be empty;');
      expect(await problem('n = :five', { ':spare': { N: '1' } })).toBe(
        'Value provided in ExpressionAttributeValues unused in expressions: keys: {:spare}',
      );
      expect(await problem(`n = :five${' '.repeat(4096)}`)).toContain('Expression size has exceeded the maximum');
      const long = Array.from({ length: 151 }, () => 'n=:five').join(' OR ');
      expect(await problem(long)).toContain('The expression contains too many operators');
    },
  },
  {
    operation: 'PutItem',
    claim: 'compares with up to 100 values by IN, and refuses 101',
    limit: '100 operands of IN',
    source: quotas,
    async run(target) {
      const { dynamodb, TableName, Key } = await tableWith(target, item);
      const put = (count: number) => {
        const names = Array.from({ length: count }, (_, i) => `:v${i}`);
        const ExpressionAttributeValues = Object.fromEntries(names.map((name, i) => [name, { N: `${i}` }]));
        const ConditionExpression = `n IN (${names.join(', ')})`;
        const command = { TableName, Item: { ...Key, ...item }, ConditionExpression, ExpressionAttributeValues };
        return dynamodb.send(new PutItemCommand(command));
      };
      await put(100);
      expect((await refusal(put(101))).message).toContain('number of operands: 101');
    },
  },
  {
    operation: 'PutItem',
    claim: 'refuses values that are none, and names without an expression',
    source: guide('Expressions in DynamoDB'),
    async run(target) {
      const { TableName, Key } = await tableWith(target, {});
      const dynamodb = target.client(DynamoDBClient);
      const problem = async (value: unknown, names?: Record<string, string>) => {
        const Item = { ...Key, v: value as AttributeValue };
        const call = new PutItemCommand({ TableName, Item, ExpressionAttributeNames: names });
        return (await refusal(dynamodb.send(call))).message;
      };
      expect(await problem({ SS: [] })).toBe(
        'One or more parameter values were invalid: An string set  may not be empty',
      );
      expect(await problem({ SS: ['a', 'a'] })).toBe(
        'One or more parameter values were invalid: Input collection [a, a] contains duplicates.',
      );
      expect(await problem({ S: 'a' }, { '#a': 'a' })).toBe(
        'ExpressionAttributeNames can only be specified when using expressions',
      );
    },
  },
];
