import type {
  RegisterTaskDefinitionCommandInput,
  RegisterTaskDefinitionCommandOutput,
  TaskDefinition,
} from '@aws-sdk/client-ecs';
import { passRoleDemand } from '../../iam/pass-role.ts';
import { type Call, operation } from '../../service.ts';
import { clientError, unsupported } from './errors.ts';
import { fargateSize } from './fargate-sizes.ts';
import { ecsArn, ecsState } from './state.ts';
import { checkContainerSizes, checkedContainer } from './validate-container.ts';
import { checkDependencies } from './validate-dependencies.ts';
import { checkLogging } from './validate-logging.ts';

const notCarriedOut = [
  'enableFaultInjection',
  'inferenceAccelerators',
  'ipcMode',
  'pidMode',
  'placementConstraints',
  'proxyConfiguration',
  'volumes',
] as const;

export const registerTaskDefinition = operation<
  RegisterTaskDefinitionCommandInput,
  RegisterTaskDefinitionCommandOutput
>({
  demands: (input, call) => [
    { action: 'ecs:RegisterTaskDefinition', resource: ecsArn(call, `task-definition/${input.family}:*`) },
    ...[input.taskRoleArn, input.executionRoleArn]
      .filter((role) => role !== undefined)
      .map((role) => passRoleDemand(role, 'ecs-tasks.amazonaws.com')),
  ],
  run(input, call) {
    const definition = checkedDefinition(input, call);
    const { families } = ecsState(call.cloud, call);
    const revisions = families.get(definition.family ?? '') ?? [];
    revisions.push({ definition, tags: [...(input.tags ?? [])] });
    families.set(definition.family ?? '', revisions);
    return { taskDefinition: definition, tags: input.tags ?? [] };
  },
});

function checkedDefinition(input: RegisterTaskDefinitionCommandInput, call: Call): TaskDefinition {
  const { family = '', networkMode, containerDefinitions: given = [], runtimePlatform } = input;
  if (!/^[A-Za-z0-9_-]{1,255}$/.test(family)) {
    throw clientError('Family contains invalid characters: up to 255 letters, numbers, underscores, and hyphens.');
  }
  const compatibilities = input.requiresCompatibilities ?? [];
  if (!compatibilities.includes('FARGATE')) {
    throw unsupported('task definitions without FARGATE in requiresCompatibilities');
  }
  if (networkMode !== 'awsvpc') throw clientError('Fargate only supports network mode ‘awsvpc’.');
  const extra = notCarriedOut.find((key) => {
    const value = input[key];
    return Array.isArray(value) ? value.length > 0 : value;
  });
  if (extra) throw unsupported(`'${extra}' of a task definition`);
  const { operatingSystemFamily: system = 'LINUX' } = runtimePlatform ?? {};
  if (system !== 'LINUX') throw unsupported(`the operating system ${system}`);
  if (given.length === 0) throw clientError('Task definition must have at least one container definition.');
  const size = fargateSize(input.cpu, input.memory);
  const containerDefinitions = given.map((container) => checkedContainer(container, given));
  if (containerDefinitions.every(({ essential }) => !essential)) {
    throw clientError('Invalid setting for containers. At least one container must be essential.');
  }
  checkContainerSizes(containerDefinitions, size);
  checkLogging(containerDefinitions, input.executionRoleArn);
  checkDependencies(containerDefinitions);
  if (containerDefinitions.some(({ secrets }) => secrets?.length) && !input.executionRoleArn) {
    throw clientError('When you are specifying container secrets, you must also specify a value for executionRoleArn.');
  }
  const revision = (ecsState(call.cloud, call).families.get(family)?.length ?? 0) + 1;
  return {
    taskDefinitionArn: ecsArn(call, `task-definition/${family}:${revision}`),
    family,
    revision,
    status: 'ACTIVE',
    networkMode,
    ...size,
    containerDefinitions,
    volumes: [],
    placementConstraints: [],
    requiresAttributes: [],
    compatibilities: ['EC2', 'FARGATE'],
    requiresCompatibilities: compatibilities,
    registeredAt: new Date(call.cloud.clock.now()),
    registeredBy: call.caller.arn,
    ...(input.taskRoleArn && { taskRoleArn: input.taskRoleArn }),
    ...(input.executionRoleArn && { executionRoleArn: input.executionRoleArn }),
    ...(input.ephemeralStorage && { ephemeralStorage: input.ephemeralStorage }),
    ...(runtimePlatform && { runtimePlatform }),
  };
}
