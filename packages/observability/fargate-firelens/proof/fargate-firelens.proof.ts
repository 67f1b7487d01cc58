import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  FilterLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { DescribeNetworkInterfacesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { DescribeServicesCommand, StopTaskCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { eventually } from '@stackyard/proof-kit';
import { beforeAll, describe, expect, test } from 'vitest';
import { countOf, type DeployedService, deployedService, exactlyOnce, idOf, marked, print, send } from './service.ts';

let service: DeployedService;
beforeAll(async () => {
  service = await deployedService();
});

const idsOf = (lines: ReturnType<typeof marked>) => lines.map(({ id }) => id);
const textsOf = (lines: ReturnType<typeof marked>) => lines.map(({ line }) => line);
const taskId = (arn = '') => arn.split('/').at(-1) ?? '';

describe('given the deployed service, when it is asked through the load balancer to log', () => {
  test.each([
    ['some lines', marked(3, 'hello')],
    ['unicode', marked(3, 'grüße 日本語 👩‍👩‍👧‍👦')],
    ['lines that the log driver cuts in parts', marked(2, 'ä'.repeat(30_000))],
    ['a burst of 1,000 lines', marked(1000, 'burst')],
  ])('%s, then each is a record exactly once, with its request, service, revision and task', async (_, lines) => {
    const requestId = await send(service, textsOf(lines));
    expect(await countOf(service, idsOf(lines))).toEqual(exactlyOnce(lines.length));
    const own = (await service.arrived()).filter((record) => idsOf(lines).includes(idOf(record)));
    expect(new Set(own.map(({ message }) => message))).toEqual(new Set(textsOf(lines)));
    const environments = (await service.tasks()).map(({ taskArn }) => taskId(taskArn));
    for (const record of own) {
      expect(record).toMatchObject({
        v: 1,
        level: 'INFO',
        source: 'container',
        service: 'fargate-firelens',
        requestId,
      });
      expect(record.attributes).toEqual({ 'container.name': 'app', 'log.iostream': 'stdout' });
      expect(environments).toContain(record.environment);
    }
    expect(new Set(own.map(({ environment, sequence }) => `${environment} ${sequence}`)).size).toBe(lines.length);
  });

  test('lines without structure, then each is the message of a record', async () => {
    const lines = marked(3, '[ERROR] {"level": "WARN"} \t plain');
    await print(service, textsOf(lines));
    expect(await countOf(service, idsOf(lines))).toEqual(exactlyOnce(3));
    const own = (await service.arrived()).filter((record) => idsOf(lines).includes(idOf(record)));
    const inOrder = own.toSorted((a, b) => (a.sequence ?? 0) - (b.sequence ?? 0));
    expect(inOrder.map(({ message }) => message)).toEqual(textsOf(lines));
  });
});

test('given health checks every few seconds, then none of their lines is in the stream', async () => {
  const health = await fetch(`${service.url}/health`);
  expect(health.status).toBe(200);
  const after = marked(1, 'after the health check');
  await send(service, textsOf(after));
  await countOf(service, idsOf(after));
  const noise = (await service.arrived()).filter(({ message }) => String(message).includes('/health'));
  expect(noise).toEqual([]);
});

test('given tasks, then they have no public address', async () => {
  const details = (await service.tasks()).flatMap(({ attachments }) => attachments?.[0]?.details ?? []);
  const ids = details.flatMap(({ name, value }) => (name === 'networkInterfaceId' && value ? [value] : []));
  expect(ids.length).toBeGreaterThanOrEqual(2);
  const { NetworkInterfaces } = await new EC2Client({}).send(
    new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: ids }),
  );
  expect(NetworkInterfaces?.map(({ Association }) => Association?.PublicIp)).toEqual(ids.map(() => undefined));
});

/** Sends a line every 50 ms, at least 20, until told to stop; answers those that were accepted. Throws when one was not. */
function keepSending(text: string) {
  const sent: string[] = [];
  let stopped = false;
  const done = (async () => {
    while (!stopped || sent.length < 20) {
      const lines = marked(1, text);
      await send(service, textsOf(lines));
      sent.push(...idsOf(lines));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  })();
  return {
    async stop() {
      stopped = true;
      await done;
      return sent;
    },
  };
}

test('given requests all the time, when a task is stopped, then each is answered and its last lines arrive', async () => {
  const sending = keepSending('while a task stops');
  const [task] = await service.tasks();
  await service.ecs.send(new StopTaskCommand({ cluster: service.cluster, task: task?.taskArn }));
  await eventually(async () => {
    const last = (await service.arrived()).filter(({ environment }) => environment === taskId(task?.taskArn));
    expect(last.map(({ message }) => message)).toEqual(expect.arrayContaining(['stopping', 'stopped']));
  }, 120_000);
  const sent = await sending.stop();
  expect(await countOf(service, sent)).toEqual(exactlyOnce(sent.length));
});

test('given requests all the time, when the service is deployed anew, then each is answered and nothing is lost', async () => {
  const { cluster, service: name, ecs } = service;
  const before = (await service.tasks()).map(({ taskArn }) => taskArn);
  const sending = keepSending('while the service is deployed');
  await ecs.send(new UpdateServiceCommand({ cluster, service: name, forceNewDeployment: true }));
  await eventually(async () => {
    const { services } = await ecs.send(new DescribeServicesCommand({ cluster, services: [name] }));
    expect(services?.[0]?.deployments).toMatchObject([{ rolloutState: 'COMPLETED' }]);
  }, 120_000);
  const sent = await sending.stop();
  expect(await countOf(service, sent)).toEqual(exactlyOnce(sent.length));
  const after = (await service.tasks()).map(({ taskArn }) => taskArn);
  expect(after.filter((arn) => before.includes(arn))).toEqual([]);
});

test('in CloudWatch Logs there is what the router says of itself, and no line of the app', async () => {
  const logs = new CloudWatchLogsClient({});
  const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: service.stack }));
  const [group, ...others] = logGroups;
  expect(others).toEqual([]);
  expect(group?.retentionInDays).toBe(7);
  const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName: group?.logGroupName }));
  expect(events.length).toBeGreaterThan(0);
  expect(new Set(events.map(({ logStreamName }) => logStreamName?.split('/').slice(0, 2).join('/')))).toEqual(
    new Set(['router/router']),
  );
  expect(events.filter(({ message }) => /"message"|while a task stops/.test(message ?? ''))).toEqual([]);
});
