import { isDeepStrictEqual } from 'node:util';
import type {
  FunctionConfiguration,
  GetFunctionCommandOutput,
  GetFunctionConfigurationCommandOutput,
} from '@aws-sdk/client-lambda';
import { physicalName } from '../physical-name.ts';
import type { Properties, ResourceProvider, ResourceRequest } from '../provider.ts';
import { ifThere, tagChanges, tagList, tagMap, unlessGone, until } from './calls.ts';
import { codeOf } from './lambda-code.ts';

/** What UpdateFunctionConfiguration changes, with what each is when a template no longer says it. */
const settings: Readonly<Record<string, unknown>> = {
  DeadLetterConfig: { TargetArn: '' },
  Description: '',
  Environment: { Variables: {} },
  EphemeralStorage: { Size: 512 },
  Handler: undefined,
  ImageConfig: {},
  KmsKeyArn: '',
  Layers: [],
  LoggingConfig: { LogFormat: 'Text' },
  MemorySize: 128,
  Role: undefined,
  Runtime: undefined,
  SnapStart: { ApplyOn: 'None' },
  Timeout: 3,
  TracingConfig: { Mode: 'PassThrough' },
};

/** Members whose names the API writes otherwise. */
const apiNames: Readonly<Record<string, string>> = { KmsKeyArn: 'KMSKeyArn' };

export const lambdaFunction: ResourceProvider = {
  type: 'AWS::Lambda::Function',
  properties: [
    ...Object.keys(settings),
    'Architectures',
    'Code',
    'FunctionName',
    'PackageType',
    'ReservedConcurrentExecutions',
    'Tags',
  ],
  async create(request) {
    const { properties } = request;
    const { Architectures, Code, PackageType, Tags } = properties;
    const FunctionName = properties['FunctionName'] ?? physicalName(request, { longest: 64 });
    const input = {
      FunctionName,
      ...settingsOf(properties),
      ...(Architectures && { Architectures }),
      ...(PackageType && { PackageType }),
      ...(Tags && { Tags: tagMap(Tags) }),
      Code: codeOf(Code, properties['Runtime']),
    };
    await request.call('lambda', 'CreateFunction', input);
    request.created(FunctionName);
    const configuration = await ready(request, FunctionName);
    await changeConcurrency(request, FunctionName, {});
    return { physicalId: FunctionName, attributes: { Arn: configuration?.FunctionArn } };
  },
  async update(request) {
    const { physicalId: FunctionName, properties, previous } = request;
    await changeSettings(request, FunctionName, previous);
    const codeParts = (from: Properties) => [from['Code'], from['Architectures']];
    if (!isDeepStrictEqual(codeParts(properties), codeParts(previous))) {
      const { Architectures = ['x86_64'], Code } = properties;
      const code = codeOf(Code, properties['Runtime']);
      await request.call('lambda', 'UpdateFunctionCode', { FunctionName, ...code, Architectures });
    }
    const configuration = await ready(request, FunctionName);
    await changeConcurrency(request, FunctionName, previous);
    await changeTags(request, configuration?.FunctionArn, previous);
    return { physicalId: FunctionName, attributes: { Arn: configuration?.FunctionArn } };
  },
  async delete(request) {
    await unlessGone(['ResourceNotFoundException'], () =>
      request.call('lambda', 'DeleteFunction', { FunctionName: request.physicalId }),
    );
  },
  async read({ physicalId: FunctionName, call }) {
    const found = await ifThere(['ResourceNotFoundException'], () =>
      call<GetFunctionCommandOutput>('lambda', 'GetFunction', { FunctionName }),
    );
    if (!found) return undefined;
    const configuration: Properties = found.Configuration ?? {};
    const properties = {
      ...Object.fromEntries(Object.keys(settings).map((name) => [name, configuration[apiNames[name] ?? name]])),
      FunctionName,
      Architectures: configuration['Architectures'],
      PackageType: configuration['PackageType'],
      Layers: configuration['Layers']?.map(({ Arn }: { Arn: string }) => Arn),
      ReservedConcurrentExecutions: found.Concurrency?.ReservedConcurrentExecutions,
      Tags: tagList(found.Tags),
    };
    return { physicalId: FunctionName, attributes: { Arn: configuration['FunctionArn'] }, properties };
  },
};

function settingsOf(properties: Properties): Record<string, unknown> {
  const given = Object.keys(settings).filter((name) => properties[name] !== undefined);
  return Object.fromEntries(given.map((name) => [apiNames[name] ?? name, properties[name]]));
}

async function changeSettings(request: ResourceRequest, FunctionName: string, previous: Properties): Promise<void> {
  const { properties } = request;
  const changed = Object.keys(settings).filter((name) => !isDeepStrictEqual(properties[name], previous[name]));
  if (changed.length === 0) return;
  const input = changed.map((name) => [apiNames[name] ?? name, properties[name] ?? settings[name]]);
  await request.call('lambda', 'UpdateFunctionConfiguration', { FunctionName, ...Object.fromEntries(input) });
  await ready(request, FunctionName);
}

/** The function once it is neither Pending nor being updated ("Lambda function states", Lambda Developer Guide). */
async function ready(request: ResourceRequest, FunctionName: string): Promise<FunctionConfiguration | undefined> {
  let configuration: FunctionConfiguration | undefined;
  await until(request, async () => {
    const input = { FunctionName };
    configuration = await request.call<GetFunctionConfigurationCommandOutput>(
      'lambda',
      'GetFunctionConfiguration',
      input,
    );
    return configuration.State !== 'Pending' && configuration.LastUpdateStatus !== 'InProgress';
  });
  const { State, StateReason, LastUpdateStatus, LastUpdateStatusReason } = configuration ?? {};
  if (State === 'Failed')
    throw new Error(`Resource of type 'AWS::Lambda::Function' failed to stabilize: ${StateReason}`);
  if (LastUpdateStatus === 'Failed') throw new Error(`The update of ${FunctionName} failed: ${LastUpdateStatusReason}`);
  return configuration;
}

async function changeConcurrency(request: ResourceRequest, FunctionName: string, previous: Properties): Promise<void> {
  const { ReservedConcurrentExecutions } = request.properties;
  if (ReservedConcurrentExecutions === previous['ReservedConcurrentExecutions']) return;
  if (ReservedConcurrentExecutions === undefined) {
    await request.call('lambda', 'DeleteFunctionConcurrency', { FunctionName });
  } else {
    await request.call('lambda', 'PutFunctionConcurrency', { FunctionName, ReservedConcurrentExecutions });
  }
}

async function changeTags(request: ResourceRequest, Resource: string | undefined, previous: Properties): Promise<void> {
  const { set, removed } = tagChanges(previous['Tags'], request.properties['Tags']);
  if (removed.length > 0) await request.call('lambda', 'UntagResource', { Resource, TagKeys: removed });
  if (set.length > 0) await request.call('lambda', 'TagResource', { Resource, Tags: tagMap(set) });
}
