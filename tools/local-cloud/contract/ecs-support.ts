import {
  CreateClusterCommand,
  CreateServiceCommand,
  type CreateServiceCommandInput,
  DeleteClusterCommand,
  DeleteServiceCommand,
  DeregisterTaskDefinitionCommand,
  DescribeServicesCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionCommandInput,
} from '@aws-sdk/client-ecs';
import type { Target } from './contract.ts';
import { vpcOf } from './ec2.ts';

export const reference = (operation: string) => `Amazon ECS API Reference, ${operation}`;
export const guide = (page: string) => `Amazon ECS Developer Guide, ${page}`;

/** A cluster of its own. */
export async function clusterOf(target: Target) {
  const ecs = target.client(ECSClient);
  const cluster = target.name();
  const made = await ecs.send(new CreateClusterCommand({ clusterName: cluster }));
  target.afterwards(() => target.until(() => ecs.send(new DeleteClusterCommand({ cluster }))));
  return { ecs, cluster, made: made.cluster };
}

type Definition = Partial<RegisterTaskDefinitionCommandInput>;

/** Registers a revision for Fargate of one container, unless the input says otherwise. */
export function register(target: Target, family: string, more: Definition = {}) {
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

/** A task definition of its own, deregistered afterwards. */
export async function definitionOf(target: Target, family = target.name(), more: Definition = {}) {
  const { taskDefinition } = await register(target, family, more);
  const arn = taskDefinition?.taskDefinitionArn as string;
  target.afterwards(() => target.client(ECSClient).send(new DeregisterTaskDefinitionCommand({ taskDefinition: arn })));
  return { family, arn, taskDefinition };
}

/** A service that is to run no task. */
export async function serviceOf(target: Target, more: Partial<CreateServiceCommandInput> = {}) {
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
