import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AssetStaging, Stage } from 'aws-cdk-lib';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Code, type EcrImageCode } from 'aws-cdk-lib/aws-lambda';
import type { EnforcedStack } from './enforced-stack.ts';

const buildImage = fileURLToPath(new URL('build-image.ts', import.meta.url));

export interface BuiltImageProps {
  /** Absolute path of the folder with the Dockerfile and what it copies. */
  readonly context: string;
  /** Name of the SSM parameter that holds the URI of an image the Dockerfile takes files from. */
  readonly imageParameter: string;
  /** The ARG of the Dockerfile that gets this URI. */
  readonly argument: string;
}

/**
 * An image that is built when the CDK CLI publishes it: only then is the contract of another stack there to be read. The
 * program that does it is referred to by its path from the assembly.
 */
export function builtImage(stack: EnforcedStack, id: string, props: BuiltImageProps): EcrImageCode {
  const context = new AssetStaging(stack, id, { sourcePath: props.context });
  const assembly = Stage.of(stack)?.outdir ?? '';
  const variables = stack.contextVariables;
  const published = stack.synthesizer.addDockerImageAsset({
    // Another stage has another base image.
    sourceHash: `${variables.stage}-${context.assetHash}`,
    executable: [
      'node',
      relative(assembly, buildImage),
      context.relativeStagedPath(stack),
      props.imageParameter,
      props.argument,
      `stackyard-${variables.context}:${context.assetHash}`,
    ],
  });
  const repository = Repository.fromRepositoryName(stack, `${id}Repository`, published.repositoryName);
  return Code.fromEcrImage(repository, { tagOrDigest: published.imageTag ?? context.assetHash });
}
