// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Fn::Sub writes its variables so.
import { describe, expect, it } from 'vitest';
import { evaluateConditions } from '../src/cloudformation/conditions.ts';
import { evaluate, knownAfterApply } from '../src/cloudformation/evaluate.ts';
import { checkRules } from '../src/cloudformation/rules.ts';
import type { Template } from '../src/cloudformation/template.ts';
import { scopeWith } from './cloudformation-scope.ts';

const scope = scopeWith({
  parameters: { Name: 'orders', List: ['a', 'b'], 'AWS::Region': 'eu-west-1' },
  conditions: { Yes: true, No: false },
  mappings: { Sizes: { small: { memory: 128 } } },
  resources: {
    Bucket: { ref: 'my-bucket', attribute: (name) => (name === 'Arn' ? 'arn:bucket' : ['x', 'y']) },
    New: { ref: knownAfterApply, attribute: () => knownAfterApply },
  },
  exports: { shared: 'value' },
});

describe('functions', () => {
  it.each<[unknown, unknown]>([
    [{ Ref: 'Name' }, 'orders'],
    [{ Ref: 'Bucket' }, 'my-bucket'],
    [{ 'Fn::GetAtt': ['Bucket', 'Arn'] }, 'arn:bucket'],
    [{ 'Fn::GetAtt': 'Bucket.Arn' }, 'arn:bucket'],
    [{ 'Fn::Sub': '${Name}/${Bucket}/${Bucket.Arn}/${!Literal}/$x' }, 'orders/my-bucket/arn:bucket/${Literal}/$x'],
    [{ 'Fn::Sub': ['${a}-${Name}', { a: { Ref: 'List' }, Name: 'own' }] }, 'a,b-own'],
    [{ 'Fn::Join': ['-', ['a', { Ref: 'Name' }, 1]] }, 'a-orders-1'],
    [{ 'Fn::Join': ['-', { Ref: 'List' }] }, 'a-b'],
    [{ 'Fn::Split': ['/', 'a/b/c'] }, ['a', 'b', 'c']],
    [{ 'Fn::Select': ['1', { 'Fn::Split': ['/', 'a/b/c'] }] }, 'b'],
    [{ 'Fn::If': ['Yes', 'a', { Ref: 'Nowhere' }] }, 'a'],
    [{ a: { 'Fn::If': ['No', 'x', { Ref: 'AWS::NoValue' }] }, b: 1 }, { b: 1 }],
    [
      [1, { Ref: 'AWS::NoValue' }, 2],
      [1, 2],
    ],
    [{ 'Fn::FindInMap': ['Sizes', 'small', 'memory'] }, 128],
    [{ 'Fn::FindInMap': ['Sizes', 'huge', 'memory', { DefaultValue: 1 }] }, 1],
    [{ 'Fn::ImportValue': 'shared' }, 'value'],
    [{ 'Fn::GetStackOutput': { StackName: 's', OutputName: 'o' } }, 's.o'],
    [{ 'Fn::GetAZs': '' }, ['eu-west-1a', 'eu-west-1b', 'eu-west-1c']],
    [{ 'Fn::Base64': 'hé' }, 'aMOp'],
    [{ 'Fn::Cidr': ['10.0.0.0/16', 3, 8] }, ['10.0.0.0/24', '10.0.1.0/24', '10.0.2.0/24']],
    [{ 'Fn::Length': { Ref: 'List' } }, 2],
    [{ 'Fn::ToJsonString': { a: { Ref: 'Name' } } }, '{"a":"orders"}'],
    [{ 'Fn::Join': ['', ['{{resolve:ssm:/x/', { Ref: 'Name' }, '}}']] }, '</x/orders>'],
    // One member named like no function is plain data.
    [{ Condition: { StringEquals: { a: 'b' } } }, { Condition: { StringEquals: { a: 'b' } } }],
  ])('%j is %j', async (value, expected) => {
    expect(await evaluate(value, scope)).toEqual(expected);
  });

  it.each<[unknown, RegExp]>([
    [{ Ref: 'Nowhere' }, /Unresolved resource dependencies \[Nowhere\]/],
    [{ 'Fn::If': ['Maybe', 1, 2] }, /Unresolved condition dependency Maybe/],
    [{ 'Fn::Select': [5, ['a']] }, /Fn::Select cannot select nonexistent value at index 5/],
    [{ 'Fn::FindInMap': ['Sizes', 'huge', 'memory'] }, /Unable to get mapping for Sizes::huge::memory/],
    [{ 'Fn::FindInMap': ['Nope', 'a', 'b'] }, /Mapping named 'Nope' is not present/],
    [{ 'Fn::ImportValue': 'missing' }, /No export named missing found/],
    [{ 'Fn::Join': ['-'] }, /every Fn::Join object requires a list of 2 arguments/],
    [{ 'Fn::Transform': { Name: 'AWS::Include' } }, /the function Fn::Transform is not supported here/],
    [{ 'Fn::Cidr': ['10.0.0.0/24', 4, 8] }, /4 blocks of 8 bits do not fit into 10.0.0.0\/24/],
  ])('%j is refused', async (value, message) => {
    await expect(evaluate(value, scope)).rejects.toThrow(message);
  });

  it.each<[unknown, unknown]>([
    [{ 'Fn::Sub': 'arn:${New}' }, `arn:${knownAfterApply}`],
    [{ 'Fn::Select': [0, { 'Fn::Split': ['/', { Ref: 'New' }] }] }, knownAfterApply],
    [{ 'Fn::Select': [0, { 'Fn::GetAtt': ['New', 'List'] }] }, knownAfterApply],
    [{ 'Fn::Base64': { Ref: 'New' } }, knownAfterApply],
  ])('%j is known after the resource is there', async (value, expected) => {
    expect(await evaluate(value, scope)).toBe(expected);
  });
});

const template = (sections: object): Template => ({ Resources: {}, ...sections });

describe('conditions', () => {
  it('may use each other in any order', async () => {
    const conditions = {
      Both: { 'Fn::And': [{ Condition: 'IsOrders' }, { 'Fn::Not': [{ Condition: 'IsOther' }] }] },
      Either: { 'Fn::Or': [{ Condition: 'IsOther' }, { Condition: 'IsOrders' }] },
      IsOrders: { 'Fn::Equals': [{ Ref: 'Name' }, 'orders'] },
      IsOther: { 'Fn::Equals': [{ Ref: 'Name' }, 'other'] },
    };
    expect(await evaluateConditions(template({ Conditions: conditions }), scope)).toEqual({
      Both: true,
      Either: true,
      IsOrders: true,
      IsOther: false,
    });
  });

  it('must not go round in a circle', async () => {
    const Conditions = { A: { 'Fn::Not': [{ Condition: 'B' }] }, B: { 'Fn::Not': [{ Condition: 'A' }] } };
    await expect(evaluateConditions(template({ Conditions }), scope)).rejects.toThrow('circular condition dependency');
  });
});

describe('rules', () => {
  const check = (Assert: unknown) =>
    checkRules(template({ Rules: { R: { Assertions: [{ Assert, AssertDescription: 'no' }] } } }), scope);

  it('pass when they hold: the CDK asks for its bootstrap version so', async () => {
    await check({ 'Fn::Not': [{ 'Fn::Contains': [['1', '2'], { Ref: 'Name' }] }] });
    await check({ 'Fn::EachMemberIn': [{ Ref: 'List' }, ['a', 'b', 'c']] });
  });

  it('tell what is asserted when they do not', async () => {
    await expect(check({ 'Fn::Contains': [['1', '2'], { Ref: 'Name' }] })).rejects.toThrow('Assertions failed: no');
  });
});
