import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createEnvironment, type EnvironmentControls } from '../../lambda-environment/environment.ts';
import type { EnvironmentSpec, ExecutionEnvironment } from '../../lambda-environment/types.ts';
import type { Cloud } from '../../service.ts';
import { functionRole } from './assume-role.ts';
import type { CodeFolders } from './code-folders.ts';
import { imageStart } from './container-image.ts';
import { locatedIn } from './container-program.ts';
import { createLogWriter } from './log-writer.ts';
import { type FunctionVersion, isImage, type LambdaFunction } from './state.ts';

/** An execution environment with what belongs to it. */
export interface Instance {
  readonly environment: ExecutionEnvironment & EnvironmentControls;
  /** What was logged last, at most 4 KB: the LogResult of an invocation. */
  tail: string;
  /** Ends its processes, waits for its last log lines, removes its files. */
  end(): Promise<void>;
}

/** "Invoke": LogType Tail gives the last 4 KB of the execution log. */
const tailLength = 4096;

/** Throws AccessDeniedException when Lambda may no longer take the function's role. */
export async function startInstance(
  cloud: Cloud,
  found: LambdaFunction,
  version: FunctionVersion,
  folders: CodeFolders,
  initializationType: EnvironmentSpec['initializationType'],
): Promise<Instance> {
  const { settings } = version;
  const { credentials, caller } = await functionRole(cloud, found, settings.role);
  const { imageRoot, ...roots } = await folders.foldersOf(version);
  const scratch = join(cloud.scratch, 'lambda', 'environments', randomUUID());
  await mkdir(scratch, { recursive: true });
  const logStream = logStreamName(cloud.clock.now(), found.name, version);
  const logs = createLogWriter(
    cloud,
    { caller, region: found.region },
    { logGroupName: settings.logging.group, logStreamName: logStream },
  );
  const environment = createEnvironment(
    {
      ...roots,
      functionName: found.name,
      functionArn: found.arn,
      version: version.version,
      account: found.account,
      region: found.region,
      ...startOf(version, imageRoot),
      timeoutMs: settings.timeout * 1000,
      memoryMb: settings.memorySize,
      architecture: settings.architecture,
      logFormat: settings.logging.format,
      applicationLogLevel: settings.logging.applicationLevel,
      systemLogLevel: settings.logging.systemLevel,
      logGroup: settings.logging.group,
      logStream,
      credentials,
      endpoint: cloud.endpoint,
      initializationType,
      clock: cloud.clock,
      scratch,
    },
    (log) => {
      logs.write(log);
      const line = log.message.endsWith('\n') ? log.message : `${log.message}\n`;
      instance.tail = (instance.tail + line).slice(-tailLength);
    },
  );
  const instance: Instance = {
    environment,
    tail: '',
    async end() {
      await environment.shutdown('SPINDOWN');
      await logs.flushed();
      await rm(scratch, { recursive: true, force: true });
    },
  };
  return instance;
}

/** An image built upon AWS's has its runtime; any other brings a program that does without. */
function startOf(
  { code, settings }: FunctionVersion,
  imageRoot = '/',
): Pick<EnvironmentSpec, 'runtime' | 'handler' | 'program' | 'variables'> {
  const own = settings.variables ?? {};
  if (!isImage(code)) return { runtime: settings.runtime ?? '', handler: settings.handler ?? '', variables: own };
  const { handler, program, variables } = imageStart(code.config, settings.imageConfig);
  return {
    runtime: 'nodejs24.x',
    handler: handler ?? '',
    program: program && locatedIn(imageRoot, program),
    variables: { ...variables, ...own },
  };
}

/**
 * `2026/11/21/[$LATEST]` and 32 hexadecimal digits. In a group that is not the function's own by name, the function's name
 * stands before the version ("Configuring CloudWatch log groups", AWS Lambda Developer Guide).
 */
function logStreamName(now: number, functionName: string, { version, settings }: FunctionVersion): string {
  const day = new Date(now).toISOString().slice(0, 10).replaceAll('-', '/');
  const name = settings.logging.group === `/aws/lambda/${functionName}` ? '' : functionName;
  return `${day}/${name}[${version}]${randomUUID().replaceAll('-', '')}`;
}
