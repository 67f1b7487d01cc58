import { createHash } from 'node:crypto';

/** Media types of the OCI Image Format Specification. */
export const mediaTypes = {
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
} as const;

export interface Descriptor {
  readonly mediaType: string;
  /** `sha256:<64 hex digits>` */
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
}

export interface OciManifest {
  readonly schemaVersion: 2;
  readonly mediaType: string;
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
}

/** What a container is started with: the `config` member of an image's configuration. */
export interface ContainerConfig {
  /** `NAME=value` */
  readonly Env?: readonly string[];
  readonly Entrypoint?: readonly string[];
  readonly Cmd?: readonly string[];
  readonly WorkingDir?: string;
  readonly User?: string;
  /** Keys like `8080/tcp`. */
  readonly ExposedPorts?: Readonly<Record<string, Record<string, never>>>;
  readonly Labels?: Readonly<Record<string, string>>;
  readonly Healthcheck?: Healthcheck;
}

/** Docker's addition to the specification; durations in nanoseconds. */
export interface Healthcheck {
  /** `['NONE']`, `['CMD', …]` or `['CMD-SHELL', text]`. */
  readonly Test: readonly string[];
  readonly Interval?: number;
  readonly Timeout?: number;
  readonly StartPeriod?: number;
  readonly Retries?: number;
}

export type Architecture = 'amd64' | 'arm64';

/** An image's configuration ("OCI Image Configuration"). */
export interface OciImageConfig {
  readonly architecture: Architecture;
  readonly os: 'linux';
  readonly config: ContainerConfig;
  readonly rootfs: { readonly type: 'layers'; readonly diff_ids: readonly string[] };
}

export function sha256(content: string | Uint8Array): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

/** Errors a user of the image builder reads: what is wrong and the way out, without a stack. */
export class ImageError extends Error {}
