import type { Call } from '../../service.ts';
import { s3Error } from './errors.ts';
import { type Bucket, bucketOf } from './state.ts';

/** Reads x-amz-copy-source: `<bucket>/<key>`, URL-encoded, perhaps with `?versionId=…` ("CopyObject"). */
export function copySourceOf(
  header: string | undefined,
  call: Call,
): { bucket: Bucket; key: string; versionId: string | undefined } {
  const invalid = s3Error(
    'InvalidArgument',
    { ArgumentName: 'x-amz-copy-source', ArgumentValue: header ?? '' },
    'Copy Source must mention the source bucket and key: sourcebucket/sourcekey',
  );
  const [, name, path, versionId] = /^\/?([^/]+)\/(.+?)(?:\?versionId=([^?&]+))?$/s.exec(header ?? '') ?? [];
  if (!name || !path) throw invalid;
  let key: string;
  try {
    key = decodeURIComponent(path);
  } catch {
    throw invalid;
  }
  return { bucket: bucketOf({ Bucket: name }, call), key, versionId };
}
