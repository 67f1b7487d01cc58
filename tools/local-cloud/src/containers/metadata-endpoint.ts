import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Container, Task, TaskDefinition } from '@aws-sdk/client-ecs';
import type { Credentials } from '../service.ts';

/** What a task's containers ask about themselves, and where they get their role's credentials. */
export interface MetadataEndpoint {
  readonly port: number;
  /** `ECS_CONTAINER_METADATA_URI_V4` of a container, by its name. */
  uriOf(containerName: string | undefined): string;
  /**
   * On AWS the SDKs get `AWS_CONTAINER_CREDENTIALS_RELATIVE_URI` and ask 169.254.170.2; here the address is the machine's
   * loopback, which they ask when it is named in full.
   */
  readonly credentialsUri: string;
  close(): Promise<void>;
}

interface Subject {
  readonly task: Task;
  readonly definition: TaskDefinition;
  /** Answers what the task's role may use now; undefined without a role. */
  readonly credentials: (() => Promise<Credentials>) | undefined;
}

/** "Amazon ECS task metadata endpoint version 4 for tasks on Fargate", without statistics; on a port of its own. */
export async function startMetadataEndpoint(subject: Subject): Promise<MetadataEndpoint> {
  const { task } = subject;
  const credentialsPath = `/v2/credentials/${randomUUID()}`;
  const idOf = (name: string | undefined) =>
    task.containers?.find((container) => container.name === name)?.runtimeId ?? '';

  async function answer(path: string): Promise<object | undefined> {
    if (path === credentialsPath) return credentialsOf(subject);
    const [, id, rest = ''] = /^\/v4\/([^/]+)(\/task)?$/.exec(path) ?? [];
    const container = task.containers?.find(({ runtimeId }) => runtimeId === id);
    if (!container) return undefined;
    return rest === '' ? describeContainer(container, subject) : describeTask(subject);
  }

  const server = createServer((request, response) => {
    answer(request.url ?? '').then(
      (value) => {
        response.writeHead(value ? 200 : 404, { 'content-type': 'application/json' });
        response.end(JSON.stringify(value ?? { message: `There is nothing at ${request.url}` }));
      },
      (error: Error) => response.writeHead(500).end(JSON.stringify({ message: error.message })),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;
  return {
    port,
    uriOf: (name) => `${origin}/v4/${idOf(name)}`,
    credentialsUri: `${origin}${credentialsPath}`,
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function credentialsOf({ definition, credentials }: Subject): Promise<object | undefined> {
  if (!credentials) return undefined;
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = await credentials();
  return {
    RoleArn: definition.taskRoleArn,
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    Token: sessionToken,
    Expiration: expiration?.toISOString(),
  };
}

function describeTask(subject: Subject): object {
  const { task, definition } = subject;
  return {
    Cluster: task.clusterArn,
    TaskARN: task.taskArn,
    Family: definition.family,
    Revision: String(definition.revision),
    DesiredStatus: task.desiredStatus,
    KnownStatus: task.lastStatus,
    Limits: { CPU: Number(definition.cpu) / 1024, Memory: Number(definition.memory) },
    PullStartedAt: task.pullStartedAt?.toISOString(),
    PullStoppedAt: task.pullStoppedAt?.toISOString(),
    AvailabilityZone: task.availabilityZone,
    LaunchType: 'FARGATE',
    ...(task.group?.startsWith('service:') && { ServiceName: task.group.slice('service:'.length) }),
    Containers: (task.containers ?? []).map((container) => describeContainer(container, subject)),
  };
}

function describeContainer(container: Container, { task, definition }: Subject): object {
  const own = definition.containerDefinitions?.find(({ name }) => name === container.name);
  const log = own?.logConfiguration;
  return {
    DockerId: container.runtimeId,
    Name: container.name,
    DockerName: container.name,
    Image: container.image,
    ImageID: container.imageDigest,
    Labels: {
      'com.amazonaws.ecs.cluster': task.clusterArn,
      'com.amazonaws.ecs.container-name': container.name,
      'com.amazonaws.ecs.task-arn': task.taskArn,
      'com.amazonaws.ecs.task-definition-family': definition.family,
      'com.amazonaws.ecs.task-definition-version': String(definition.revision),
      ...own?.dockerLabels,
    },
    DesiredStatus: task.desiredStatus,
    KnownStatus: container.lastStatus,
    ...(container.exitCode !== undefined && { ExitCode: container.exitCode }),
    Limits: { CPU: own?.cpu ?? 0, ...(own?.memory && { Memory: own.memory }) },
    Type: 'NORMAL',
    ContainerARN: container.containerArn,
    ...(log && { LogDriver: log.logDriver, LogOptions: log.options }),
    Networks: [{ NetworkMode: 'awsvpc', IPv4Addresses: [container.networkInterfaces?.[0]?.privateIpv4Address] }],
  };
}
