import { CloudFormationClient, CreateStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  CreateServiceCommand,
  type CreateServiceCommandInput,
  DeleteServiceCommand,
  DescribeServicesCommand,
  DescribeTasksCommand,
  ListTasksCommand,
  StopTaskCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EcsCloud, role, startEcsCloud } from './fixtures/ecs/support.ts';
import { eventually } from './fixtures/lambda/support.ts';

let cloud: EcsCloud;
beforeAll(async () => {
  cloud = await startEcsCloud();
});
afterAll(() => cloud.close());

const server = (more: object = {}) => ({ name: 'server', image: cloud.image, ...more });
const broken = () => server({ command: ['node', '-e', 'process.exit(1)'] });

function create(serviceName: string, taskDefinition: string, more: Partial<CreateServiceCommandInput> = {}) {
  return cloud.ecs.send(
    new CreateServiceCommand({
      cluster: 'apps',
      serviceName,
      taskDefinition,
      desiredCount: 1,
      networkConfiguration: cloud.network,
      ...(more.capacityProviderStrategy ? {} : { launchType: 'FARGATE' as const }),
      ...more,
    }),
  );
}

async function describeService(service: string) {
  const { services } = await cloud.ecs.send(new DescribeServicesCommand({ cluster: 'apps', services: [service] }));
  return services?.[0];
}

const completed = (service: string, taskDefinition: string) =>
  eventually(async () => {
    const now = await describeService(service);
    expect(now?.deployments).toMatchObject([{ rolloutState: 'COMPLETED', taskDefinition }]);
    return now;
  });

async function tasksOf(serviceName: string) {
  const { taskArns } = await cloud.ecs.send(new ListTasksCommand({ cluster: 'apps', serviceName }));
  if (!taskArns?.length) return [];
  return (await cloud.ecs.send(new DescribeTasksCommand({ cluster: 'apps', tasks: taskArns }))).tasks ?? [];
}

describe('a service', () => {
  test('keeps its tasks running, and drains when it is deleted', async () => {
    const definition = await cloud.register([server()]);
    await create('kept', definition, { desiredCount: 2 });
    const service = await completed('kept', definition);
    expect(service).toMatchObject({ runningCount: 2, pendingCount: 0 });
    expect(service?.events?.map(({ message }) => message)).toContain('(service kept) has reached a steady state.');
    const [task] = await tasksOf('kept');
    await cloud.ecs.send(new StopTaskCommand({ cluster: 'apps', task: task?.taskArn }));
    await eventually(async () => {
      const tasks = await tasksOf('kept');
      expect(tasks.map(({ lastStatus }) => lastStatus)).toEqual(['RUNNING', 'RUNNING']);
      expect(tasks.map(({ taskArn }) => taskArn)).not.toContain(task?.taskArn);
    });
    const deletion = { cluster: 'apps', service: 'kept' };
    await expect(cloud.ecs.send(new DeleteServiceCommand(deletion))).rejects.toThrow('scaled above 0');
    await cloud.ecs.send(new DeleteServiceCommand({ ...deletion, force: true }));
    await eventually(async () => expect((await describeService('kept'))?.status).toBe('INACTIVE'));
    expect(await tasksOf('kept')).toEqual([]);
  });

  test('spreads its tasks over capacity providers by base and weight', async () => {
    const capacityProviderStrategy = [
      { capacityProvider: 'FARGATE', base: 1, weight: 1 },
      { capacityProvider: 'FARGATE_SPOT', weight: 3 },
    ];
    const definition = await cloud.register([server()]);
    await create('spread', definition, { desiredCount: 5, capacityProviderStrategy });
    await completed('spread', definition);
    const providers = (await tasksOf('spread')).map(({ capacityProviderName }) => capacityProviderName);
    expect(providers.sort()).toEqual(['FARGATE', 'FARGATE', 'FARGATE_SPOT', 'FARGATE_SPOT', 'FARGATE_SPOT']);
  });

  test('rolls back when its new tasks keep failing', async () => {
    const [good, bad] = [await cloud.register([server()]), await cloud.register([broken()])];
    const deploymentCircuitBreaker = { enable: true, rollback: true };
    await create('rolled', good, { deploymentConfiguration: { deploymentCircuitBreaker } });
    await completed('rolled', good);
    const [before] = await tasksOf('rolled');
    await cloud.ecs.send(new UpdateServiceCommand({ cluster: 'apps', service: 'rolled', taskDefinition: bad }));
    await eventually(async () => {
      const service = await describeService('rolled');
      expect(service?.events?.map(({ message }) => message).join()).toContain('rolling back to deployment');
    });
    expect(await completed('rolled', good)).toMatchObject({ taskDefinition: good });
    await cloud.reaches(before ?? {}, 'STOPPED');
  });

  test('replaces tasks whose health checks fail', async () => {
    const healthCheck = { command: ['CMD', 'node', '-e', 'process.exit(1)'], interval: 5, retries: 1 };
    await create('ill', await cloud.register([server({ healthCheck })]));
    await eventually(async () => expect(await tasksOf('ill')).toMatchObject([{ lastStatus: 'RUNNING' }]));
    const [ill] = await tasksOf('ill');
    expect(await cloud.reaches(ill ?? {}, 'STOPPED')).toMatchObject({
      stopCode: 'ServiceSchedulerInitiated',
      stoppedReason: 'Task failed container health checks',
      containers: [{ healthStatus: 'UNHEALTHY' }],
    });
    await cloud.ecs.send(new DeleteServiceCommand({ cluster: 'apps', service: 'ill', force: true }));
  });
});

describe('CloudFormation', () => {
  const roles = { ExecutionRoleArn: role('Execution'), TaskRoleArn: role('Task') };
  const template = (Command: string[]) => ({
    Resources: {
      Cluster: {
        Type: 'AWS::ECS::Cluster',
        Properties: { ClusterSettings: [{ Name: 'containerInsights', Value: 'enabled' }] },
      },
      Capacity: {
        Type: 'AWS::ECS::ClusterCapacityProviderAssociations',
        Properties: {
          Cluster: { Ref: 'Cluster' },
          CapacityProviders: ['FARGATE', 'FARGATE_SPOT'],
          DefaultCapacityProviderStrategy: [{ CapacityProvider: 'FARGATE_SPOT', Weight: 1 }],
        },
      },
      Definition: {
        Type: 'AWS::ECS::TaskDefinition',
        Properties: {
          ...roles,
          Cpu: '256',
          Memory: '512',
          NetworkMode: 'awsvpc',
          RequiresCompatibilities: ['FARGATE'],
          ContainerDefinitions: [{ Name: 'server', Image: cloud.image, Command }],
        },
      },
      Service: {
        Type: 'AWS::ECS::Service',
        DependsOn: 'Capacity',
        Properties: {
          Cluster: { Ref: 'Cluster' },
          TaskDefinition: { Ref: 'Definition' },
          DesiredCount: 1,
          NetworkConfiguration: { AwsvpcConfiguration: { Subnets: cloud.network.awsvpcConfiguration.subnets } },
          DeploymentConfiguration: { DeploymentCircuitBreaker: { Enable: true, Rollback: true } },
        },
      },
    },
    Outputs: { Service: { Value: { 'Fn::GetAtt': ['Service', 'Name'] } }, Cluster: { Value: { Ref: 'Cluster' } } },
  });

  const stackOf = async (StackName: string) => {
    const output = await cloud.client(CloudFormationClient).send(new DescribeStacksCommand({ StackName }));
    if (output.Stacks?.[0]?.StackStatus?.endsWith('_IN_PROGRESS')) throw new Error('still in progress');
    return output.Stacks?.[0];
  };

  test('says that a stack stands when its service does', async () => {
    const TemplateBody = JSON.stringify(template(['node', 'server.mjs']));
    await cloud.client(CloudFormationClient).send(new CreateStackCommand({ StackName: 'up', TemplateBody }));
    const stack = await eventually(() => stackOf('up'));
    expect(stack?.StackStatus).toBe('CREATE_COMPLETE');
    const outputs = Object.fromEntries((stack?.Outputs ?? []).map((output) => [output.OutputKey, output.OutputValue]));
    const { services } = await cloud.ecs.send(
      new DescribeServicesCommand({ cluster: outputs['Cluster'], services: [outputs['Service'] ?? ''] }),
    );
    expect(services).toMatchObject([
      { runningCount: 1, capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT' }] },
    ]);
  });

  test('rolls a stack back whose service cannot start', async () => {
    const TemplateBody = JSON.stringify(template(['node', '-e', 'process.exit(1)']));
    await cloud.client(CloudFormationClient).send(new CreateStackCommand({ StackName: 'down', TemplateBody }));
    const stack = await eventually(() => stackOf('down'));
    expect(stack?.StackStatus).toBe('ROLLBACK_COMPLETE');
  });
});
