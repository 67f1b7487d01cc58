import type { RunTaskCommandInput, TaskOverride } from '@aws-sdk/client-ecs';
import type { EcsParameters } from '@aws-sdk/client-eventbridge';
import { isObject, type Json } from '../../event-patterns/json.ts';

/** What rules of EventBridge and schedules say of the task they start; tags of schedules have the members of rules' too. */
export type TargetTask = Omit<EcsParameters, 'Tags' | 'LaunchType' | 'PropagateTags'> & {
  readonly LaunchType?: string | undefined;
  readonly PropagateTags?: string | undefined;
  readonly Tags?: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] | undefined;
};

const overridable = [
  'containerOverrides',
  'cpu',
  'ephemeralStorage',
  'executionRoleArn',
  'inferenceAcceleratorOverrides',
  'memory',
  'taskRoleArn',
] as const;

/**
 * The RunTask that a target with `EcsParameters` stands for ("Amazon ECS task targets", EventBridge User Guide): its input is
 * JSON text whose members are the task's overrides; others say nothing.
 */
export function runTaskInput(cluster: string, task: TargetTask, text: string, startedBy: string): RunTaskCommandInput {
  const { awsvpcConfiguration: network } = task.NetworkConfiguration ?? {};
  return {
    cluster,
    taskDefinition: task.TaskDefinitionArn,
    count: task.TaskCount,
    startedBy,
    group: task.Group,
    launchType: task.LaunchType as RunTaskCommandInput['launchType'],
    platformVersion: task.PlatformVersion,
    propagateTags: task.PropagateTags as RunTaskCommandInput['propagateTags'],
    referenceId: task.ReferenceId,
    enableECSManagedTags: task.EnableECSManagedTags,
    enableExecuteCommand: task.EnableExecuteCommand,
    capacityProviderStrategy: task.CapacityProviderStrategy,
    placementConstraints: task.PlacementConstraints,
    placementStrategy: task.PlacementStrategy,
    tags: task.Tags?.map(({ Key: key, Value: value }) => ({ key, value })),
    overrides: overridesIn(text),
    networkConfiguration: network && {
      awsvpcConfiguration: {
        subnets: network.Subnets,
        securityGroups: network.SecurityGroups,
        assignPublicIp: network.AssignPublicIp,
      },
    },
  };
}

function overridesIn(text: string): TaskOverride {
  const given = JSON.parse(text) as Json;
  if (!isObject(given)) return {};
  return Object.fromEntries(overridable.flatMap((name) => (name in given ? [[name, given[name]]] : [])));
}
