import {
  CreateClusterCommand,
  CreateServiceCommand,
  type CreateServiceCommandInput,
  DeleteClusterCommand,
  DeleteServiceCommand,
  DeregisterTaskDefinitionCommand,
  DescribeClustersCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ECSClient,
  ListClustersCommand,
  ListServicesCommand,
  ListTagsForResourceCommand,
  ListTaskDefinitionsCommand,
  ListTasksCommand,
  PutClusterCapacityProvidersCommand,
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionCommandInput,
  RunTaskCommand,
  StopTaskCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateClusterCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { expect } from 'vitest';
import { ecs as service } from '../src/services/ecs/service.ts';
import { type Contract, refusal, type Target } from './contract.ts';
import { vpcOf } from './ec2.ts';

const reference = (operation: string) => `Amazon ECS API Reference, ${operation}`;
const guide = (page: string) => `Amazon ECS Developer Guide, ${page}`;

async function clusterOf(target: Target) {
  const ecs = target.client(ECSClient);
  const cluster = target.name();
  const made = await ecs.send(new CreateClusterCommand({ clusterName: cluster }));
  target.afterwards(() => target.until(() => ecs.send(new DeleteClusterCommand({ cluster }))));
  return { ecs, cluster, made: made.cluster };
}

type Definition = Partial<RegisterTaskDefinitionCommandInput>;

function register(target: Target, family: string, more: Definition = {}) {
  const app = { name: 'app', image: 'public.ecr.aws/docker/library/node:24-slim' };
  return target.client(ECSClient).send(
    new RegisterTaskDefinitionCommand({
      family,
      requiresCompatibilities: ['FARGATE'],
      networkMode: 'awsvpc',
      cpu: '256',
      memory: '512',
      containerDefinitions: [app],
      ...more,
    }),
  );
}

async function definitionOf(target: Target, family = target.name(), more: Definition = {}) {
  const { taskDefinition } = await register(target, family, more);
  const arn = taskDefinition?.taskDefinitionArn as string;
  target.afterwards(() => target.client(ECSClient).send(new DeregisterTaskDefinitionCommand({ taskDefinition: arn })));
  return { family, arn, taskDefinition };
}

/** A service that is to run no task. */
async function serviceOf(target: Target, more: Partial<CreateServiceCommandInput> = {}) {
  const { ecs, cluster } = await clusterOf(target);
  const { arn } = await definitionOf(target);
  const { subnet } = await vpcOf(target);
  const serviceName = target.name();
  const awsvpcConfiguration = { subnets: [await subnet('10.90.0.0/24')] };
  const made = await ecs.send(
    new CreateServiceCommand({
      cluster,
      serviceName,
      taskDefinition: arn,
      desiredCount: 0,
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration },
      ...more,
    }),
  );
  const describe = async () =>
    (await ecs.send(new DescribeServicesCommand({ cluster, services: [serviceName] }))).services?.[0];
  target.afterwards(async () => {
    if ((await describe())?.status !== 'ACTIVE') return;
    await ecs.send(new DeleteServiceCommand({ cluster, service: serviceName, force: true }));
  });
  return { ecs, cluster, serviceName, arn, describe, made: made.service };
}

export const ecs: Contract = {
  service,
  claims: [
    {
      operation: 'CreateCluster',
      beside: ['DescribeClusters', 'ListClusters', 'DeleteCluster'],
      claim: 'gives the same active cluster for a name it has; deleted, it is inactive',
      source: reference('CreateCluster'),
      async run(target) {
        const { ecs, cluster, made } = await clusterOf(target);
        const again = await ecs.send(new CreateClusterCommand({ clusterName: cluster }));
        expect(again.cluster?.clusterArn).toBe(made?.clusterArn);
        const listed = await ecs.send(new ListClustersCommand({ maxResults: 100 }));
        expect(listed.clusterArns).toContain(made?.clusterArn);
        expect(made).toMatchObject({ status: 'ACTIVE', runningTasksCount: 0, activeServicesCount: 0 });
        const { cluster: deleted } = await ecs.send(new DeleteClusterCommand({ cluster }));
        expect(deleted?.status).toBe('INACTIVE');
        await ecs.send(new CreateClusterCommand({ clusterName: cluster }));
      },
    },
    {
      operation: 'DescribeClusters',
      claim: 'reports a cluster that is not there as a failure, not as an error',
      source: guide('API failure reasons'),
      async run(target) {
        const { failures } = await target
          .client(ECSClient)
          .send(new DescribeClustersCommand({ clusters: [target.name()] }));
        expect(failures).toMatchObject([{ reason: 'MISSING' }]);
      },
    },
    {
      operation: 'DeleteCluster',
      claim: 'refuses a cluster that has services',
      source: reference('DeleteCluster'),
      async run(target) {
        const { ecs, cluster } = await serviceOf(target);
        const error = await refusal(ecs.send(new DeleteClusterCommand({ cluster })));
        expect(error.name).toBe('ClusterContainsServicesException');
      },
    },
    {
      operation: 'PutClusterCapacityProviders',
      claim: "sets Fargate's capacity providers and the default strategy",
      source: guide('Amazon ECS clusters for Fargate workloads'),
      async run(target) {
        const { ecs, cluster } = await clusterOf(target);
        const defaultCapacityProviderStrategy = [
          { capacityProvider: 'FARGATE', base: 1, weight: 1 },
          { capacityProvider: 'FARGATE_SPOT', weight: 3 },
        ];
        const capacityProviders = ['FARGATE', 'FARGATE_SPOT'];
        await target.until(() =>
          ecs.send(
            new PutClusterCapacityProvidersCommand({ cluster, capacityProviders, defaultCapacityProviderStrategy }),
          ),
        );
        const { clusters } = await ecs.send(new DescribeClustersCommand({ clusters: [cluster] }));
        expect(clusters?.[0]?.capacityProviders?.toSorted()).toEqual(capacityProviders);
        expect(clusters?.[0]?.defaultCapacityProviderStrategy).toMatchObject(defaultCapacityProviderStrategy);
      },
    },
    {
      operation: 'UpdateCluster',
      claim: 'turns Container Insights on',
      source: reference('UpdateCluster'),
      async run(target) {
        const { ecs, cluster } = await clusterOf(target);
        const settings = [{ name: 'containerInsights' as const, value: 'enabled' }];
        await ecs.send(new UpdateClusterCommand({ cluster, settings }));
        const { clusters } = await ecs.send(
          new DescribeClustersCommand({ clusters: [cluster], include: ['SETTINGS'] }),
        );
        expect(clusters).toMatchObject([{ settings }]);
      },
    },
    {
      operation: 'RegisterTaskDefinition',
      beside: ['DescribeTaskDefinition', 'DeregisterTaskDefinition', 'ListTaskDefinitions'],
      claim: 'counts the revisions of a family up; a deregistered one is not the latest any more and can still be read',
      source: guide('Amazon ECS task definition states'),
      async run(target) {
        const { family, arn, taskDefinition } = await definitionOf(target);
        const { arn: second } = await definitionOf(target, family);
        expect(taskDefinition).toMatchObject({ revision: 1, status: 'ACTIVE' });
        expect(second).toMatch(/:2$/);
        const ecs = target.client(ECSClient);
        await ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: second }));
        const read = async (name: string) =>
          (await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: name }))).taskDefinition;
        expect(await read(family)).toMatchObject({ revision: 1 });
        expect(await read(second)).toMatchObject({ status: 'INACTIVE' });
        const { taskDefinitionArns } = await ecs.send(new ListTaskDefinitionsCommand({ familyPrefix: family }));
        expect(taskDefinitionArns).toEqual([arn]);
      },
    },
    {
      operation: 'RegisterTaskDefinition',
      claim: 'takes the sizes of Fargate in its words, and no others',
      limit: '0.25 to 16 vCPU, each with its own range of memory',
      source: guide('Amazon ECS task definition parameters for Fargate'),
      async run(target) {
        const { taskDefinition } = await definitionOf(target, target.name(), { cpu: '.5 vCPU', memory: '1 GB' });
        expect(taskDefinition).toMatchObject({ cpu: '512', memory: '1024' });
        const { name, message } = await refusal(register(target, target.name(), { cpu: '256', memory: '4096' }));
        expect(name).toBe('ClientException');
        expect(message).toMatch(/^No Fargate configuration exists/);
      },
    },
    {
      operation: 'RegisterTaskDefinition',
      claim: 'refuses for Fargate every network mode but awsvpc',
      source: guide('Amazon ECS task networking options for Fargate'),
      async run(target) {
        const error = await refusal(register(target, target.name(), { networkMode: 'bridge' }));
        expect(error.name).toBe('ClientException');
      },
    },
    {
      operation: 'RegisterTaskDefinition',
      claim: 'refuses containers that wait for each other in a circle',
      source: guide('Amazon ECS task definition parameters for Fargate'),
      async run(target) {
        const image = 'public.ecr.aws/docker/library/node:24-slim';
        const waiting = (name: string, containerName: string) => ({
          name,
          image,
          dependsOn: [{ containerName, condition: 'START' as const }],
        });
        const containerDefinitions = [waiting('a', 'b'), waiting('b', 'a')];
        const error = await refusal(register(target, target.name(), { containerDefinitions }));
        expect(error.name).toBe('ClientException');
      },
    },
    {
      operation: 'TagResource',
      beside: ['ListTagsForResource', 'UntagResource'],
      claim: 'sets tags of a cluster; untagged, they are gone',
      source: reference('TagResource'),
      async run(target) {
        const { ecs, made } = await clusterOf(target);
        const resourceArn = made?.clusterArn;
        const tags = [{ key: 'team', value: 'orders' }];
        const read = async () => (await ecs.send(new ListTagsForResourceCommand({ resourceArn }))).tags;
        await ecs.send(new TagResourceCommand({ resourceArn, tags }));
        expect(await read()).toEqual(tags);
        await ecs.send(new UntagResourceCommand({ resourceArn, tagKeys: ['team'] }));
        expect(await read()).toEqual([]);
      },
    },
    {
      operation: 'CreateService',
      beside: ['DescribeServices', 'ListServices', 'DeleteService'],
      claim: 'makes an active service with one deployment, which reaches a steady state; deleted, it drains',
      source: reference('CreateService'),
      async run(target) {
        const { ecs, cluster, serviceName, arn, describe, made } = await serviceOf(target);
        expect(made).toMatchObject({
          status: 'ACTIVE',
          desiredCount: 0,
          deployments: [{ status: 'PRIMARY', taskDefinition: arn }],
        });
        await target.until(async () =>
          expect(await describe()).toMatchObject({ deployments: [{ rolloutState: 'COMPLETED' }] }),
        );
        const { serviceArns } = await ecs.send(new ListServicesCommand({ cluster }));
        expect(serviceArns).toEqual([made?.serviceArn]);
        await ecs.send(new DeleteServiceCommand({ cluster, service: serviceName }));
        expect((await describe())?.status).toMatch(/^(DRAINING|INACTIVE)$/);
      },
    },
    {
      operation: 'CreateService',
      claim: 'refuses a name that an active service has with other settings',
      source: guide('Amazon ECS service definition parameters'),
      async run(target) {
        const { ecs, cluster, serviceName, arn } = await serviceOf(target);
        const other = new CreateServiceCommand({ cluster, serviceName, taskDefinition: arn, desiredCount: 0 });
        expect((await refusal(ecs.send(other))).name).toBe('InvalidParameterException');
      },
    },
    {
      operation: 'UpdateService',
      claim: 'begins a deployment of the new task definition',
      source: reference('UpdateService'),
      async run(target) {
        const { ecs, cluster, serviceName, describe } = await serviceOf(target);
        const { arn } = await definitionOf(target);
        await ecs.send(new UpdateServiceCommand({ cluster, service: serviceName, taskDefinition: arn }));
        await target.until(async () =>
          expect(await describe()).toMatchObject({
            taskDefinition: arn,
            deployments: [{ status: 'PRIMARY', rolloutState: 'COMPLETED', taskDefinition: arn }],
          }),
        );
      },
    },
    {
      operation: 'UpdateService',
      claim: 'knows no service of another name',
      source: reference('UpdateService'),
      async run(target) {
        const { ecs, cluster } = await clusterOf(target);
        const update = ecs.send(new UpdateServiceCommand({ cluster, service: target.name(), desiredCount: 0 }));
        expect((await refusal(update)).name).toBe('ServiceNotFoundException');
      },
    },
    {
      operation: 'DescribeServices',
      claim: 'takes 10 services a call',
      limit: '10 services a call',
      source: reference('DescribeServices'),
      async run(target) {
        const { ecs, cluster } = await clusterOf(target);
        const describe = (count: number) =>
          ecs.send(
            new DescribeServicesCommand({ cluster, services: Array.from({ length: count }, (_, i) => `s${i}`) }),
          );
        expect((await describe(10)).failures).toHaveLength(10);
        expect((await refusal(describe(11))).name).toBe('InvalidParameterException');
      },
    },
    {
      operation: 'RunTask',
      claim: 'knows no cluster of another name',
      source: reference('RunTask'),
      async run(target) {
        const { arn } = await definitionOf(target);
        const run = new RunTaskCommand({ cluster: target.name(), taskDefinition: arn, launchType: 'FARGATE' });
        expect((await refusal(target.client(ECSClient).send(run))).name).toBe('ClusterNotFoundException');
      },
    },
    {
      operation: 'RunTask',
      claim: 'wants subnets for a task of network mode awsvpc',
      source: guide('Amazon ECS task networking options for Fargate'),
      async run(target) {
        const { ecs, cluster } = await clusterOf(target);
        const { arn } = await definitionOf(target);
        const run = new RunTaskCommand({ cluster, taskDefinition: arn, launchType: 'FARGATE' });
        const { name, message } = await refusal(ecs.send(run));
        expect(name).toBe('InvalidParameterException');
        expect(message).toMatch(/^Network Configuration must be provided when networkMode 'awsvpc' is specified/);
      },
    },
    {
      operation: 'RunTask',
      beside: ['DescribeTasks', 'ListTasks'],
      claim: 'stops a task whose image cannot be pulled, and says why',
      source: guide('Amazon ECS stopped tasks error messages'),
      async run(target) {
        const { ecs, cluster } = await clusterOf(target);
        const image = `public.ecr.aws/docker/library/${target.name()}:gone`;
        const { arn } = await definitionOf(target, target.name(), { containerDefinitions: [{ name: 'app', image }] });
        const { subnet } = await vpcOf(target);
        const awsvpcConfiguration = { subnets: [await subnet('10.90.0.0/24')] };
        const { tasks: started } = await ecs.send(
          new RunTaskCommand({
            cluster,
            taskDefinition: arn,
            launchType: 'FARGATE',
            networkConfiguration: { awsvpcConfiguration },
          }),
        );
        expect(started).toMatchObject([{ lastStatus: 'PROVISIONING', desiredStatus: 'RUNNING' }]);
        const task = started?.[0]?.taskArn as string;
        await target.until(async () => {
          const { tasks } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: [task] }));
          expect(tasks).toMatchObject([
            {
              lastStatus: 'STOPPED',
              stopCode: 'TaskFailedToStart',
              stoppedReason: expect.stringMatching(/^CannotPullContainerError/),
            },
          ]);
        });
        const { taskArns } = await ecs.send(new ListTasksCommand({ cluster, desiredStatus: 'STOPPED' }));
        expect(taskArns).toEqual([task]);
      },
    },
    {
      operation: 'StopTask',
      beside: ['DescribeTasks'],
      claim: 'knows no task of another id, which DescribeTasks reports as a failure',
      source: reference('StopTask'),
      async run(target) {
        const { ecs, cluster } = await clusterOf(target);
        const task = '0123456789abcdef0123456789abcdef';
        const { name, message } = await refusal(ecs.send(new StopTaskCommand({ cluster, task })));
        expect(name).toBe('InvalidParameterException');
        expect(message).toBe('The referenced task was not found.');
        const { failures } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: [task] }));
        expect(failures).toMatchObject([{ reason: 'MISSING' }]);
      },
    },
  ],
};
