import { randomUUID } from 'node:crypto';
import { DescribeTasksCommand, ECSClient, ListTasksCommand, type Task } from '@aws-sdk/client-ecs';
import { observabilityCore, parameterName } from '@stackyard/contracts';
import type { LogRecord } from '@stackyard/log-records';
import { account, type LedgerCount, readRecords, ssmParameter, stackOutputs } from '@stackyard/proof-kit';

const stage = process.env['STACKYARD_STAGE'] ?? 'dev';

export type DeployedService = Awaited<ReturnType<typeof deployedService>>;

/** The deployed service, and the stream its lines arrive in. */
export async function deployedService() {
  const stack = `${stage}-fargate-firelens`;
  const { Url: url = '', ClusterName: cluster = '', ServiceName: service = '' } = await stackOutputs(stack);
  const { arrived } = await readRecords(await ssmParameter(parameterName(observabilityCore, stage, 'streamName')));
  const ecs = new ECSClient({});
  return {
    stack,
    url,
    cluster,
    service,
    ecs,
    arrived,
    async tasks(): Promise<Task[]> {
      const { taskArns = [] } = await ecs.send(new ListTasksCommand({ cluster, serviceName: service }));
      if (taskArns.length === 0) return [];
      return (await ecs.send(new DescribeTasksCommand({ cluster, tasks: taskArns }))).tasks ?? [];
    },
  };
}

/** Has the service log the lines; resolves with the id of the request. */
export async function send({ url }: DeployedService, lines: readonly string[]): Promise<string> {
  return post(url, JSON.stringify({ lines }), 'application/json');
}

/** The same without structure. */
export async function print({ url }: DeployedService, lines: readonly string[]): Promise<string> {
  return post(url, lines.join('\n'), 'text/plain');
}

async function post(url: string, body: string, type: string): Promise<string> {
  const response = await fetch(`${url}/lines`, { method: 'POST', body, headers: { 'content-type': type } });
  const text = await response.text();
  if (!response.ok) throw new Error(`The service answered ${response.status}: ${text}`);
  return (JSON.parse(text) as { requestId: string }).requestId;
}

export const marked = (count: number, text: string) =>
  Array.from({ length: count }, (_, i) => {
    const id: string = randomUUID();
    return { id, line: `${id} ${text} ${i}` };
  });

export const idOf = ({ message }: LogRecord): string =>
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(String(message))?.[0] ?? '';

/** What became of the lines. */
export async function countOf({ arrived }: DeployedService, ids: readonly string[]): Promise<LedgerCount> {
  return (await account(ids, async () => (await arrived()).map(idOf))).count();
}

export const exactlyOnce = (sent: number) => ({ sent, delivered: sent, duplicated: 0, lost: 0 });
