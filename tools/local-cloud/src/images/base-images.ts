import type { ContainerConfig } from './oci.ts';
import { ImageError } from './oci.ts';

/** A base image the embedded cloud knows: how its containers start, and the folders others build upon. */
export interface BaseImage {
  readonly config: ContainerConfig;
  readonly folders: readonly string[];
  /** Writes the files that others copy out of it. */
  readonly write?: (root: string) => Promise<void>;
}

/**
 * Programs of the base images (node, the Lambda runtime client) are not in them: processes of the embedded cloud run the
 * machine's own. What counts is how a container of the image is started, which follows the images AWS and Docker publish.
 */
const known: readonly { readonly names: string; readonly pattern: RegExp; readonly image: BaseImage }[] = [
  { names: 'scratch', pattern: /^scratch$/, image: { config: {}, folders: [] } },
  {
    names: 'public.ecr.aws/lambda/nodejs:24',
    pattern: /^public\.ecr\.aws\/lambda\/nodejs:24(-arm64|-x86_64)?$/,
    image: {
      config: {
        Env: [
          'LANG=en_US.UTF-8',
          'TZ=:/etc/localtime',
          'PATH=/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin',
          'LD_LIBRARY_PATH=/var/lang/lib:/lib64:/usr/lib64:/var/runtime:/var/runtime/lib:/var/task:/var/task/lib:/opt/lib',
          'LAMBDA_TASK_ROOT=/var/task',
          'LAMBDA_RUNTIME_DIR=/var/runtime',
        ],
        Entrypoint: ['/lambda-entrypoint.sh'],
        WorkingDir: '/var/task',
      },
      folders: ['opt', 'tmp', 'var/runtime', 'var/task'],
    },
  },
  {
    names: 'public.ecr.aws/docker/library/node:24 and node:24-slim',
    pattern: /^(public\.ecr\.aws\/docker\/library\/)?node:24(-slim)?$/,
    image: {
      config: {
        Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
        Entrypoint: ['docker-entrypoint.sh'],
        Cmd: ['node'],
      },
      folders: ['home/node', 'opt', 'tmp'],
    },
  },
  {
    names: 'public.ecr.aws/aws-observability/aws-for-fluent-bit:<version>',
    pattern: /^public\.ecr\.aws\/aws-observability\/aws-for-fluent-bit:(\d+(\.\d+)*|stable|latest)$/,
    image: {
      // Its entry point starts Fluent Bit with /fluent-bit/etc/fluent-bit.conf, which FireLens puts there.
      config: { Env: ['FLB_LOG_LEVEL=info'], Cmd: ['/entrypoint.sh'] },
      folders: ['fluent-bit/etc', 'var/run'],
    },
  },
  {
    names: 'public.ecr.aws/awsguru/aws-lambda-adapter:<version>',
    pattern: /^public\.ecr\.aws\/awsguru\/aws-lambda-adapter:\d+\.\d+\.\d+(-aarch64|-x86_64)?$/,
    image: {
      config: {},
      folders: [],
      async write(root) {
        // Only who takes it needs a bundler.
        const { writeWebAdapter } = await import('./web-adapter.ts');
        await writeWebAdapter(root);
      },
    },
  },
];

/** The base image of a name. Throws ImageError, naming those there are. */
export function baseImage(name: string): BaseImage {
  const found = known.find(({ pattern }) => pattern.test(name));
  if (found) return found.image;
  const names = known.map((base) => base.names).join(', ');
  throw new ImageError(
    `${name}: the embedded cloud does not know this base image and never goes to the network for one. It knows ${names}, images built before, and those in its own ECR.`,
  );
}
