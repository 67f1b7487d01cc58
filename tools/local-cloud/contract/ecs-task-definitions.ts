import {
  DeregisterTaskDefinitionCommand,
  DescribeTaskDefinitionCommand,
  ECSClient,
  ListTaskDefinitionsCommand,
} from '@aws-sdk/client-ecs';
import { expect } from 'vitest';
import { type Claim, refusal } from './contract.ts';
import { definitionOf, guide, register } from './ecs-support.ts';

/** Claims about task definitions. */
export const taskDefinitionClaims: readonly Claim[] = [
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
];
