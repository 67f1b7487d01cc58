// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Fn::Sub writes its variables so.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseTemplate } from '../src/cloudformation/template.ts';

const withProperties = (lines: string) => `Resources:\n  A:\n    Type: X::Y::Z\n    Properties:\n${lines}`;
const propertiesOf = (text: string) => parseTemplate(text).Resources['A']?.Properties;

describe('YAML templates', () => {
  it('short forms stand for the full functions, nested ones too', () => {
    const text = withProperties(`
      Sub: !Sub "a-\${B}"
      Att: !GetAtt Nested.Outputs.Arn
      Join: !Join [",", [!Ref B, !Sub ["x\${y}", {y: !Ref C}]]]
      If: !If [Cond, !Ref "AWS::NoValue", !FindInMap [M, !Ref B, k]]
      Base64: !Base64
        Fn::Sub: text
      Output: !GetStackOutput {StackName: s, OutputName: o}`);
    expect(propertiesOf(text)).toEqual({
      Sub: { 'Fn::Sub': 'a-${B}' },
      Att: { 'Fn::GetAtt': ['Nested', 'Outputs.Arn'] },
      Join: { 'Fn::Join': [',', [{ Ref: 'B' }, { 'Fn::Sub': ['x${y}', { y: { Ref: 'C' } }] }]] },
      If: { 'Fn::If': ['Cond', { Ref: 'AWS::NoValue' }, { 'Fn::FindInMap': ['M', { Ref: 'B' }, 'k'] }] },
      Base64: { 'Fn::Base64': { 'Fn::Sub': 'text' } },
      Output: { 'Fn::GetStackOutput': { StackName: 's', OutputName: 'o' } },
    });
  });

  it('a date stays text, as policy versions need', () => {
    expect(propertiesOf(withProperties('      Version: 2012-10-17'))).toEqual({ Version: '2012-10-17' });
  });

  it('reads the bootstrap template that the CDK CLI carries', async () => {
    const path = fileURLToPath(import.meta.resolve('aws-cdk/package.json'));
    const text = await readFile(path.replace('package.json', 'lib/api/bootstrap/bootstrap-template.yaml'), 'utf8');
    const { Resources } = parseTemplate(text);
    expect(Resources['StagingBucket']?.Type).toBe('AWS::S3::Bucket');
  });
});

describe('what is no template', () => {
  const resources = { A: { Type: 'AWS::SSM::Parameter' } };
  it.each([
    ['{', /Template format error: JSON not well-formed/],
    ['- a\n- b', /Template format error: unsupported structure/],
    ['Resources: [', /Template format error: YAML not well-formed/],
    ['Resources: &a {A: {Type: T}}\nOutputs: *a', /YAML aliases are not allowed/],
    ['Metadata: &a b\nResources: {A: {Type: T, Properties: {J: !Join [",", [*a]]}}}', /YAML aliases are not allowed/],
    [JSON.stringify({ Resources: {} }), /At least one Resources member must be defined/],
    [JSON.stringify({ Resources: resources, Foo: 1 }), /Invalid template property or properties \[Foo\]/],
    [JSON.stringify({ Resources: { 'a-b': resources.A } }), /Resource name a-b is non alphanumeric/],
    [JSON.stringify({ Resources: { A: {} } }), /Every Resources object must contain a Type member/],
    [JSON.stringify({ Resources: { A: { Type: 'X', Prop: 1 } } }), /Invalid template resource property 'Prop'/],
    [JSON.stringify({ Resources: resources, Outputs: { O: {} } }), /Output O is malformed/],
    [JSON.stringify({ Resources: resources, Transform: 'AWS::Serverless-2016-10-31' }), /no transform AWS::Serverless/],
  ])('%s', (text, message) => {
    expect(() => parseTemplate(text)).toThrow(message);
  });

  it('more than 500 resources', () => {
    const many = Object.fromEntries(Array.from({ length: 501 }, (_, index) => [`R${index}`, resources.A]));
    expect(() => parseTemplate(JSON.stringify({ Resources: many }))).toThrow(
      'Number of resources, 501, is greater than maximum allowed, 500',
    );
  });
});
