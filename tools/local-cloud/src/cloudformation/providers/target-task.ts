import type { Properties } from '../provider.ts';
import { lowerFirst } from './ecs-input.ts';

/**
 * A target of a rule or schedule as the API takes it: templates give two lists of `EcsParameters` other names, and
 * write the members of the network and of its lists with capital letters ("AWS::Events::Rule EcsParameters", CloudFormation Template Reference).
 */
export function withTargetTask(target: Properties): Properties {
  const task: Properties | undefined = target['EcsParameters'];
  if (!task) return target;
  const { CapacityProviderStrategy, PlacementStrategies, TagList, NetworkConfiguration, ...rest } = task;
  const { AwsVpcConfiguration, AwsvpcConfiguration = AwsVpcConfiguration } = NetworkConfiguration ?? {};
  const EcsParameters = {
    ...rest,
    CapacityProviderStrategy: lowerFirst(CapacityProviderStrategy),
    PlacementConstraints: lowerFirst(rest['PlacementConstraints']),
    PlacementStrategy: lowerFirst(PlacementStrategies ?? rest['PlacementStrategy']),
    Tags: TagList ?? rest['Tags'],
    ...(AwsvpcConfiguration && { NetworkConfiguration: { awsvpcConfiguration: AwsvpcConfiguration } }),
  };
  return { ...target, EcsParameters };
}
