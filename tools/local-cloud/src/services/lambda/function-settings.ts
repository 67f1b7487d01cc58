import type {
  CreateFunctionCommandInput,
  ImageConfig,
  LoggingConfig,
  UpdateFunctionConfigurationCommandInput,
} from '@aws-sdk/client-lambda';
import { between, lengthBetween, matches, oneOf } from '../../constraints.ts';
import { availableRuntimes, runtimeNote } from '../../lambda-environment/environment.ts';
import type { Cloud } from '../../service.ts';
import { checkVariables } from './environment-variables.ts';
import { invalidParameter, unsupported, validate } from './errors.ts';
import type { FunctionSettings, LoggingSettings } from './state.ts';

type SettingsInput = Omit<UpdateFunctionConfigurationCommandInput, 'FunctionName' | 'RevisionId'>;

/** Patterns and ranges of "CreateFunction", Lambda API reference. */
const rolePattern = 'arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+';
const logGroupPattern = '[\\.\\-_/#A-Za-z0-9]+';
const applicationLevels = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];
const systemLevels = ['DEBUG', 'INFO', 'WARN'];

/** What a new function has where nothing is said. */
export function defaultSettings(input: CreateFunctionCommandInput): FunctionSettings {
  const group = `/aws/lambda/${input.FunctionName?.split(':').at(-1)}`;
  return {
    role: input.Role ?? '',
    runtime: input.Runtime,
    handler: input.Handler,
    imageConfig: undefined,
    description: '',
    timeout: 3,
    memorySize: 128,
    variables: undefined,
    layers: [],
    architecture: input.Architectures?.[0] ?? 'x86_64',
    ephemeralStorage: 512,
    tracing: 'PassThrough',
    logging: { format: 'Text', applicationLevel: undefined, systemLevel: undefined, group },
    deadLetterArn: undefined,
  };
}

/**
 * The settings after a request: what it says over what was there. Throws ValidationException or
 * InvalidParameterValueException before anything changes, NotImplementedException for what has no counterpart here.
 */
export function changedSettings(before: FunctionSettings, input: SettingsInput): FunctionSettings {
  refuseUnsupported(input);
  validate(
    matches('role', input.Role, rolePattern),
    lengthBetween('handler', input.Handler, 0, 128),
    matches('handler', input.Handler, '[^\\s]+'),
    lengthBetween('description', input.Description, 0, 256),
    between('timeout', input.Timeout, 1, 900),
    between('memorySize', input.MemorySize, 128, 10_240),
    between('ephemeralStorage.size', input.EphemeralStorage?.Size, 512, 10_240),
    oneOf('tracingConfig.mode', input.TracingConfig?.Mode, ['Active', 'PassThrough']),
    oneOf('loggingConfig.logFormat', input.LoggingConfig?.LogFormat, ['JSON', 'Text']),
    oneOf('loggingConfig.applicationLogLevel', input.LoggingConfig?.ApplicationLogLevel, applicationLevels),
    oneOf('loggingConfig.systemLogLevel', input.LoggingConfig?.SystemLogLevel, systemLevels),
    lengthBetween('loggingConfig.logGroup', input.LoggingConfig?.LogGroup, 1, 512),
    matches('loggingConfig.logGroup', input.LoggingConfig?.LogGroup, logGroupPattern),
  );
  if (input.Runtime !== undefined) checkRuntime(input.Runtime);
  if (input.Environment?.Variables) checkVariables(input.Environment.Variables);
  return {
    ...before,
    role: input.Role ?? before.role,
    runtime: input.Runtime ?? before.runtime,
    handler: input.Handler ?? before.handler,
    imageConfig: input.ImageConfig ? imageConfigOf(input.ImageConfig) : before.imageConfig,
    description: input.Description ?? before.description,
    timeout: input.Timeout ?? before.timeout,
    memorySize: input.MemorySize ?? before.memorySize,
    variables: input.Environment ? (input.Environment.Variables ?? undefined) : before.variables,
    layers: input.Layers ?? before.layers,
    ephemeralStorage: input.EphemeralStorage?.Size ?? before.ephemeralStorage,
    tracing: input.TracingConfig?.Mode ?? before.tracing,
    logging: changedLogging(before.logging, input.LoggingConfig),
    deadLetterArn: input.DeadLetterConfig ? input.DeadLetterConfig.TargetArn || undefined : before.deadLetterArn,
  };
}

/** One line on the cloud's log when a function's code runs on another Node.js than it names. */
export function noteRuntime(cloud: Cloud, name: string, { runtime }: FunctionSettings): void {
  const note = runtime === undefined ? undefined : runtimeNote(name, runtime);
  if (note) cloud.log(note);
}

/** An ImageConfig without members takes all overrides away ("ImageConfig", Lambda API reference). */
function imageConfigOf(given: ImageConfig): ImageConfig | undefined {
  const members = Object.entries(given).filter(([, value]) => value !== undefined && value.length > 0);
  return members.length > 0 ? Object.fromEntries(members) : undefined;
}

/** "Configuring advanced logging controls": levels exist in the JSON format alone, where both default to INFO. */
function changedLogging(before: LoggingSettings, input: LoggingConfig | undefined): LoggingSettings {
  if (!input) return before;
  const format = input.LogFormat ?? before.format;
  if (format === 'Text' && (input.ApplicationLogLevel || input.SystemLogLevel)) {
    throw invalidParameter(
      'To use ApplicationLogLevel or SystemLogLevel, the LogFormat must be set to JSON in the LoggingConfig.',
    );
  }
  const levels =
    format === 'Text'
      ? { applicationLevel: undefined, systemLevel: undefined }
      : {
          applicationLevel: input.ApplicationLogLevel ?? before.applicationLevel ?? 'INFO',
          systemLevel: input.SystemLogLevel ?? before.systemLevel ?? 'INFO',
        };
  return { format, ...levels, group: input.LogGroup ?? before.group };
}

function checkRuntime(runtime: string): void {
  if (availableRuntimes.includes(runtime)) return;
  throw invalidParameter(
    `Value ${runtime} at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: [${availableRuntimes.join(', ')}] or be a valid ARN (these are the runtimes of the embedded cloud)`,
  );
}

function refuseUnsupported(input: SettingsInput): void {
  if (input.VpcConfig?.SubnetIds?.length) throw unsupported('VpcConfig with subnets: there is no network here');
  if (input.FileSystemConfigs?.length) throw unsupported('FileSystemConfigs');
  if (input.KMSKeyArn) throw unsupported('KMSKeyArn');
  if (input.SnapStart?.ApplyOn === 'PublishedVersions') throw unsupported('SnapStart');
  if (input.DurableConfig) throw unsupported('DurableConfig');
  if (input.CapacityProviderConfig) throw unsupported('CapacityProviderConfig');
}
