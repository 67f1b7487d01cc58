import type {
  DeleteLayerVersionCommandInput,
  DeleteLayerVersionCommandOutput,
  GetLayerVersionByArnCommandInput,
  GetLayerVersionByArnCommandOutput,
  GetLayerVersionCommandInput,
  GetLayerVersionCommandOutput,
  LayerVersionsListItem,
  ListLayersCommandInput,
  ListLayersCommandOutput,
  ListLayerVersionsCommandInput,
  ListLayerVersionsCommandOutput,
  PublishLayerVersionCommandInput,
  PublishLayerVersionCommandOutput,
} from '@aws-sdk/client-lambda';
import { between, lengthBetween } from '../../constraints.ts';
import { type Call, type Demand, operation } from '../../service.ts';
import { packageLocation } from './code-location.ts';
import { readCode } from './code-package.ts';
import { resourceNotFound, validate } from './errors.ts';
import { lambdaDate } from './lambda-date.ts';
import {
  findLayer,
  findLayerVersion,
  layerArn,
  layerReference,
  layerVersionDemand,
  layerVersionReference,
} from './layer-reference.ts';
import { page } from './paging.ts';
import { type Layer, type LayerVersion, lambdaState } from './state.ts';

interface VersionInput {
  readonly LayerName?: string | undefined;
  readonly VersionNumber?: number | undefined;
}

export const publishLayerVersion = operation<PublishLayerVersionCommandInput, PublishLayerVersionCommandOutput>({
  demands: onLayer('PublishLayerVersion'),
  async run(input, call) {
    const reference = layerReference(input.LayerName, call);
    validate(
      lengthBetween('description', input.Description, 0, 256),
      lengthBetween('licenseInfo', input.LicenseInfo, 0, 512),
    );
    const code = await readCode(input.Content ?? {}, call);
    const { layers } = lambdaState(call.cloud, reference.account, reference.region);
    const arn = layerArn(reference);
    const layer: Layer = layers.get(reference.name) ?? {
      name: reference.name,
      arn,
      versions: new Map(),
      versionsPublished: 0,
    };
    layers.set(layer.name, layer);
    layer.versionsPublished += 1;
    const version: LayerVersion = {
      arn: `${arn}:${layer.versionsPublished}`,
      version: layer.versionsPublished,
      description: input.Description ?? '',
      licenseInfo: input.LicenseInfo,
      compatibleRuntimes: input.CompatibleRuntimes,
      compatibleArchitectures: input.CompatibleArchitectures,
      created: lambdaDate(call.cloud.clock.now()),
      code,
      policy: undefined,
    };
    layer.versions.set(version.version, version);
    return { ...described(version, call), LayerArn: arn };
  },
});

export const getLayerVersion = operation<GetLayerVersionCommandInput, GetLayerVersionCommandOutput>({
  demands: onLayerVersion('GetLayerVersion'),
  run: (input, call) => shown(findLayerVersion(call.cloud, versionReference(input, call)), call),
});

export const getLayerVersionByArn = operation<GetLayerVersionByArnCommandInput, GetLayerVersionByArnCommandOutput>({
  demands: ({ Arn }, call) => [layerVersionDemand(call.cloud, 'GetLayerVersion', layerVersionReference(Arn))],
  run: ({ Arn }, call) => shown(findLayerVersion(call.cloud, layerVersionReference(Arn)), call),
});

/** Functions that use it keep it. A version that is not there counts as deleted. */
export const deleteLayerVersion = operation<DeleteLayerVersionCommandInput, DeleteLayerVersionCommandOutput>({
  demands: onLayerVersion('DeleteLayerVersion'),
  run(input, call) {
    const reference = versionReference(input, call);
    findLayer(call.cloud, reference)?.versions.delete(reference.version);
    return {};
  },
});

export const listLayerVersions = operation<ListLayerVersionsCommandInput, ListLayerVersionsCommandOutput>({
  run(input, call) {
    const layer = findLayer(call.cloud, layerReference(input.LayerName, call));
    const newestFirst = [...(layer?.versions.values() ?? [])].reverse().filter((version) => fits(version, input));
    const { items, next } = page(newestFirst.map(listed), input, 50);
    return { LayerVersions: items, NextMarker: next };
  },
});

/** Layers of which no version is left do not appear. */
export const listLayers = operation<ListLayersCommandInput, ListLayersCommandOutput>({
  run(input, call) {
    const { layers } = lambdaState(call.cloud, call.account, call.region);
    const all = [...layers.values()].flatMap(({ name, arn, versions }) => {
      const latest = [...versions.values()].filter((version) => fits(version, input)).at(-1);
      return latest ? { LayerName: name, LayerArn: arn, LatestMatchingVersion: listed(latest) } : [];
    });
    const { items, next } = page(all, input, 50);
    return { Layers: items, NextMarker: next };
  },
});

function onLayer(action: string) {
  return (input: VersionInput, call: Call): readonly Demand[] => [
    { action: `lambda:${action}`, resource: layerArn(layerReference(input.LayerName, call)) },
  ];
}

export function onLayerVersion(action: string) {
  return (input: VersionInput, call: Call): readonly Demand[] => [
    layerVersionDemand(call.cloud, action, versionReference(input, call)),
  ];
}

export function versionReference(input: VersionInput, call: Call) {
  validate(between('versionNumber', input.VersionNumber, 1, Number.MAX_SAFE_INTEGER));
  return { ...layerReference(input.LayerName, call), version: input.VersionNumber ?? 0 };
}

function fits(
  version: LayerVersion,
  wanted: { CompatibleRuntime?: string | undefined; CompatibleArchitecture?: string | undefined },
): boolean {
  const has = (values: readonly string[] | undefined, one: string | undefined) =>
    one === undefined || (values?.includes(one) ?? false);
  return (
    has(version.compatibleRuntimes, wanted.CompatibleRuntime) &&
    has(version.compatibleArchitectures, wanted.CompatibleArchitecture)
  );
}

function shown(version: LayerVersion | undefined, call: Call): GetLayerVersionOutput {
  if (!version) throw resourceNotFound();
  return described(version, call);
}

type GetLayerVersionOutput = Omit<GetLayerVersionCommandOutput, '$metadata'>;

function described(version: LayerVersion, call: Call): GetLayerVersionOutput {
  const { code } = version;
  return {
    ...listed(version),
    LayerArn: version.arn.slice(0, version.arn.lastIndexOf(':')),
    Content: { Location: packageLocation(call, code), CodeSha256: code.sha256, CodeSize: code.zip.length },
  };
}

function listed(version: LayerVersion): LayerVersionsListItem {
  return {
    LayerVersionArn: version.arn,
    Version: version.version,
    Description: version.description,
    CreatedDate: version.created,
    ...(version.licenseInfo !== undefined && { LicenseInfo: version.licenseInfo }),
    ...(version.compatibleRuntimes && { CompatibleRuntimes: [...version.compatibleRuntimes] }),
    ...(version.compatibleArchitectures && { CompatibleArchitectures: [...version.compatibleArchitectures] }),
  };
}
