import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ContextVariables, featureFlags } from '@stackyard/cdk-core';
import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { beforeAll, expect, test } from 'vitest';
import { LambdaImageStack } from '../cdk/stack.ts';

const contextVariables: ContextVariables = {
  context: 'lambda-image',
  stage: 'dev',
  owner: 'platform',
  usage: 'DEVELOPMENT',
};
let template: Template;
let assembly: string;

beforeAll(() => {
  const app = new App({ context: featureFlags });
  const stack = new LambdaImageStack(app, 'lambda-image', { contextVariables });
  // Throws where cdk-nag finds something.
  template = Template.fromStack(stack);
  assembly = app.synth().directory;
});

/** The `Ref` by which the template takes a value of the core's contract. */
function contractRef(name: string): { Ref: string } {
  const [parameter] = Object.keys(template.findParameters('*', { Default: `/dev/observability-core/${name}` }));
  return { Ref: parameter ?? `no parameter for ${name}` };
}

test('the function is an image, knows the stream and may write to it', () => {
  template.hasResourceProperties('AWS::Lambda::Function', {
    PackageType: 'Image',
    Runtime: Match.absent(),
    Handler: Match.absent(),
    Layers: Match.absent(),
    Environment: { Variables: Match.objectLike({ STACKYARD_TELEMETRY_STREAM: contractRef('stream/name') }) },
  });
  template.hasResourceProperties('AWS::IAM::Role', { ManagedPolicyArns: [contractRef('stream/write-policy/arn')] });
});

test('the function is reached by signed requests only', () => {
  template.hasResourceProperties('AWS::Lambda::Url', { AuthType: 'AWS_IAM' });
  template.resourceCountIs('AWS::Lambda::Permission', 0);
});

test('the image is built with the base image that the contract of the stage names at deployment', () => {
  const manifest = readdirSync(assembly).find((file) => file.endsWith('.assets.json')) ?? '';
  const { dockerImages } = JSON.parse(readFileSync(join(assembly, manifest), 'utf8'));
  const [image] = Object.values(dockerImages) as { source: { executable: string[] } }[];
  const [program, , context = '', parameter, argument] = image?.source.executable ?? [];
  expect([program, parameter, argument]).toEqual([
    'node',
    '/dev/observability-core/extension/image/uri',
    'EXTENSION_IMAGE',
  ]);
  expect(readdirSync(join(assembly, context))).toContain('Dockerfile');
});
