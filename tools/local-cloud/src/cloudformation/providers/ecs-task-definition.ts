import type { RegisterTaskDefinitionCommandOutput } from '@aws-sdk/client-ecs';
import { physicalName } from '../physical-name.ts';
import type { ResourceProvider } from '../provider.ts';
import { unlessGone } from './calls.ts';
import { changeEcsTags } from './ecs-cluster.ts';
import { lowerFirst } from './ecs-input.ts';

/** A change of anything but tags registers a new revision, and deregisters the old one once nothing needs it. */
export const ecsTaskDefinition: ResourceProvider = {
  type: 'AWS::ECS::TaskDefinition',
  properties: [
    'ContainerDefinitions',
    'Cpu',
    'EphemeralStorage',
    'ExecutionRoleArn',
    'Family',
    'Memory',
    'NetworkMode',
    'RequiresCompatibilities',
    'RuntimePlatform',
    'Tags',
    'TaskRoleArn',
    'Volumes',
  ],
  async create(request) {
    const { Family } = request.properties;
    const family = Family ?? physicalName(request, { longest: 255 });
    const input = { ...lowerFirst(request.properties), family };
    const output = await request.call<RegisterTaskDefinitionCommandOutput>('ecs', 'RegisterTaskDefinition', input);
    const arn = output.taskDefinition?.taskDefinitionArn ?? '';
    return { physicalId: arn, attributes: { TaskDefinitionArn: arn } };
  },
  async update(request) {
    const { physicalId, attributes, previous } = request;
    await changeEcsTags(request, physicalId, previous);
    return { physicalId, attributes };
  },
  async delete(request) {
    await unlessGone(['ClientException'], () =>
      request.call('ecs', 'DeregisterTaskDefinition', { taskDefinition: request.physicalId }),
    );
  },
};
