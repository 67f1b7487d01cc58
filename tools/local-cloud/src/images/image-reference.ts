import { ImageError } from './oci.ts';

/** An image's name taken apart: `<host>/<repository>:<tag>` or `<host>/<repository>@<digest>`. */
export interface ImageReference {
  /** Undefined for names without a registry, as Docker's local tags have. */
  readonly host: string | undefined;
  readonly repository: string;
  /** Tag or digest; `latest` when the name has neither. */
  readonly reference: string;
  /** The name with the tag or digest spelled out. */
  readonly name: string;
}

export function readImageReference(name: string): ImageReference {
  const [, path = '', tag, digest] =
    /^([^@]+?)(?::([A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$/.exec(name) ?? [];
  if (path === '' || path.includes(' ')) {
    throw new ImageError(`'${name}' is no image name; one looks like registry/repository:tag`);
  }
  const slash = path.indexOf('/');
  const first = path.slice(0, Math.max(0, slash));
  // Docker's rule: what is in front of the first slash is a host if it has a dot or a port, or is localhost.
  const host = /[.:]/.test(first) || first === 'localhost' ? first : undefined;
  const reference = digest ?? tag ?? 'latest';
  return {
    host,
    repository: host === undefined ? path : path.slice(slash + 1),
    reference,
    name: digest === undefined ? `${path}:${reference}` : `${path}@${digest}`,
  };
}

/** Account and region of an ECR host; `undefined` for any other host. */
export function ecrRegistry(host: string | undefined): { account: string; region: string } | undefined {
  const [, account, region] = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com$/.exec(host ?? '') ?? [];
  return account && region ? { account, region } : undefined;
}
