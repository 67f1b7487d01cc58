import { lengthBetween, matches } from '../../constraints.ts';
import { AwsError } from '../../errors.ts';
import type { Call, Cloud, Demand } from '../../service.ts';
import { checkUnzippedSize } from './code-package.ts';
import { documentOf } from './demands.ts';
import { invalidParameter, validate } from './errors.ts';
import { type CodePackage, type FunctionCode, isImage, type Layer, type LayerVersion, lambdaState } from './state.ts';

export interface LayerReference {
  readonly account: string;
  readonly region: string;
  readonly name: string;
}

const arnPattern = /^arn:aws[a-zA-Z-]*:lambda:([a-z0-9-]+):(\d{12}):layer:([a-zA-Z0-9-_]+)(?::(\d+))?$/;
/** "LayerName", Lambda API reference. */
const namePattern =
  '(arn:[a-zA-Z0-9-]+:lambda:((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}):\\d{12}:layer:[a-zA-Z0-9-_]+)|[a-zA-Z0-9-_]+';
/** "Lambda quotas": layers of a function. */
const mostLayers = 5;

/** A layer by name or ARN. Throws ValidationException. */
export function layerReference(layerName: string | undefined, call: Pick<Call, 'account' | 'region'>): LayerReference {
  const given = layerName ?? '';
  validate(lengthBetween('layerName', given, 1, 140), matches('layerName', given, namePattern));
  const [, region = call.region, account = call.account, name = given] = arnPattern.exec(given) ?? [];
  return { account, region, name };
}

/** A layer version by its ARN. Throws ValidationException. */
export function layerVersionReference(arn: string | undefined): LayerReference & { version: number } {
  const [, region, account, name, version] = arnPattern.exec(arn ?? '') ?? [];
  if (region === undefined || account === undefined || name === undefined || version === undefined) {
    validate(matches('arn', arn, `${arnPattern.source.slice(1, -1)}:[0-9]+`));
    throw invalidParameter(`'${arn}' is not the ARN of a layer version.`);
  }
  return { region, account, name, version: Number(version) };
}

export function layerArn({ account, region, name }: LayerReference): string {
  return `arn:aws:lambda:${region}:${account}:layer:${name}`;
}

export function findLayer(cloud: Cloud, reference: LayerReference): Layer | undefined {
  return lambdaState(cloud, reference.account, reference.region).layers.get(reference.name);
}

export function findLayerVersion(
  cloud: Cloud,
  reference: LayerReference & { version: number },
): LayerVersion | undefined {
  return findLayer(cloud, reference)?.versions.get(reference.version);
}

/** Demands one action on a layer version, whose own policy may grant it to other accounts. */
export function layerVersionDemand(
  cloud: Cloud,
  action: string,
  reference: LayerReference & { version: number },
): Demand {
  return {
    action: `lambda:${action}`,
    resource: `${layerArn(reference)}:${reference.version}`,
    resourcePolicy: documentOf(findLayerVersion(cloud, reference)?.policy),
  };
}

/** What a caller needs to put these layers into a function. */
export function layerAccessDemands(arns: readonly string[] | undefined, call: Call): readonly Demand[] {
  return (arns ?? []).map((arn) => layerVersionDemand(call.cloud, 'GetLayerVersion', layerVersionReference(arn)));
}

/**
 * The code of a function's layers. Throws InvalidParameterValueException for more than five, two versions of one layer,
 * missing ones, and when all code together passes the limit.
 */
export function layerCodeOf(arns: readonly string[], code: FunctionCode, call: Call): readonly CodePackage[] {
  if (arns.length > mostLayers) throw invalidParameter(`Cannot reference more than ${mostLayers} layers.`);
  const seen = new Map<string, string>();
  const packages = arns.map((arn) => {
    const reference = layerVersionReference(arn);
    const name = layerArn(reference);
    const other = seen.get(name);
    if (other !== undefined) {
      throw invalidParameter(
        `Two different versions of the same layer are not allowed to be referenced in the same function. ${other} and ${arn} are versions of the same layer.`,
      );
    }
    seen.set(name, arn);
    if (reference.region !== call.region) {
      throw new AwsError(
        'InvalidParameterValueException',
        `Layers are not in the same region as the function. Layers are expected to be in region ${call.region}.`,
        { members: { Type: 'User' } },
      );
    }
    const found = findLayerVersion(call.cloud, reference);
    if (!found) throw invalidParameter(`Layer version ${arn} does not exist.`);
    return found.code;
  });
  const own = isImage(code) ? [] : [code];
  checkUnzippedSize([...own, ...packages].reduce((sum, { unzippedBytes }) => sum + unzippedBytes, 0));
  return packages;
}
