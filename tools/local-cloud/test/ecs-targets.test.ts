import { DescribeTasksCommand, ListTasksCommand } from '@aws-sdk/client-ecs';
import { EventBridgeClient, PutEventsCommand, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateRoleCommand } from '@aws-sdk/client-iam';
import { CreateScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EcsCloud, ecsArn, role, startEcsCloud } from './fixtures/ecs/support.ts';
import { eventually, moving } from './fixtures/lambda/support.ts';

let cloud: EcsCloud;
let TaskDefinitionArn: string;
beforeAll(async () => {
  cloud = await startEcsCloud();
  TaskDefinitionArn = await cloud.register([{ name: 'server', image: cloud.image }]);
  for (const Service of ['events.amazonaws.com', 'scheduler.amazonaws.com']) {
    const Statement = [{ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' }];
    const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
    await cloud.iam.send(new CreateRoleCommand({ RoleName: Service, AssumeRolePolicyDocument }));
    await cloud.grant(Service, ['ecs:RunTask', 'iam:PassRole']);
  }
});
afterAll(() => cloud.close());

const NetworkConfiguration = () => ({
  awsvpcConfiguration: { Subnets: cloud.network.awsvpcConfiguration.subnets, AssignPublicIp: 'ENABLED' as const },
});
const environment = [{ name: 'ORDER', value: '7' }];
const Input = JSON.stringify({ containerOverrides: [{ name: 'server', environment }] });

/** The task that was started by it. */
async function startedBy(name: string) {
  const { taskArns = [] } = await cloud.ecs.send(new ListTasksCommand({ cluster: 'apps', startedBy: name }));
  expect(taskArns).toHaveLength(1);
  const { tasks } = await cloud.ecs.send(new DescribeTasksCommand({ cluster: 'apps', tasks: taskArns }));
  return tasks?.[0];
}

test('a rule starts a task in its cluster, with the overrides of its input', async () => {
  const events = cloud.client(EventBridgeClient);
  await events.send(new PutRuleCommand({ Name: 'start', EventPattern: '{"source":["shop"]}' }));
  const EcsParameters = {
    TaskDefinitionArn,
    LaunchType: 'FARGATE' as const,
    NetworkConfiguration: NetworkConfiguration(),
  };
  const target = {
    Id: 'task',
    Arn: ecsArn('cluster/apps'),
    RoleArn: role('events.amazonaws.com'),
    EcsParameters,
    Input,
  };
  await events.send(new PutTargetsCommand({ Rule: 'start', Targets: [target] }));
  await events.send(new PutEventsCommand({ Entries: [{ Source: 'shop', DetailType: 'order', Detail: '{}' }] }));
  const task = await eventually(() => startedBy('events-rule/start'));
  expect(task).toMatchObject({ taskDefinitionArn: TaskDefinitionArn, launchType: 'FARGATE' });
  expect(task?.overrides?.containerOverrides).toMatchObject([{ name: 'server', environment }]);
});

test('a schedule starts one at its time', async () => {
  const EcsParameters = {
    TaskDefinitionArn,
    LaunchType: 'FARGATE' as const,
    NetworkConfiguration: NetworkConfiguration(),
  };
  const Target = { Arn: ecsArn('cluster/apps'), RoleArn: role('scheduler.amazonaws.com'), EcsParameters, Input };
  const schedule = { Name: 'start', ScheduleExpression: 'rate(1 day)', FlexibleTimeWindow: { Mode: 'OFF' as const } };
  await cloud.client(SchedulerClient).send(new CreateScheduleCommand({ ...schedule, Target }));
  const task = await moving(cloud.cloud, () => startedBy('chronos-schedule/start'));
  expect(task?.overrides?.containerOverrides).toMatchObject([{ name: 'server', environment }]);
});
