import {
  CreateServiceCommand,
  DeleteServiceCommand,
  DescribeServicesCommand,
  DescribeTasksCommand,
  ECSClient,
  ListServicesCommand,
  ListTasksCommand,
  RunTaskCommand,
  StopTaskCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { expect } from 'vitest';
import { type Claim, refusal } from './contract.ts';
import { vpcOf } from './ec2.ts';
import { clusterOf, definitionOf, guide, reference, serviceOf } from './ecs-support.ts';

/** Claims about services and tasks. */
export const serviceClaims: readonly Claim[] = [
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
        ecs.send(new DescribeServicesCommand({ cluster, services: Array.from({ length: count }, (_, i) => `s${i}`) }));
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
];
