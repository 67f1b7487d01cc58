import { delimiter, dirname, join } from 'node:path';
import { programs, runtimeModules, temporaryFolder } from './folders.ts';
import { executionEnvironment, layerModules, underRoots } from './runtimes.ts';
import type { EnvironmentSpec } from './types.ts';

type Variables = Record<string, string>;

/** What every process gets and a function cannot override ("Defined runtime environment variables", Lambda guide). */
function platform(spec: EnvironmentSpec, runtimeApi: string): Variables {
  return {
    AWS_REGION: spec.region,
    AWS_DEFAULT_REGION: spec.region,
    AWS_LAMBDA_FUNCTION_NAME: spec.functionName,
    AWS_LAMBDA_FUNCTION_VERSION: spec.version,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(spec.memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: spec.initializationType,
    AWS_LAMBDA_RUNTIME_API: runtimeApi,
    AWS_ACCESS_KEY_ID: spec.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: spec.credentials.secretAccessKey,
    ...(spec.credentials.sessionToken ? { AWS_SESSION_TOKEN: spec.credentials.sessionToken } : {}),
    AWS_ENDPOINT_URL: spec.endpoint,
    TZ: ':UTC',
    TMPDIR: temporaryFolder(spec),
  };
}

/** What a function may override, and where the sandbox's programs are found. */
function unreserved(spec: EnvironmentSpec): Variables {
  return {
    LANG: 'en_US.UTF-8',
    PATH: [
      programs(spec),
      dirname(process.execPath),
      '/usr/local/bin',
      '/usr/bin',
      '/bin',
      join(spec.optRoot, 'bin'),
    ].join(delimiter),
  };
}

/** The function's own, with paths of layers where a process only reads them at its start. */
function ownVariables(spec: EnvironmentSpec): Variables {
  const options = spec.variables['NODE_OPTIONS'];
  return { ...spec.variables, ...(options ? { NODE_OPTIONS: underRoots(options, spec) } : {}) };
}

/** Environment of the runtime. The tracing daemon's address is a loopback one: nothing leaves the machine. */
export function runtimeVariables(spec: EnvironmentSpec, runtimeApi: string): Variables {
  return {
    ...unreserved(spec),
    NODE_PATH: [...layerModules(spec), runtimeModules(spec), spec.taskRoot].join(delimiter),
    AWS_XRAY_DAEMON_ADDRESS: '127.0.0.1:2000',
    AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR',
    ...ownVariables(spec),
    ...platform(spec, runtimeApi),
    _HANDLER: spec.handler,
    _LAMBDA_TELEMETRY_LOG_FD: '3',
    AWS_EXECUTION_ENV: executionEnvironment,
    AWS_LAMBDA_LOG_GROUP_NAME: spec.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: spec.logStream,
    AWS_LAMBDA_LOG_FORMAT: spec.logFormat,
    ...(spec.logFormat === 'JSON' ? { AWS_LAMBDA_LOG_LEVEL: spec.applicationLogLevel ?? 'INFO' } : {}),
    LAMBDA_TASK_ROOT: spec.taskRoot,
    LAMBDA_RUNTIME_DIR: '/var/runtime',
  };
}

/** Environment of an external extension: without what is the runtime's alone (rapidcore/env of AWS's own emulator). */
export function extensionVariables(spec: EnvironmentSpec, runtimeApi: string): Variables {
  const all: Variables = { ...unreserved(spec), ...ownVariables(spec), ...platform(spec, runtimeApi) };
  return Object.fromEntries(
    Object.entries(all).filter(([key]) => !key.startsWith('_') && key !== 'AWS_XRAY_CONTEXT_MISSING'),
  );
}
