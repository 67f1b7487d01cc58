import type { ApiDefinition } from '../state.ts';

/** Does the API treat this media type as binary ("Binary media types for REST APIs")? Wildcards stand for any part. */
export function isBinary({ settings }: ApiDefinition, mediaType: string | undefined): boolean {
  const type = mediaType?.split(',')[0]?.split(';')[0]?.trim().toLowerCase() ?? '';
  return (settings.binaryMediaTypes ?? []).some((pattern) => {
    if (pattern === '*/*') return true;
    const [kind, part] = pattern.toLowerCase().split('/');
    return type === pattern.toLowerCase() || (part === '*' && type.startsWith(`${kind}/`));
  });
}
