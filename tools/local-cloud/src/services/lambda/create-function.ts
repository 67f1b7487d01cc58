import { randomUUID } from 'node:crypto';
import type {
  CreateFunctionCommandInput,
  CreateFunctionCommandOutput,
  UpdateFunctionConfigurationCommandInput,
} from '@aws-sdk/client-lambda';
import { lengthBetween, matches, oneOf } from '../../constraints.ts';
import { passRoleDemand } from '../../iam/pass-role.ts';
import { type Call, operation } from '../../service.ts';
import { checkRole } from './assume-role.ts';
import { readCode } from './code-package.ts';
import { configurationOf } from './configuration-output.ts';
import { imageStart, readImage } from './container-image.ts';
import { functionDemand } from './demands.ts';
import { conflict, invalidParameter, unsupported, validate } from './errors.ts';
import { arnOf, type FunctionReference, referenceOf } from './function-reference.ts';
import { changedSettings, defaultSettings, noteRuntime } from './function-settings.ts';
import { layerAccessDemands, layerCodeOf } from './layer-reference.ts';
import { type FunctionCode, type FunctionSettings, type LambdaFunction, lambdaState } from './state.ts';
import { checkTags } from './tag-rules.ts';
import { publish } from './versions.ts';

export const createFunction = operation<CreateFunctionCommandInput, CreateFunctionCommandOutput>({
  demands: (input, call) => [
    functionDemand(call, 'CreateFunction', newFunction(input, call), layerKeys(input)),
    ...(input.Tags ? [functionDemand(call, 'TagResource', newFunction(input, call))] : []),
    passRoleDemand(input.Role ?? '', 'lambda.amazonaws.com'),
    ...layerAccessDemands(input.Layers, call),
  ],
  async run(input, call) {
    const { cloud, account, region } = call;
    const reference = newFunction(input, call);
    const { name } = reference;
    checkShape(input, name);
    const settings = changedSettings(defaultSettings({ ...input, FunctionName: name }), input);
    checkTags(input.Tags ?? {});
    const { functions } = lambdaState(cloud, account, region);
    if (functions.has(name)) throw conflict(`Function already exist: ${name}`);
    await checkRole(cloud, settings.role, name);
    const code = await codeOf(input, settings, arnOf(reference), call);
    const layerCode = layerCodeOf(settings.layers, code, call);
    // Reading the code took its time; another request may have been faster.
    if (functions.has(name)) throw conflict(`Function already exist: ${name}`);
    const lastModified = cloud.clock.now();
    const created: LambdaFunction = {
      name,
      account,
      region,
      arn: arnOf(reference),
      latest: { version: '$LATEST', revisionId: randomUUID(), settings, code, layerCode, lastModified },
      versions: new Map(),
      versionsPublished: 0,
      aliases: new Map(),
      policies: new Map(),
      urls: new Map(),
      eventInvokeSettings: new Map(),
      reservedConcurrency: undefined,
      provisioned: new Map(),
      tags: new Map(Object.entries(input.Tags ?? {})),
    };
    functions.set(name, created);
    noteRuntime(cloud, name, settings);
    const version = input.Publish ? publish(created, undefined) : created.latest;
    return configurationOf(created, version, created.arn);
  },
});

/** Always in the caller's own account and region. */
function newFunction(input: CreateFunctionCommandInput, call: Call): FunctionReference {
  const { account, region } = call;
  return { account, region, name: referenceOf(input, call).name, qualifier: undefined };
}

function layerKeys({ Layers }: { Layers?: readonly string[] | undefined }): Record<string, readonly string[]> {
  return Layers?.length ? { 'lambda:Layer': Layers } : {};
}

function checkShape(input: CreateFunctionCommandInput, name: string): void {
  validate(
    lengthBetween('functionName', name, 1, 64),
    matches('functionName', name, '[a-zA-Z0-9-_]+'),
    oneOf('packageType', input.PackageType, ['Zip', 'Image']),
  );
  if (input.CodeSigningConfigArn) throw unsupported('CodeSigningConfigArn');
  if (input.TenancyConfig) throw unsupported('TenancyConfig');
  if (input.PublishTo) throw unsupported('PublishTo');
  checkArchitectures(input.Architectures);
  const isImage = input.PackageType === 'Image';
  checkPackageType(isImage, input);
  if (!isImage && (!input.Runtime || !input.Handler)) {
    throw invalidParameter(
      'Runtime and Handler are mandatory parameters for functions created with deployment packages.',
    );
  }
}

/** Throws InvalidParameterValueException for settings of the other package type. */
export function checkPackageType(isImage: boolean, input: UpdateFunctionConfigurationCommandInput): void {
  if (isImage && (input.Runtime || input.Handler || input.Layers?.length)) {
    throw invalidParameter(
      "Please don't provide Handler or Runtime or Layer when the intended function PackageType is Image.",
    );
  }
  if (!isImage && Object.keys(input.ImageConfig ?? {}).length > 0) {
    throw invalidParameter("Please don't provide ImageConfig when the intended function PackageType is Zip.");
  }
}

async function codeOf(
  input: CreateFunctionCommandInput,
  settings: FunctionSettings,
  functionArn: string,
  call: Call,
): Promise<FunctionCode> {
  if (input.PackageType !== 'Image') return readCode(input.Code ?? {}, call);
  const image = await readImage(input.Code?.ImageUri, settings.architecture, functionArn, call);
  imageStart(image.config, settings.imageConfig);
  return image;
}

/** Throws ValidationException. */
export function checkArchitectures(given: readonly string[] | undefined): void {
  if (!given) return;
  const value = `[${given.join(', ')}]`;
  validate(
    given.length > 1
      ? `Value '${value}' at 'architectures' failed to satisfy constraint: Member must have length less than or equal to 1`
      : undefined,
    given.some((one) => one !== 'arm64' && one !== 'x86_64')
      ? `Value '${value}' at 'architectures' failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy enum value set: [x86_64, arm64], Member must not be null]`
      : undefined,
  );
}
