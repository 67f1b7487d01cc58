import type { RawRequest } from '../service.ts';
import type { PresentedSignature } from './sigv4-read.ts';

/** The canonical request of "Create a signed AWS API request", IAM User Guide. */
export function canonicalRequest(request: RawRequest, signature: PresentedSignature, payloadHash: string): string {
  const headers = signature.signedHeaders.map((name) => `${name}:${headerValue(request, name)}\n`);
  return [
    request.method,
    signature.service === 's3' ? s3Path(request.path) : encodedPath(request.path),
    canonicalQuery(request.url),
    headers.join(''),
    signature.signedHeaders.join(';'),
    payloadHash,
  ].join('\n');
}

/** S3 signs the path encoded once, and never normalises it: `a//b` and `a/../b` are keys. */
function s3Path(path: string): string {
  return (
    path
      .split('/')
      .map((segment) => encode(decode(segment)))
      .join('/') || '/'
  );
}

/** Every other service signs the normalised path, encoded once more than it was sent. */
function encodedPath(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment === '..') segments.pop();
    else segments.push(encode(segment));
  }
  const slash = path.endsWith('/') && segments.length > 0 ? '/' : '';
  return `/${segments.join('/')}${slash}`;
}

function canonicalQuery(url: string): string {
  const mark = url.indexOf('?');
  if (mark < 0) return '';
  return url
    .slice(mark + 1)
    .split('&')
    .filter((parameter) => parameter !== '')
    .map((parameter) => {
      const equals = parameter.indexOf('=');
      const [name, value] = equals < 0 ? [parameter, ''] : [parameter.slice(0, equals), parameter.slice(equals + 1)];
      return [encode(decode(name)), encode(decode(value))] as const;
    })
    .filter(([name]) => name !== 'X-Amz-Signature')
    .sort((a, b) => compare(a[0], b[0]) || compare(a[1], b[1]))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function headerValue(request: RawRequest, name: string): string {
  const value = request.headers[name];
  const values = Array.isArray(value) ? value : [value ?? ''];
  return values.map((one) => one.trim().replace(/ +/g, ' ')).join(',');
}

/** By code unit, as AWS sorts; `localeCompare` would not. */
function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** RFC 3986: everything but `A-Z a-z 0-9 - . _ ~`. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not percent-encoding, so the client signed it as it stands.
    return text;
  }
}
