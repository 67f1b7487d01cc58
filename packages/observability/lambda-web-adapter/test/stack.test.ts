import { imageBuildOf, parameterRef, synthesised } from '@stackyard/cdk-core/testing';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { beforeAll, expect, test } from 'vitest';
import { LambdaWebAdapterStack } from '../cdk/stack.ts';

let template: Template;
let assembly: CloudAssembly;

beforeAll(() => {
  ({ template, assembly } = synthesised(LambdaWebAdapterStack, 'lambda-web-adapter'));
});

const contractRef = (name: string) => parameterRef(template, `/dev/observability-core/${name}`);

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
  const { files, ...image } = imageBuildOf(assembly);
  expect(image).toEqual({
    imageParameter: '/dev/observability-core/extension/image/uri',
    argument: 'EXTENSION_IMAGE',
  });
  expect(files).toContain('Dockerfile');
});
