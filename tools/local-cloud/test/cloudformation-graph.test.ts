// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Fn::Sub writes its variables so.
import { describe, expect, it } from 'vitest';
import { buildGraph, inOrder, reversed } from '../src/cloudformation/graph.ts';
import type { Template } from '../src/cloudformation/template.ts';

const template = (Resources: object, more: object = {}): Template => ({
  Resources: Resources as Template['Resources'],
  ...more,
});

describe('the dependency graph', () => {
  it('follows references, wherever they stand, and DependsOn', () => {
    const graph = buildGraph(
      template(
        {
          Policy: { Type: 'T', Properties: { Doc: { Statement: [{ Resource: { 'Fn::Sub': '${Bucket.Arn}/*' } }] } } },
          Late: { Type: 'T', DependsOn: ['Policy', 'Bucket'] },
          Named: { Type: 'T', Properties: { N: { 'Fn::Sub': ['${x}', { x: { Ref: 'Late' } }] } } },
          Bucket: { Type: 'T', Properties: { Name: { Ref: 'Given' }, Region: { Ref: 'AWS::Region' } } },
        },
        { Parameters: { Given: { Type: 'String' } } },
      ),
      {},
    );
    expect([...graph]).toEqual([
      ['Bucket', []],
      ['Policy', ['Bucket']],
      ['Late', ['Policy', 'Bucket']],
      ['Named', ['Late']],
    ]);
  });

  it('leaves out resources whose condition is false, and branches that are not taken', () => {
    const resources = {
      Key: { Type: 'T', Condition: 'Own' },
      Bucket: { Type: 'T', DependsOn: 'Key', Properties: { Key: { 'Fn::If': ['Own', { Ref: 'Key' }, 'default'] } } },
    };
    expect([...buildGraph(template(resources), { Own: false })]).toEqual([['Bucket', []]]);
    expect(buildGraph(template(resources), { Own: true }).get('Bucket')).toEqual(['Key']);
  });

  it('names what is not there', () => {
    const resources = { A: { Type: 'T', DependsOn: 'Gone', Properties: { x: { Ref: 'Missing' } } } };
    expect(() => buildGraph(template(resources), {})).toThrow(
      'Template format error: Unresolved resource dependencies [Missing, Gone] in the Resources block of the template',
    );
  });

  it('names the circle', () => {
    const resources = {
      A: { Type: 'T', Properties: { x: { Ref: 'B' } } },
      B: { Type: 'T', DependsOn: 'A' },
      Free: { Type: 'T' },
    };
    expect(() => buildGraph(template(resources), {})).toThrow('Circular dependency between resources: [A, B]');
  });

  it('turned round, what was built first goes last', () => {
    const graph = new Map([
      ['A', []],
      ['B', ['A']],
      ['C', ['A', 'B']],
    ]);
    expect([...inOrder(reversed(graph)).keys()]).toEqual(['C', 'B', 'A']);
  });
});
