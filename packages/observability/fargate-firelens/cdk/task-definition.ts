import { fileURLToPath } from 'node:url';
import { acknowledge, contextVariablesOf } from '@stackyard/cdk-core';
import { Duration, Stack } from 'aws-cdk-lib';
import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import {
  ContainerDependencyCondition,
  ContainerImage,
  CpuArchitecture,
  FargateTaskDefinition,
  FirelensConfigFileType,
  FirelensLogRouterType,
  LogDrivers,
  OperatingSystemFamily,
} from 'aws-cdk-lib/aws-ecs';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

export const containerPort = 8080;

interface LogStream {
  readonly streamName: string;
  readonly streamArn: string;
}

/** The app's container and the log router beside it, whose task may put records into the stream and do nothing else. */
export function createTaskDefinition(scope: Construct, { streamName, streamArn }: LogStream): FargateTaskDefinition {
  const definition = new FargateTaskDefinition(scope, 'Task', {
    // Records carry the family as their service.
    family: contextVariablesOf(scope).context,
    cpu: 256,
    memoryLimitMiB: 512,
    runtimePlatform: {
      cpuArchitecture: CpuArchitecture.ARM64,
      operatingSystemFamily: OperatingSystemFamily.LINUX,
    },
  });
  definition.addToTaskRolePolicy(new PolicyStatement({ actions: ['kinesis:PutRecords'], resources: [streamArn] }));
  const router = addRouter(scope, definition);
  const app = definition.addContainer('app', {
    image: image('app'),
    portMappings: [{ containerPort }],
    // Longer than the load balancer and the app itself give a request.
    stopTimeout: Duration.seconds(30),
    healthCheck: {
      command: [
        'CMD',
        'node',
        '-e',
        `fetch('http://localhost:${containerPort}/health').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))`,
      ],
      interval: Duration.seconds(5),
      timeout: Duration.seconds(3),
      retries: 3,
      startPeriod: Duration.seconds(10),
    },
    logging: LogDrivers.firelens({
      options: {
        Name: 'kinesis_streams',
        region: Stack.of(scope).region,
        stream: streamName,
        // A record is kept as long as the task lives.
        Retry_Limit: 'no_limits',
      },
    }),
  });
  app.addContainerDependencies({ container: router, condition: ContainerDependencyCondition.START });
  const executionRole = definition.node.findChild('ExecutionRole');
  acknowledge(executionRole, 'AwsSolutions-IAM5[Resource::*]', 'ecr:GetAuthorizationToken knows no resources.');
  return definition;
}

function addRouter(scope: Construct, definition: FargateTaskDefinition) {
  const logGroup = new LogGroup(scope, 'RouterLogs', { retention: RetentionDays.ONE_WEEK });
  return definition.addFirelensLogRouter('router', {
    image: image('router'),
    firelensConfig: {
      type: FirelensLogRouterType.FLUENTBIT,
      options: {
        enableECSLogMetadata: true,
        configFileType: FirelensConfigFileType.FILE,
        configFileValue: '/container.conf',
      },
    },
    // Stops after the app, and has this long to deliver the last lines.
    stopTimeout: Duration.seconds(30),
    healthCheck: {
      command: ['CMD-SHELL', 'curl -sf http://127.0.0.1:2020/api/v1/uptime || exit 1'],
      interval: Duration.seconds(5),
      timeout: Duration.seconds(3),
      retries: 3,
      startPeriod: Duration.seconds(10),
    },
    logging: LogDrivers.awsLogs({ logGroup, streamPrefix: 'router' }),
  });
}

/** Built from the context that `build.ts` made. */
function image(name: 'app' | 'router'): ContainerImage {
  const context = fileURLToPath(new URL(`../dist/${name}`, import.meta.url));
  return ContainerImage.fromAsset(context, { platform: Platform.LINUX_ARM64 });
}
