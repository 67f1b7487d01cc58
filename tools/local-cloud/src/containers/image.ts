import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AwsError } from '../errors.ts';
import { baseImage } from '../images/base-images.ts';
import { ecrRegistry, readImageReference } from '../images/image-reference.ts';
import { imageRoot } from '../images/image-root.ts';
import { type ContainerConfig, ImageError } from '../images/oci.ts';
import type { Caller, Demand } from '../service.ts';
import { policyOf, registryOf, repositoryArn } from '../services/ecr/state.ts';
import type { Place } from '../services/ecs/state.ts';
import { StartError } from './types.ts';

export interface PulledImage {
  readonly config: ContainerConfig;
  /** Absent of base images that are not in ECR. */
  readonly digest?: string;
}

/**
 * Pulls an image into a folder of the container's own, as the task's execution role: images of ECR, and the base images the
 * embedded cloud knows. Throws StartError in the words of a task's stopped reason.
 */
export async function pullImage(
  name: string,
  folder: string,
  { cloud, region }: Place,
  executionRole: Caller | undefined,
): Promise<PulledImage> {
  await mkdir(folder, { recursive: true });
  try {
    const { host, repository } = readImageReference(name);
    const registry = ecrRegistry(host);
    if (!registry) {
      const { config, folders, write } = baseImage(name);
      for (const each of folders) await mkdir(join(folder, each), { recursive: true });
      await write?.(folder);
      return { config };
    }
    if (!executionRole) {
      throw new StartError(
        'ResourceInitializationError: unable to pull secrets or registry auth: the task definition has no execution role',
      );
    }
    cloud.authorize(executionRole, demandsOn(repository, registry, cloud), { region, service: 'ecr' });
    const { root, digest, config } = await imageRoot(cloud, name);
    await cp(root, folder, { recursive: true });
    return { config: config.config, digest };
  } catch (error) {
    if (error instanceof ImageError) {
      throw new StartError(
        `CannotPullContainerError: pull image manifest has been retried 1 time(s): ${error.message}`,
      );
    }
    if (!(error instanceof AwsError)) throw error;
    throw new StartError(
      `ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: ${error.code}: ${error.message}`,
    );
  }
}

/** "Amazon ECS task execution IAM role": what pulling from a private repository needs. */
function demandsOn(
  repository: string,
  { account, region }: { account: string; region: string },
  cloud: Place['cloud'],
): Demand[] {
  const resource = repositoryArn(account, region, repository);
  const resourcePolicy = policyOf(registryOf(cloud, account, region).get(repository));
  return [
    { action: 'ecr:GetAuthorizationToken', resource: '*' },
    ...['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'].map((action) => ({ action, resource, resourcePolicy })),
  ];
}
