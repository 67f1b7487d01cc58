// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of loops and Fn::Sub.
import { GetTemplateCommand, ValidateTemplateCommand } from '@aws-sdk/client-cloudformation';
import { GetParametersByPathCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { processTemplate } from '../src/cloudformation/loops.ts';
import { parameter, type StackCloud, startStackCloud, template } from './cloudformation-support.ts';

let cloud: StackCloud;
beforeAll(async () => {
  cloud = await startStackCloud();
});
afterAll(() => cloud.close());

const Transform = 'AWS::LanguageExtensions';
const named = (path: string) => parameter(path, { Ref: 'Name' });
const looped = (Resources: Record<string, object>, sections: object = {}) =>
  template(Resources, { Transform, ...sections });
const processed = (text: string, values: Record<string, string> = {}) =>
  processTemplate(
    text,
    Object.entries(values).map(([key, value]) => ({ key, value })),
  );

describe('Fn::ForEach', () => {
  const body = looped(
    { 'Fn::ForEach::Parameters': ['Name', { Ref: 'Names' }, { 'Parameter${Name}': named('/loop/${Name}') }] },
    {
      Parameters: { Names: { Type: 'CommaDelimitedList' } },
      Outputs: {
        'Fn::ForEach::Outputs': ['Name', { Ref: 'Names' }, { 'Value${Name}': { Value: { Ref: 'Parameter${Name}' } } }],
      },
    },
  );
  const Capabilities = ['CAPABILITY_AUTO_EXPAND' as const];
  const names = (ParameterValue: string) => ({
    Capabilities,
    Parameters: [{ ParameterKey: 'Names', ParameterValue }],
  });

  it('makes a resource and an output of each item; another item is another resource', async () => {
    const stack = await cloud.create('loops', body, names('Red,Green'));
    expect(stack?.Outputs?.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue])).toEqual([
      ['ValueRed', '/loop/Red'],
      ['ValueGreen', '/loop/Green'],
    ]);
    await cloud.update('loops', body, names('Green,Blue'));
    expect(Object.keys(await cloud.physicalIds('loops')).sort()).toEqual(['ParameterBlue', 'ParameterGreen']);
    const { Parameters } = await cloud.client(SSMClient).send(new GetParametersByPathCommand({ Path: '/loop' }));
    expect(Parameters?.map(({ Value }) => Value).sort()).toEqual(['Blue', 'Green']);
  });

  it('GetTemplate tells what was written and what it stands for', async () => {
    const get = async (TemplateStage: 'Original' | 'Processed') =>
      (await cloud.cloudFormation.send(new GetTemplateCommand({ StackName: 'loops', TemplateStage }))).TemplateBody;
    expect(await get('Original')).toBe(body);
    const { Resources, Transform: transform } = JSON.parse((await get('Processed')) ?? '');
    expect(Object.keys(Resources)).toEqual(['ParameterGreen', 'ParameterBlue']);
    expect(transform).toBeUndefined();
  });

  it('a template can be looked at without values, and needs the capability to be deployed', async () => {
    const { Parameters } = await cloud.cloudFormation.send(new ValidateTemplateCommand({ TemplateBody: body }));
    expect(Parameters?.map(({ ParameterKey }) => ParameterKey)).toEqual(['Names']);
    await expect(cloud.create('refused', body, { ...names('Red'), Capabilities: [] })).rejects.toThrow(
      'Requires capabilities : [CAPABILITY_AUTO_EXPAND]',
    );
  });

  it('loops in loops, and in properties', () => {
    const { Resources } = processed(
      looped({
        'Fn::ForEach::Outer': [
          'Stage',
          ['Dev', 'Prod'],
          {
            'Fn::ForEach::Inner': [
              'Name',
              ['A', 'B'],
              {
                '${Stage}${Name}': {
                  Type: 'Custom::Any',
                  Properties: { 'Fn::ForEach::Keys': ['Key', ['X', 'Y'], { '${Key}': '${Stage}-${Name}-${Key}' }] },
                },
              },
            ],
          },
        ],
      }),
    );
    expect(Object.keys(Resources)).toEqual(['DevA', 'DevB', 'ProdA', 'ProdB']);
    expect(Resources['ProdB']?.Properties).toEqual({ X: 'Prod-B-X', Y: 'Prod-B-Y' });
  });

  it('&{} leaves letters and digits of an item', () => {
    const { Resources } = processed(
      looped({ 'Fn::ForEach::Hosts': ['Host', ['a.example', 'b-2'], { 'Host&{Host}': parameter('/${Host}') }] }),
    );
    expect(Object.keys(Resources)).toEqual(['Hostaexample', 'Hostb2']);
    expect(Resources['Hostb2']?.Properties).toMatchObject({ Name: '/b-2' });
  });

  it('a collection may be a list of a mapping', () => {
    const Mappings = { Names: { all: { list: ['One', 'Two'] } } };
    const collection = { 'Fn::FindInMap': ['Names', 'all', 'list'] };
    const text = looped({ 'Fn::ForEach::L': ['N', collection, { 'P${N}': parameter('/${N}') }] }, { Mappings });
    expect(Object.keys(processed(text).Resources)).toEqual(['POne', 'PTwo']);
  });

  it.each([
    ['a layout of its own', { 'Fn::ForEach::L': ['N', ['A']] }, 'the layout of Fn::ForEach::L is not'],
    ['no collection', { 'Fn::ForEach::L': ['N', 'A', { 'P${N}': {} }] }, '"A" is no collection'],
    ['an unknown parameter', { 'Fn::ForEach::L': ['N', { Ref: 'X' }, { 'P${N}': {} }] }, 'which is no parameter'],
    ['one key twice', { 'Fn::ForEach::L': ['N', ['A', 'B'], { P: parameter('/p') }] }, 'makes P a second time'],
    [
      'more than 500 resources',
      { 'Fn::ForEach::L': ['N', Array.from({ length: 501 }, (_, i) => i), { 'P${N}': parameter('/${N}') }] },
      'Number of resources, 501, is greater than maximum allowed, 500',
    ],
  ])('with %s is refused', (_, Resources, message) => {
    expect(() => processed(looped(Resources))).toThrow(message);
  });
});
