import type { ImageTagMutability, Tag } from '@aws-sdk/client-ecr';
import type { PolicyDocument } from '../../iam/policy-document.ts';
import type { Call, Cloud } from '../../service.ts';
import { ecrError } from './errors.ts';

export interface StoredImage {
  readonly digest: string;
  readonly manifest: string;
  readonly mediaType: string;
  /** Bytes of its layers, what DescribeImages calls imageSizeInBytes. */
  readonly size: number;
  readonly pushedAt: Date;
  pulledAt?: Date;
}

/** A layer on its way: the parts received so far, in order and without gaps. */
export interface LayerUpload {
  readonly parts: Buffer[];
}

export interface Repository {
  readonly name: string;
  readonly registryId: string;
  readonly region: string;
  readonly createdAt: Date;
  readonly encryptionType: 'AES256' | 'KMS';
  mutability: ImageTagMutability;
  scanOnPush: boolean;
  policyText?: string;
  lifecycle?: { readonly text: string; readonly since: Date };
  tags: Tag[];
  /** By digest. */
  readonly images: Map<string, StoredImage>;
  /** Tag → digest. */
  readonly imageTags: Map<string, string>;
  /** Digest → bytes: layers and image configurations. */
  readonly layers: Map<string, Buffer>;
  readonly uploads: Map<string, LayerUpload>;
}

/** One account's registry in one region, repositories by name. */
export function registryOf(cloud: Cloud, registryId: string, region: string): Map<string, Repository> {
  return cloud.store('ecr', registryId, region, () => ({ repositories: new Map<string, Repository>() })).repositories;
}

interface RepositoryInput {
  readonly registryId?: string | undefined;
  readonly repositoryName?: string | undefined;
}

export function findRepository(input: RepositoryInput, call: Call): Repository | undefined {
  return registryOf(call.cloud, input.registryId ?? call.account, call.region).get(input.repositoryName ?? '');
}

/** Throws RepositoryNotFoundException. */
export function repositoryOf(input: RepositoryInput, call: Call): Repository {
  const repository = findRepository(input, call);
  if (repository) return repository;
  throw ecrError(
    'RepositoryNotFoundException',
    `The repository with name '${input.repositoryName}' does not exist in the registry with id '${input.registryId ?? call.account}'`,
  );
}

export function repositoryArn(registryId: string, region: string, name: string): string {
  return `arn:aws:ecr:${region}:${registryId}:repository/${name}`;
}

/** The host that images of a registry are named with: `000000000000.dkr.ecr.us-east-1.amazonaws.com`. */
export function registryHost(registryId: string, region: string): string {
  return `${registryId}.dkr.ecr.${region}.amazonaws.com`;
}

export function policyOf(repository: Repository | undefined): PolicyDocument | undefined {
  return repository?.policyText === undefined ? undefined : (JSON.parse(repository.policyText) as PolicyDocument);
}

/** `in the repository with name 'x' in the registry with id 'y'`, as ECR's messages end. */
export function inRepository({ name, registryId }: Repository): string {
  return `the repository with name '${name}' in the registry with id '${registryId}'`;
}
