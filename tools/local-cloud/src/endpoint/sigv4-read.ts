import { AwsError } from '../errors.ts';
import type { RawRequest } from '../service.ts';

/** A signature as a request presents it, before anything of it is believed. */
export interface PresentedSignature {
  readonly accessKeyId: string;
  /** `20260101`, of the credential scope. */
  readonly scopeDate: string;
  readonly region: string;
  readonly service: string;
  /** `20260101/us-east-1/kinesis/aws4_request` */
  readonly scope: string;
  /** Lower case, in the order given. */
  readonly signedHeaders: readonly string[];
  /** Hex. */
  readonly signature: string;
  /** `20260101T120000Z` as sent, and the same in milliseconds since the epoch. */
  readonly date: string;
  readonly time: number;
  readonly sessionToken: string | undefined;
  readonly presigned: boolean;
  /** How long a pre-signed URL is good for. */
  readonly expiresSeconds: number | undefined;
}

/** Reads the signature off the Authorization header or the URL; `undefined` when there is none. Throws AwsError. */
export function readSignature(request: RawRequest): PresentedSignature | undefined {
  const { authorization } = request.headers;
  if (authorization?.startsWith('AWS')) return fromHeader(authorization, request);
  if (request.query.has('X-Amz-Algorithm') || request.query.has('X-Amz-Signature')) return fromUrl(request);
  return undefined;
}

function fromHeader(authorization: string, request: RawRequest): PresentedSignature {
  const [algorithm = '', ...rest] = authorization.split(' ');
  checkAlgorithm(algorithm);
  const fields = new Map(
    rest
      .join('')
      .split(',')
      .map((field) => [field.slice(0, field.indexOf('=')), field.slice(field.indexOf('=') + 1)]),
  );
  const date = headerDate(request);
  const problems = ['Credential', 'Signature', 'SignedHeaders']
    .filter((name) => !fields.get(name))
    .map((name) => `Authorization header requires '${name}' parameter.`);
  if (!date) problems.push("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.");
  if (!date || problems.length > 0) throw incomplete(`${problems.join(' ')} Authorization=${algorithm}`);
  const token = request.headers['x-amz-security-token'];
  return presented(
    fields.get('Credential') ?? '',
    date,
    (fields.get('SignedHeaders') ?? '').split(';'),
    fields.get('Signature') ?? '',
    { sessionToken: typeof token === 'string' ? token : undefined, presigned: false, expiresSeconds: undefined },
  );
}

function headerDate(request: RawRequest): string | undefined {
  const own = request.headers['x-amz-date'];
  if (typeof own === 'string') return own;
  const { date } = request.headers;
  if (!date) return undefined;
  const time = new Date(date);
  return Number.isNaN(time.getTime()) ? date : time.toISOString().replace(/[-:]|\.\d{3}/g, '');
}

/** "Authenticating Requests: Using Query Parameters", Amazon S3 API Reference: a URL is good for 7 days at most. */
const longestExpirySeconds = 7 * 24 * 3600;

function fromUrl({ query }: RawRequest): PresentedSignature {
  const names = [
    'X-Amz-Algorithm',
    'X-Amz-Credential',
    'X-Amz-Date',
    'X-Amz-SignedHeaders',
    'X-Amz-Signature',
    'X-Amz-Expires',
  ];
  const missing = names.filter((name) => !query.get(name));
  if (missing.length > 0)
    throw incomplete(missing.map((name) => `AWS query-string parameters must include '${name}'.`).join(' '));
  const value = (name: string) => query.get(name) ?? '';
  checkAlgorithm(value('X-Amz-Algorithm'));
  const expiresSeconds = Number(value('X-Amz-Expires'));
  if (!Number.isInteger(expiresSeconds) || expiresSeconds < 0) {
    throw new AwsError('AuthorizationQueryParametersError', 'X-Amz-Expires should be a number', { status: 400 });
  }
  if (expiresSeconds > longestExpirySeconds) {
    throw new AwsError(
      'AuthorizationQueryParametersError',
      'X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds',
      { status: 400 },
    );
  }
  return presented(
    value('X-Amz-Credential'),
    value('X-Amz-Date'),
    value('X-Amz-SignedHeaders').split(';'),
    value('X-Amz-Signature'),
    { sessionToken: query.get('X-Amz-Security-Token') ?? undefined, presigned: true, expiresSeconds },
  );
}

function checkAlgorithm(algorithm: string): void {
  if (algorithm !== 'AWS4-HMAC-SHA256') throw incomplete(`Unsupported AWS 'algorithm': '${algorithm}'.`);
}

function presented(
  credential: string,
  date: string,
  signedHeaders: readonly string[],
  signature: string,
  rest: Pick<PresentedSignature, 'sessionToken' | 'presigned' | 'expiresSeconds'>,
): PresentedSignature {
  const parts = credential.split('/');
  const [accessKeyId, scopeDate, region, service, terminator] = parts;
  if (parts.length !== 5 || !accessKeyId || !scopeDate || !region || !service || !terminator) {
    throw incomplete(
      `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${credential}'`,
    );
  }
  if (terminator !== 'aws4_request') {
    throw invalid(`Credential should be scoped with a valid terminator: 'aws4_request', not '${terminator}'.`);
  }
  const time = timeOf(date);
  if (time === undefined) {
    throw incomplete(
      `Date must be in ISO-8601 'basic format'. Got '${date}'. See http://en.wikipedia.org/wiki/ISO_8601`,
    );
  }
  if (!date.startsWith(scopeDate)) {
    throw invalid(
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${scopeDate}' != '${date.slice(0, 8)}', from '${date}'.`,
    );
  }
  const scope = `${scopeDate}/${region}/${service}/${terminator}`;
  return { accessKeyId, scopeDate, region, service, scope, signedHeaders, signature, date, time, ...rest };
}

function timeOf(date: string): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(time) ? undefined : time;
}

function incomplete(message: string): AwsError {
  return new AwsError('IncompleteSignatureException', message, { status: 400 });
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidSignatureException', message, { status: 403 });
}
