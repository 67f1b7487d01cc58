import { randomBytes } from 'node:crypto';
import type { ParameterTier, ParameterType, Tag } from '@aws-sdk/client-ssm';
import { AwsError } from '../../errors.ts';
import type { Call } from '../../service.ts';
import { readReference } from './parameter-name.ts';

export interface ParameterVersion {
  readonly version: number;
  readonly type: ParameterType;
  /** Of a SecureString the ciphertext. */
  readonly value: string;
  readonly tier: ParameterTier;
  readonly dataType: string;
  readonly description: string | undefined;
  readonly allowedPattern: string | undefined;
  readonly keyId: string | undefined;
  readonly modified: Date;
  readonly modifiedBy: string;
  labels: string[];
}

export interface StoredParameter {
  readonly name: string;
  /** Oldest first, never empty, at most 100. */
  versions: ParameterVersion[];
  tags: Tag[];
}

export interface SsmState {
  readonly parameters: Map<string, StoredParameter>;
  /** Stands for the account's `aws/ssm` key: what SecureStrings are encrypted with. */
  readonly key: Buffer;
}

export function ssmState({ cloud, account, region }: Call): SsmState {
  return cloud.store('ssm', account, region, () => ({ parameters: new Map(), key: randomBytes(32) }));
}

/** Names begin with a slash or not; the ARN has exactly one between `parameter` and the name. */
export function parameterArn(name: string, { region, account }: Pick<Call, 'region' | 'account'>): string {
  return `arn:aws:ssm:${region}:${account}:parameter${name.startsWith('/') ? '' : '/'}${name}`;
}

/** A parameter by name. An ARN names parameters of one level by a path, too. Throws ParameterNotFound. */
export function parameterOf(name: string, call: Call): StoredParameter {
  const parameter = findParameter(name, call);
  if (!parameter) throw new AwsError('ParameterNotFound', `Parameter ${name} not found.`);
  return parameter;
}

export function findParameter(reference: string, call: Call): StoredParameter | undefined {
  const { name } = readReference(reference);
  const { parameters } = ssmState(call);
  return parameters.get(name) ?? (reference.startsWith('arn:') ? parameters.get(name.slice(1)) : undefined);
}

export function latest(parameter: StoredParameter): ParameterVersion {
  return parameter.versions.at(-1) as ParameterVersion;
}

/** The version a selector names, the newest without one. */
export function selectVersion(parameter: StoredParameter, selector: string | undefined): ParameterVersion | undefined {
  if (selector === undefined) return latest(parameter);
  const wanted = selector.slice(1);
  return parameter.versions.find(({ version, labels }) => String(version) === wanted || labels.includes(wanted));
}
