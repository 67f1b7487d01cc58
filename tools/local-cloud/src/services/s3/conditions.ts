import { s3Error } from './errors.ts';
import type { StoredObject } from './state.ts';

interface Conditions {
  readonly IfMatch?: string | undefined;
  readonly IfNoneMatch?: string | undefined;
  readonly IfModifiedSince?: Date | undefined;
  readonly IfUnmodifiedSince?: Date | undefined;
}

/**
 * Conditional reads ("Conditional requests", Amazon S3 User Guide): If-Match wins over If-Unmodified-Since, If-None-Match
 * over If-Modified-Since. Throws PreconditionFailed or NotModified.
 */
export function checkRead(conditions: Conditions, object: StoredObject): void {
  const modifiedAfter = (date: Date) => wholeSeconds(object.lastModified) > wholeSeconds(date);
  if (conditions.IfMatch !== undefined) {
    if (!matchesEtag(conditions.IfMatch, object.etag)) throw failed('If-Match');
  } else if (conditions.IfUnmodifiedSince && modifiedAfter(conditions.IfUnmodifiedSince)) {
    throw failed('If-Unmodified-Since');
  }
  if (conditions.IfNoneMatch !== undefined) {
    if (matchesEtag(conditions.IfNoneMatch, object.etag)) throw s3Error('NotModified');
  } else if (conditions.IfModifiedSince && !modifiedAfter(conditions.IfModifiedSince)) {
    throw s3Error('NotModified');
  }
}

/**
 * Conditional writes ("How to prevent object overwrites with conditional writes", Amazon S3 User Guide): `If-None-Match: *`
 * writes only a new key, `If-Match: <etag>` only over that object. Throws PreconditionFailed, or NoSuchKey for If-Match
 * on a key that is not there.
 */
export function checkWrite(conditions: Conditions, key: string, current: StoredObject | undefined): void {
  if (conditions.IfNoneMatch !== undefined && conditions.IfNoneMatch !== '*') {
    throw s3Error(
      'InvalidArgument',
      { ArgumentName: 'If-None-Match' },
      'If-None-Match takes only the value * in a write',
    );
  }
  if (conditions.IfNoneMatch === '*' && current) throw failed('If-None-Match');
  if (conditions.IfMatch === undefined) return;
  if (!current) throw s3Error('NoSuchKey', { Key: key });
  if (!matchesEtag(conditions.IfMatch, current.etag)) throw failed('If-Match');
}

function failed(condition: string): Error {
  return s3Error('PreconditionFailed', { Condition: condition });
}

function matchesEtag(header: string, etag: string): boolean {
  return header.split(',').some((entry) => {
    const value = entry.trim();
    return value === '*' || value.replaceAll('"', '') === etag.replaceAll('"', '');
  });
}

/** HTTP dates have no fractions of a second. */
function wholeSeconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}

/**
 * The bytes a Range header asks for, end exclusive; `undefined` when there is no header or one that HTTP says to ignore
 * (RFC 9110, 14.2: several ranges, other units). Throws InvalidRange when it starts behind the end.
 */
export function rangeOf(header: string | undefined, size: number): { start: number; end: number } | undefined {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size : Math.min(size, Number(last) + 1);
  if (start >= size || (first === '' && Number(last) === 0)) {
    throw s3Error('InvalidRange', { RangeRequested: header ?? '', ActualObjectSize: String(size) });
  }
  return { start, end };
}
