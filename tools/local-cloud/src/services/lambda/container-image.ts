import type { ImageConfig } from '@aws-sdk/client-lambda';
import { baseImage } from '../../images/base-images.ts';
import { ecrRegistry, readImageReference } from '../../images/image-reference.ts';
import { imageRoot } from '../../images/image-root.ts';
import { type ContainerConfig, ImageError } from '../../images/oci.ts';
import type { Call } from '../../service.ts';
import { type ContainerProgram, containerProgram } from './container-program.ts';
import { invalidParameter, unsupported } from './errors.ts';
import { checkImageAccess } from './image-access.ts';
import type { ContainerImage, FunctionSettings } from './state.ts';

const lambdaNode = baseImage('public.ecr.aws/lambda/nodejs:24').config;
const fixedByBase = new Set((lambdaNode.Env ?? []).map((entry) => entry.split('=')[0]));

/**
 * Reads the image a function is made of, by the digest its tag has now: a tag that moves later changes nothing ("Create a
 * Lambda function using a container image"). Throws InvalidParameterValueException and AccessDeniedException.
 */
export async function readImage(
  imageUri: string | undefined,
  architecture: FunctionSettings['architecture'],
  functionArn: string,
  call: Call,
): Promise<ContainerImage> {
  if (!imageUri) throw invalidParameter('Please provide ImageUri when the intended function PackageType is Image.');
  const { repository, registry } = repositoryOf(imageUri);
  if (registry.region !== call.region) {
    throw invalidParameter(`Source image ${imageUri} is not valid. The image must be in the region ${call.region}.`);
  }
  await checkImageAccess({ account: registry.account, repository, functionArn }, call);
  const { digest, config } = await imageRoot(call.cloud, imageUri).catch((error) => {
    if (!(error instanceof ImageError)) throw error;
    throw invalidParameter(`Source image ${imageUri} does not exist. Provide a valid source image. ${error.message}`);
  });
  const built = config.architecture === 'amd64' ? 'x86_64' : config.architecture;
  if (built !== architecture) {
    throw invalidParameter(
      `Source image ${imageUri} is built for ${built}, and the function's architecture is ${architecture}. Build it with --platform linux/${architecture === 'arm64' ? 'arm64' : 'amd64'} or change Architectures.`,
    );
  }
  const name = readImageReference(imageUri).name;
  return {
    imageUri,
    resolvedUri: `${name.slice(0, name.lastIndexOf(imageUri.includes('@') ? '@' : ':'))}@${digest}`,
    sha256: digest.slice('sha256:'.length),
    config: config.config,
  };
}

function repositoryOf(imageUri: string) {
  try {
    const { host, repository } = readImageReference(imageUri);
    const registry = ecrRegistry(host);
    if (registry) return { repository, registry };
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
  }
  throw invalidParameter(`Source image ${imageUri} is not valid. Provide a valid source image.`);
}

/** How the runtime of an image is started: with a handler for the runtime client, or as a program of the image's own. */
export interface ImageStart {
  readonly handler?: string;
  readonly program?: ContainerProgram;
  /** The image's own ENV; a function's variables win over them. */
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * What the image's ENTRYPOINT, CMD and WORKDIR say, overridden by ImageConfig. The entry point of AWS's Node image runs the
 * runtime client with CMD as the handler; of other images a program for Node can be started. Throws NotImplementedException
 * for any other and InvalidParameterValueException for a CMD that is no handler.
 */
export function imageStart(config: ContainerConfig, overrides: ImageConfig | undefined): ImageStart {
  const entryPoint = overrides?.EntryPoint ?? config.Entrypoint ?? [];
  const command = overrides?.Command ?? config.Cmd ?? [];
  const folder = overrides?.WorkingDirectory ?? config.WorkingDir ?? '/';
  const all = (config.Env ?? []).map((entry) => entry.split(/=(.*)/s).slice(0, 2) as [string, string]);
  const variables = Object.fromEntries(all.filter(([name]) => !fixedByBase.has(name)));
  if (entryPoint.join(' ') !== lambdaNode.Entrypoint?.join(' ')) {
    return { program: containerProgram(entryPoint, command, folder), variables };
  }
  if (folder !== lambdaNode.WorkingDir) throw unsupported(`the WORKDIR ${folder} instead of ${lambdaNode.WorkingDir}`);
  const [handler] = command;
  if (handler === undefined || command.length > 1) {
    throw invalidParameter(`The image's CMD is ${JSON.stringify(command)}; it names one handler: ["index.handler"].`);
  }
  return { handler, variables };
}
