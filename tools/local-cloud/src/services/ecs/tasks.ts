import type {
  DescribeTasksCommandInput,
  DescribeTasksCommandOutput,
  ListTasksCommandInput,
  ListTasksCommandOutput,
  RunTaskCommandInput,
  RunTaskCommandOutput,
  StopTaskCommandInput,
  StopTaskCommandOutput,
  Task,
} from '@aws-sdk/client-ecs';
import { passRoleDemand } from '../../iam/pass-role.ts';
import { type Call, type Demand, operation } from '../../service.ts';
import { capacityOf } from './capacity-strategy.ts';
import { clusterArn, clusterOf } from './clusters.ts';
import { clientError, invalidParameter, unsupported } from './errors.ts';
import { page } from './page.ts';
import { runTask, stopTask } from './start-task.ts';
import { ecsArn, ecsState, lastPart, type Place } from './state.ts';
import { activeDefinitionOf } from './task-definitions.ts';
import { describeTask } from './task-output.ts';

const notCarriedOut = [
  'enableExecuteCommand',
  'placementConstraints',
  'placementStrategy',
  'volumeConfigurations',
] as const;

export const runTaskOperation = operation<RunTaskCommandInput, RunTaskCommandOutput>({
  demands(input, call) {
    const roles = [input.overrides?.taskRoleArn, input.overrides?.executionRoleArn].filter(
      (role) => role !== undefined,
    );
    const [family = '', revision = '*'] = lastPart(input.taskDefinition ?? '').split(':');
    return [
      {
        action: 'ecs:RunTask',
        resource: ecsArn(call, `task-definition/${family}:${revision}`),
        context: { 'ecs:cluster': clusterArn(call, input.cluster) },
      },
      ...roles.map((role) => passRoleDemand(role, 'ecs-tasks.amazonaws.com')),
    ];
  },
  run(input, call) {
    const cluster = clusterOf(call, input.cluster);
    const { definition, tags } = activeDefinitionOf(call, input.taskDefinition);
    const extra = notCarriedOut.find((key) => (Array.isArray(input[key]) ? input[key].length > 0 : input[key]));
    if (extra) throw unsupported(`'${extra}' of RunTask`);
    if (input.overrides?.taskRoleArn || input.overrides?.executionRoleArn) throw unsupported('roles in overrides');
    checkOverrides(input, definition.containerDefinitions?.map(({ name }) => name) ?? []);
    const count = input.count ?? 1;
    if (count < 1 || count > 10) throw invalidParameter('Count must be between 1 and 10.');
    const capacity = capacityOf(input, cluster);
    const started: Task[] = [];
    while (started.length < count) {
      const task = runTask(
        {
          clusterName: cluster.clusterName ?? '',
          definition,
          capacity,
          networkConfiguration: input.networkConfiguration,
          platformVersion: input.platformVersion,
          overrides: input.overrides,
          group: input.group ?? `family:${definition.family}`,
          startedBy: input.startedBy,
          tags: [...(input.propagateTags === 'TASK_DEFINITION' ? tags : []), ...(input.tags ?? [])],
          beside: started,
        },
        call,
      );
      started.push(task);
    }
    return { tasks: started.map((task) => describeTask(task, true)), failures: [] };
  },
});

function checkOverrides({ overrides }: RunTaskCommandInput, names: readonly (string | undefined)[]): void {
  const stray = overrides?.containerOverrides?.find(({ name }) => !names.includes(name));
  if (stray)
    throw invalidParameter(`Override for container named ${stray.name} is not a container in the TaskDefinition.`);
}

/** A task of the cluster by id or ARN. Throws InvalidParameterException. */
function taskOf(place: Place, cluster: string | undefined, task: string | undefined): Task {
  const arn = taskArn(place, cluster, task);
  const found = ecsState(place.cloud, place).tasks.get(arn);
  if (!found) throw invalidParameter('The referenced task was not found.');
  return found;
}

function taskArn(place: Place, cluster: string | undefined, task = ''): string {
  return ecsArn(place, `task/${lastPart(cluster ?? 'default')}/${lastPart(task)}`);
}

function onTask(action: string) {
  return (input: { cluster?: string | undefined; task?: string | undefined }, call: Call): Demand[] => [
    {
      action: `ecs:${action}`,
      resource: taskArn(call, input.cluster, input.task),
      context: { 'ecs:cluster': clusterArn(call, input.cluster) },
    },
  ];
}

export const stopTaskOperation = operation<StopTaskCommandInput, StopTaskCommandOutput>({
  demands: onTask('StopTask'),
  run({ cluster: name, task: id, reason }, call) {
    clusterOf(call, name);
    if (!id) throw clientError('Task identifier is empty.');
    const task = taskOf(call, name, id);
    const cause = { stopCode: 'UserInitiated', stoppedReason: reason ?? 'Task stopped by user' } as const;
    // It stops by itself; the answer shows that it has been told to.
    void stopTask(call.cloud, task, cause);
    return { task: describeTask({ ...task, ...(task.lastStatus !== 'STOPPED' && cause) }, true) };
  },
});

export const describeTasks = operation<DescribeTasksCommandInput, DescribeTasksCommandOutput>({
  demands: ({ cluster, tasks = [] }, call) => tasks.flatMap((task) => onTask('DescribeTasks')({ cluster, task }, call)),
  run({ cluster, tasks: ids = [], include = [] }, call) {
    clusterOf(call, cluster);
    if (ids.length === 0) throw invalidParameter('Tasks can not be empty.');
    if (ids.length > 100) throw invalidParameter('Tasks can have at most 100 members.');
    const { tasks } = ecsState(call.cloud, call);
    const arns = ids.map((id) => taskArn(call, cluster, id));
    return {
      tasks: arns.flatMap((arn) => tasks.get(arn) ?? []).map((task) => describeTask(task, include.includes('TAGS'))),
      failures: arns.filter((arn) => !tasks.has(arn)).map((arn) => ({ arn, reason: 'MISSING' })),
    };
  },
});

export const listTasks = operation<ListTasksCommandInput, ListTasksCommandOutput>({
  demands: ({ cluster }, call) => [
    { action: 'ecs:ListTasks', resource: '*', context: { 'ecs:cluster': clusterArn(call, cluster) } },
  ],
  run({ cluster: name, family, serviceName, startedBy, desiredStatus = 'RUNNING', ...paging }, call) {
    const cluster = clusterOf(call, name);
    const found = [...ecsState(call.cloud, call).tasks.values()].filter(
      (task) =>
        task.clusterArn === cluster.clusterArn &&
        task.desiredStatus === desiredStatus &&
        (serviceName === undefined || task.group === `service:${lastPart(serviceName)}`) &&
        (startedBy === undefined || task.startedBy === startedBy) &&
        (family === undefined || lastPart(task.taskDefinitionArn ?? '').split(':')[0] === family),
    );
    const { items, nextToken } = page(
      found.map((task) => task.taskArn ?? ''),
      paging,
    );
    return { taskArns: items, nextToken };
  },
});
