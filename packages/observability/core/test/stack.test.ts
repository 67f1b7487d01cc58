import { type ContextVariables, featureFlags } from '@stackyard/cdk-core';
import { observabilityCore, observabilityOverflow, parameterName } from '@stackyard/contracts';
import { App, Duration } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, test } from 'vitest';
import { ImageRepositoryStack } from '../cdk/image-repository-stack.ts';
import { settings } from '../cdk/settings.ts';
import { ObservabilityCoreStack } from '../cdk/stack.ts';

const development: ContextVariables = {
  context: 'observability-core',
  stage: 'dev',
  owner: 'platform',
  usage: 'DEVELOPMENT',
};
const production: ContextVariables = { ...development, stage: 'prod', usage: 'PRODUCTION' };

const templatesOf = (contextVariables: ContextVariables, chosen = settings(contextVariables)) => {
  const app = new App({ context: featureFlags });
  const imageRepository = new ImageRepositoryStack(app, 'image-repository', { contextVariables });
  const core = new ObservabilityCoreStack(app, 'core', { contextVariables, imageRepository, settings: chosen });
  // Throws where cdk-nag finds something.
  return { core: Template.fromStack(core), repository: Template.fromStack(imageRepository), assembly: app.synth() };
};

let dev: ReturnType<typeof templatesOf>;
let prod: ReturnType<typeof templatesOf>;
beforeAll(() => {
  dev = templatesOf(development);
  prod = templatesOf(production);
});

const logicalId = (template: Template, type: string) => Object.keys(template.findResources(type))[0] ?? '';

describe('the log stream', () => {
  test('is encrypted, keeps a day, and has two shards outside production', () => {
    dev.core.hasResource('AWS::Kinesis::Stream', {
      DeletionPolicy: 'Delete',
      Properties: {
        Name: 'dev-observability-core-telemetry',
        RetentionPeriodHours: 24,
        ShardCount: 2,
        StreamModeDetails: { StreamMode: 'PROVISIONED' },
        StreamEncryption: { EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' },
      },
    });
  });

  test('scales by itself and outlives its stack in production', () => {
    prod.core.hasResource('AWS::Kinesis::Stream', {
      DeletionPolicy: 'Retain',
      Properties: {
        Name: 'prod-observability-core-telemetry',
        ShardCount: Match.absent(),
        StreamModeDetails: { StreamMode: 'ON_DEMAND' },
      },
    });
  });
});

test('the write policy allows putting records into that stream and nothing else', () => {
  const policies = Object.values(dev.core.findResources('AWS::IAM::ManagedPolicy'));
  expect(policies.map(({ Properties }) => Properties.PolicyDocument.Statement)).toEqual([
    [
      {
        Effect: 'Allow',
        Action: ['kinesis:PutRecord', 'kinesis:PutRecords'],
        Resource: { 'Fn::GetAtt': [logicalId(dev.core, 'AWS::Kinesis::Stream'), 'Arn'] },
      },
    ],
  ]);
  dev.core.resourceCountIs('AWS::IAM::Policy', 0);
  dev.core.resourceCountIs('AWS::IAM::Role', 0);
});

describe('a bucket for what the stream does not take', () => {
  test('is not there unless the settings ask for it', () => {
    dev.core.resourceCountIs('AWS::S3::Bucket', 0);
  });

  test('is private, empties itself, takes objects of the writers under one prefix, and is published', () => {
    const { core } = templatesOf(development, { ...settings(development), overflow: { retention: Duration.days(14) } });
    core.hasResourceProperties('AWS::S3::Bucket', {
      PublicAccessBlockConfiguration: { BlockPublicPolicy: true, RestrictPublicBuckets: true },
      LifecycleConfiguration: { Rules: [Match.objectLike({ ExpirationInDays: 14, Status: 'Enabled' })] },
    });
    const bucket = logicalId(core, 'AWS::S3::Bucket');
    core.hasResourceProperties('AWS::IAM::ManagedPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          {
            Effect: 'Allow',
            Action: 's3:PutObject',
            Resource: { 'Fn::Join': ['', [{ 'Fn::GetAtt': [bucket, 'Arn'] }, '/telemetry-overflow/*']] },
          },
        ]),
      },
    });
    core.hasResourceProperties('AWS::SSM::Parameter', {
      Name: parameterName(observabilityOverflow, 'dev', 'bucketName'),
      Value: { Ref: bucket },
    });
  });
});

test('the extension layer is for Node 24 on both architectures, and stays in production for functions that roll back', () => {
  const properties = { CompatibleRuntimes: ['nodejs24.x'], CompatibleArchitectures: ['arm64', 'x86_64'] };
  dev.core.hasResource('AWS::Lambda::LayerVersion', { DeletionPolicy: 'Delete', Properties: properties });
  prod.core.hasResource('AWS::Lambda::LayerVersion', {
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: properties,
  });
});

describe('the contract', () => {
  test('is published whole', () => {
    const names = Object.keys(observabilityCore.parameters) as (keyof typeof observabilityCore.parameters)[];
    const published = Object.values(dev.core.findResources('AWS::SSM::Parameter')).map(
      ({ Properties }) => Properties.Name,
    );
    expect(published.sort()).toEqual(names.map((name) => parameterName(observabilityCore, 'dev', name)).sort());
  });

  test.each([
    ['layerArn', 'AWS::Lambda::LayerVersion'],
    ['writePolicyArn', 'AWS::IAM::ManagedPolicy'],
    ['streamName', 'AWS::Kinesis::Stream'],
  ] as const)('says what %s refers to', (name, type) => {
    dev.core.hasResourceProperties('AWS::SSM::Parameter', {
      Name: parameterName(observabilityCore, 'dev', name),
      Value: { Ref: logicalId(dev.core, type) },
    });
  });

  test("names the base image by its content, in the core's own repository", () => {
    dev.core.hasResourceProperties('AWS::SSM::Parameter', {
      Name: parameterName(observabilityCore, 'dev', 'imageUri'),
      Value: { 'Fn::Sub': Match.stringLikeRegexp('/dev-observability-core/telemetry:[0-9a-f]{64}$') },
    });
  });
});

describe("the base image's repository", () => {
  test('takes pushes from the role that publishes image assets, and from nobody else', () => {
    const statements = Object.values(dev.repository.findResources('AWS::ECR::Repository')).flatMap(
      ({ Properties }) => Properties.RepositoryPolicyText.Statement,
    );
    expect(statements).toHaveLength(1);
    const [statement] = statements;
    expect(statement.Principal.AWS['Fn::Sub']).toEqual([
      expect.stringMatching(/:role\/cdk-\$\{Qualifier\}-image-publishing-role-/),
      { Qualifier: 'hnb659fds' },
    ]);
    expect(statement.Action).toContain('ecr:PutImage');
    expect(statement.Action.filter((action: string) => action.includes('*'))).toEqual([]);
  });

  test('never lets a tag mean another image; is emptied and deleted with its stack outside production only', () => {
    dev.repository.hasResource('AWS::ECR::Repository', {
      DeletionPolicy: 'Delete',
      Properties: { ImageTagMutability: 'IMMUTABLE', EmptyOnDelete: true },
    });
    prod.repository.hasResource('AWS::ECR::Repository', {
      DeletionPolicy: 'Retain',
      Properties: { EmptyOnDelete: Match.absent() },
    });
  });

  test('stands before the image is built, which looks into it, and pushed', () => {
    const manifest = dev.assembly.artifacts.find(({ id }) => id === 'core.assets');
    expect(manifest?.dependencies.map(({ id }) => id)).toEqual(['image-repository']);
    expect(dev.assembly.getStackArtifact('core').dependencies.map(({ id }) => id)).toContain('core.assets');
  });
});
