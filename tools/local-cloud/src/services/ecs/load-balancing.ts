import type { Service, Task } from '@aws-sdk/client-ecs';
import { AwsError } from '../../errors.ts';
import { invalidParameter } from './errors.ts';
import { serviceLinkedRole } from './service-linked-role.ts';
import type { Place } from './state.ts';

interface Target {
  readonly TargetGroupArn: string;
  readonly Targets: readonly { readonly Id: string; readonly Port: number }[];
}

function targetsOf({ loadBalancers = [] }: Service, task: Task): Target[] {
  const address = task.containers?.[0]?.networkInterfaces?.[0]?.privateIpv4Address ?? '';
  return loadBalancers.map(({ targetGroupArn = '', containerPort = 0 }) => ({
    TargetGroupArn: targetGroupArn,
    Targets: [{ Id: address, Port: containerPort }],
  }));
}

function call<Output>({ cloud, account, region }: Place, operation: string, input: object): Promise<Output> {
  const as = { caller: serviceLinkedRole(account), region };
  return cloud.call<Output>('elasticloadbalancing', operation, input as Record<string, unknown>, as);
}

export async function registerTargets(service: Service, task: Task, place: Place): Promise<void> {
  for (const target of targetsOf(service, task)) await call(place, 'RegisterTargets', target);
}

interface TargetHealth {
  readonly TargetHealthDescriptions?: readonly { readonly TargetHealth?: { readonly State?: string } }[];
}

/** The states of a task's targets, one per target group; `unused` where it is in none. */
export async function targetStates(service: Service, task: Task, place: Place): Promise<string[]> {
  return Promise.all(
    targetsOf(service, task).map(async (target) => {
      const found = await call<TargetHealth>(place, 'DescribeTargetHealth', target);
      return found.TargetHealthDescriptions?.[0]?.TargetHealth?.State ?? 'unused';
    }),
  );
}

const pollMs = 250;

/** Takes a task out of its target groups and waits until their connections are drained, or it is told to stop. */
export async function deregisterTargets(
  service: Service,
  task: Task,
  place: Place,
  isClosed: () => boolean,
): Promise<void> {
  try {
    for (const target of targetsOf(service, task)) await call(place, 'DeregisterTargets', target);
    while (!isClosed() && (await targetStates(service, task, place)).includes('draining'))
      await place.cloud.clock.sleep(pollMs);
  } catch (error) {
    // A target group that is gone holds nobody up.
    if (!(error instanceof AwsError)) throw error;
  }
}

interface TargetGroups {
  readonly TargetGroups?: readonly { readonly TargetType?: string; readonly LoadBalancerArns?: readonly string[] }[];
}

/** Throws InvalidParameterException for what tasks of the network mode awsvpc cannot be registered in. */
export async function checkLoadBalancers(
  { loadBalancers = [] }: Pick<Service, 'loadBalancers'>,
  containers: readonly {
    readonly name?: string;
    readonly portMappings?: readonly { readonly containerPort?: number }[];
  }[],
  place: Place,
): Promise<void> {
  for (const { targetGroupArn, containerName, containerPort } of loadBalancers) {
    if (!targetGroupArn) throw invalidParameter('Classic load balancers are not supported with awsvpc network mode.');
    const container = containers.find(({ name }) => name === containerName);
    if (!container) {
      throw invalidParameter(`The container ${containerName} does not exist in the task definition.`);
    }
    if (!container.portMappings?.some((mapping) => mapping.containerPort === containerPort)) {
      throw invalidParameter(`The container ${containerName} did not have a container port ${containerPort} defined.`);
    }
    const { TargetGroups } = await call<TargetGroups>(place, 'DescribeTargetGroups', {
      TargetGroupArns: [targetGroupArn],
    });
    const [group] = TargetGroups ?? [];
    if (group?.TargetType !== 'ip') {
      throw invalidParameter(
        `The provided target group ${targetGroupArn} has target type ${group?.TargetType}, which is incompatible with the awsvpc network mode specified in the task definition.`,
      );
    }
    if (!group.LoadBalancerArns?.length) {
      throw invalidParameter(
        `The target group with targetGroupArn ${targetGroupArn} does not have an associated load balancer.`,
      );
    }
  }
}
