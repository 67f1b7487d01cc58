import { parameterRef, synthesised } from '@stackyard/cdk-core/testing';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { beforeAll, expect, test } from 'vitest';
import { FargateFirelensStack } from '../cdk/stack.ts';

let template: Template;

beforeAll(() => {
  ({ template } = synthesised(FargateFirelensStack, 'fargate-firelens'));
});

const contractRef = (name: string) => parameterRef(template, `/dev/observability-core/${name}`);

test('the app’s lines go through the router into the stream of the contract', () => {
  template.hasResourceProperties('AWS::ECS::TaskDefinition', {
    ContainerDefinitions: Match.arrayWith([
      Match.objectLike({
        Name: 'app',
        LogConfiguration: {
          LogDriver: 'awsfirelens',
          Options: Match.objectLike({ Name: 'kinesis_streams', stream: contractRef('stream/name') }),
        },
      }),
    ]),
  });
});

test('the task may put records into the stream and do nothing else', () => {
  const [task] = Object.values(template.findResources('AWS::ECS::TaskDefinition'));
  const role = task?.['Properties'].TaskRoleArn['Fn::GetAtt'][0];
  const policies = Object.values(template.findResources('AWS::IAM::Policy')).filter((policy) =>
    policy['Properties'].Roles.some((attached: { Ref: string }) => attached.Ref === role),
  );
  expect(policies.map((policy) => policy['Properties'].PolicyDocument.Statement)).toEqual([
    [{ Effect: 'Allow', Action: 'kinesis:PutRecords', Resource: contractRef('stream/arn') }],
  ]);
  expect(template.findResources('AWS::IAM::Role')[role]?.['Properties'].ManagedPolicyArns).toBeUndefined();
});

test('tasks have no public address, and no way out but the endpoints', () => {
  template.hasResourceProperties('AWS::ECS::Service', {
    NetworkConfiguration: { AwsvpcConfiguration: Match.objectLike({ AssignPublicIp: 'DISABLED' }) },
  });
  template.resourceCountIs('AWS::EC2::NatGateway', 0);
  template.resourceCountIs('AWS::EC2::VPCEndpoint', 5);
});

test('tasks are reached by the load balancer alone', () => {
  const into = Object.values(template.findResources('AWS::EC2::SecurityGroupIngress')).map(
    ({ Properties }) =>
      Properties as {
        GroupId: { 'Fn::GetAtt': [string] };
        FromPort: number;
        SourceSecurityGroupId: { 'Fn::GetAtt': [string] };
      },
  );
  const intoTasks = into.filter(({ GroupId }) => GroupId['Fn::GetAtt'][0].startsWith('TaskTraffic'));
  expect(intoTasks).toMatchObject([{ FromPort: 8080 }]);
  expect(intoTasks[0]?.SourceSecurityGroupId['Fn::GetAtt'][0]).toMatch(/^LoadBalancerTraffic/);
});

test('a failed deployment is rolled back, and one task is always on demand', () => {
  template.hasResourceProperties('AWS::ECS::Service', {
    DeploymentConfiguration: {
      DeploymentCircuitBreaker: { Enable: true, Rollback: true },
      MinimumHealthyPercent: 100,
      MaximumPercent: 200,
    },
    CapacityProviderStrategy: [
      { CapacityProvider: 'FARGATE', Base: 1, Weight: 1 },
      { CapacityProvider: 'FARGATE_SPOT', Weight: 3 },
    ],
  });
});

test('only the router writes to CloudWatch Logs, and its lines go after a week', () => {
  template.resourceCountIs('AWS::Logs::LogGroup', 1);
  template.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 7 });
});
