import { randomUUID } from 'node:crypto';
import type {
  UpdateFunctionCodeCommandInput,
  UpdateFunctionCodeCommandOutput,
  UpdateFunctionConfigurationCommandInput,
  UpdateFunctionConfigurationCommandOutput,
} from '@aws-sdk/client-lambda';
import { passRoleDemand } from '../../iam/pass-role.ts';
import { type Call, operation } from '../../service.ts';
import { checkRole } from './assume-role.ts';
import { readCode } from './code-package.ts';
import { configurationOf } from './configuration-output.ts';
import { imageStart, readImage } from './container-image.ts';
import { checkArchitectures, checkPackageType } from './create-function.ts';
import { functionDemand } from './demands.ts';
import { invalidParameter, revisionMismatch, unsupported } from './errors.ts';
import { fleetOf } from './fleet.ts';
import { functionOf, referenceOf } from './function-reference.ts';
import { changedSettings, noteRuntime } from './function-settings.ts';
import { layerAccessDemands, layerCodeOf } from './layer-reference.ts';
import {
  type FunctionCode,
  type FunctionSettings,
  type FunctionVersion,
  isImage,
  type LambdaFunction,
} from './state.ts';
import { publish } from './versions.ts';

export const updateFunctionCode = operation<UpdateFunctionCodeCommandInput, UpdateFunctionCodeCommandOutput>({
  demands: (input, call) => [functionDemand(call, 'UpdateFunctionCode', referenceOf(input, call))],
  async run(input, call) {
    const found = updatable(input, call);
    if (input.PublishTo) throw unsupported('PublishTo');
    checkArchitectures(input.Architectures);
    const settings = {
      ...found.latest.settings,
      architecture: input.Architectures?.[0] ?? found.latest.settings.architecture,
    };
    const code = await newCode(input, found, settings, call);
    const layerCode = layerCodeOf(settings.layers, code, call);
    if (input.DryRun) return configurationOf(found, { ...found.latest, code, settings }, found.arn);
    replaceLatest(found, { code, layerCode, settings }, call);
    const version = input.Publish ? publish(found, undefined) : found.latest;
    return configurationOf(found, version, input.Publish ? `${found.arn}:${version.version}` : found.arn);
  },
});

export const updateFunctionConfiguration = operation<
  UpdateFunctionConfigurationCommandInput,
  UpdateFunctionConfigurationCommandOutput
>({
  demands: (input, call) => [
    functionDemand(
      call,
      'UpdateFunctionConfiguration',
      referenceOf(input, call),
      input.Layers?.length ? { 'lambda:Layer': input.Layers } : {},
    ),
    ...(input.Role === undefined ? [] : [passRoleDemand(input.Role, 'lambda.amazonaws.com')]),
    ...layerAccessDemands(input.Layers, call),
  ],
  async run(input, call) {
    const found = updatable(input, call);
    const { code } = found.latest;
    checkPackageType(isImage(code), input);
    const settings = changedSettings(found.latest.settings, input);
    if (isImage(code)) imageStart(code.config, settings.imageConfig);
    if (input.Role !== undefined) await checkRole(call.cloud, input.Role, found.name);
    // Layers that stay keep their code even when their version was deleted since.
    const layerCode = input.Layers ? layerCodeOf(input.Layers, code, call) : found.latest.layerCode;
    if (settings.runtime !== found.latest.settings.runtime) noteRuntime(call.cloud, found.name, settings);
    replaceLatest(found, { settings, layerCode }, call);
    return configurationOf(found, found.latest, found.arn);
  },
});

/** "UpdateFunctionCode": a function's package type never changes. */
async function newCode(
  input: UpdateFunctionCodeCommandInput,
  found: LambdaFunction,
  { architecture, imageConfig }: FunctionSettings,
  call: Call,
): Promise<FunctionCode> {
  if (!isImage(found.latest.code)) {
    if (input.ImageUri) {
      throw invalidParameter("Please don't provide ImageUri when updating a function with packageType Zip.");
    }
    return readCode(input, call);
  }
  if (input.ZipFile || input.S3Bucket || input.S3Key) {
    throw invalidParameter(
      "Please don't provide ZipFile or S3 object when updating a function with packageType Image.",
    );
  }
  const image = await readImage(input.ImageUri, architecture, found.arn, call);
  imageStart(image.config, imageConfig);
  return image;
}

function updatable(
  input: { FunctionName?: string | undefined; RevisionId?: string | undefined },
  call: Call,
): LambdaFunction {
  const reference = referenceOf(input, call);
  if (reference.qualifier !== undefined) {
    throw invalidParameter('The function ARN of an update may not have a qualifier: only $LATEST can be changed.');
  }
  const found = functionOf(call.cloud, reference);
  if (input.RevisionId !== undefined && input.RevisionId !== found.latest.revisionId) {
    throw revisionMismatch('GetFunction/GetAlias');
  }
  return found;
}

/** Running environments finish what they do and take no further invocation. */
function replaceLatest(found: LambdaFunction, changes: Partial<FunctionVersion>, call: Call): void {
  found.latest = { ...found.latest, ...changes, revisionId: randomUUID(), lastModified: call.cloud.clock.now() };
  fleetOf(call.cloud).retireOutdated(found);
}
