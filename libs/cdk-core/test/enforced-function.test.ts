import { fileURLToPath } from 'node:url';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { describe, expect, test } from 'vitest';
import { EnforcedFunction, type EnforcedFunctionProps, EnforcedImageFunction } from '../src/enforced-function.ts';
import { resourcesOf, stackWith } from './stacks.ts';

const code = fileURLToPath(new URL('.', import.meta.url));

function functionWith(props: Partial<EnforcedFunctionProps> = {}) {
  const stack = stackWith();
  const given = {
    description: 'Takes orders',
    code,
    handler: 'handler.handler',
    memorySize: 256,
    timeout: Duration.seconds(10),
  };
  new EnforcedFunction(stack, 'Orders', { ...given, ...props });
  return stack;
}

interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
}

const statementsOf = (stack: ReturnType<typeof stackWith>) =>
  Object.values(resourcesOf(stack))
    .filter(({ Type }) => Type === 'AWS::IAM::Policy')
    .flatMap(({ Properties }) => (Properties['PolicyDocument'] as { Statement: Statement[] }).Statement);

describe('an enforced function', () => {
  test('runs on Node 24 and arm64, with JSON logs, source maps and its service name', () => {
    Template.fromStack(functionWith({ environment: { LIMIT: '1' } })).hasResourceProperties('AWS::Lambda::Function', {
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      MemorySize: 256,
      Timeout: 10,
      LoggingConfig: { LogFormat: 'JSON', ApplicationLogLevel: 'INFO', SystemLogLevel: 'INFO' },
      Environment: {
        Variables: { NODE_OPTIONS: '--enable-source-maps', POWERTOOLS_SERVICE_NAME: 'orders', LIMIT: '1' },
      },
    });
  });

  test('logs to one group of its own, which has a retention', () => {
    const template = Template.fromStack(functionWith());
    const groups = template.findResources('AWS::Logs::LogGroup', { Properties: { RetentionInDays: 7 } });
    expect(Object.keys(groups)).toHaveLength(1);
    template.resourceCountIs('AWS::Logs::LogGroup', 1);
    template.hasResourceProperties('AWS::Lambda::Function', {
      LoggingConfig: { LogGroup: { Ref: Object.keys(groups)[0] } },
    });
  });

  test('may write to that group and do nothing else', () => {
    const stack = functionWith();
    const [group] = Object.keys(Template.fromStack(stack).findResources('AWS::Logs::LogGroup'));
    expect(statementsOf(stack)).toEqual([
      {
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: { 'Fn::GetAtt': [group, 'Arn'] },
      },
    ]);
    const roles = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Role'));
    expect(roles.map(({ Properties }) => Properties.ManagedPolicyArns)).toEqual([undefined]);
  });

  test('with CloudWatch Logs denied may write to no log group, whatever else its role is given', () => {
    expect(statementsOf(functionWith({ cloudWatchLogs: 'denied' }))).toEqual([
      { Effect: 'Deny', Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'], Resource: '*' },
    ]);
  });

  test('wants its package built', () => {
    expect(() => functionWith({ code: '/nowhere' })).toThrow(
      /orders\/Orders has its code in \/nowhere.*run the package's build/,
    );
  });

  test('wants an enforced stack around it', () => {
    const plain = new Stack(new App(), 'Plain');
    const props = { description: '', code, handler: 'a.b', memorySize: 128, timeout: Duration.seconds(1) };
    expect(() => new EnforcedFunction(plain, 'Orders', props)).toThrow('NO_ENFORCED_STACK');
  });
});

test('an enforced image function has the same settings, and runtime and handler from its image', () => {
  const stack = stackWith();
  new EnforcedImageFunction(stack, 'Orders', {
    description: 'Takes orders',
    image: Code.fromEcrImage(Repository.fromRepositoryName(stack, 'Images', 'images'), { tagOrDigest: 'one' }),
    memorySize: 256,
    timeout: Duration.seconds(10),
  });
  Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', {
    PackageType: 'Image',
    Runtime: Match.absent(),
    Handler: Match.absent(),
    Architectures: ['arm64'],
    LoggingConfig: { LogFormat: 'JSON', ApplicationLogLevel: 'INFO', SystemLogLevel: 'INFO' },
    Environment: { Variables: { POWERTOOLS_SERVICE_NAME: 'orders' } },
  });
});
