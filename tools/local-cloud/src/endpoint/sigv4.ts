import { createHmac } from 'node:crypto';
import { AwsError } from '../errors.ts';
import type { RawRequest } from '../service.ts';
import { verifyChunks } from './aws-chunked.ts';
import { equal, sha256 } from './digest.ts';
import { canonicalRequest } from './sigv4-canonical.ts';
import { type PresentedSignature, readSignature } from './sigv4-read.ts';

export { signatureErrorFor } from './sigv4-errors.ts';

/** What a signature is checked against; `undefined` for an access key nobody has. */
export type KeyLookup = (
  accessKeyId: string,
) => { readonly secretAccessKey: string; readonly sessionToken?: string; readonly expiration?: Date } | undefined;

/** "Elements of an AWS API request signature", IAM User Guide: a signature is good for 15 minutes. */
const validityMs = 15 * 60_000;

/**
 * Verifies a request's AWS Signature Version 4, in the Authorization header or in a pre-signed URL.
 *
 * `now` is the cloud's time in milliseconds since the epoch. Clients sign with the machine's, `machineNow`, which the cloud's may
 * have been moved ahead of, or with what an earlier answer told them the cloud's was: a signature is as good by either, or by any
 * time between.
 *
 * Returns who signed for which region and service; `undefined` when the request carries no signature at all. Throws
 * AwsError with the code a JSON service answers with; `signatureErrorFor` gives it the words of the other protocols.
 */
export function verifySignature(
  request: RawRequest,
  now: number,
  lookup: KeyLookup,
  machineNow = Date.now(),
): { accessKeyId: string; region: string; service: string } | undefined {
  const signature = readSignature(request);
  if (!signature) return undefined;
  checkSignedHeaders(signature, request);
  const untimely = timeError(signature, now);
  if (untimely && timeError(signature, machineNow) && !isBetween(signature, machineNow, now)) throw untimely;
  const key = lookup(signature.accessKeyId);
  if (!key) throw invalidToken();
  if (key.sessionToken !== signature.sessionToken) throw invalidToken();
  if (key.expiration && key.expiration.getTime() <= now) {
    throw new AwsError('ExpiredTokenException', 'The security token included in the request is expired', {
      status: 400,
    });
  }

  const payloadHash = payloadHashOf(signature, request);
  const canonical = canonicalRequest(request, signature, payloadHash);
  const stringToSign = ['AWS4-HMAC-SHA256', signature.date, signature.scope, sha256(canonical)].join('\n');
  const signingKey = signingKeyOf(key.secretAccessKey, signature);
  if (!equal(hmac(signingKey, stringToSign).toString('hex'), signature.signature)) throw mismatch();
  if (payloadHash.startsWith('STREAMING-AWS4-HMAC-SHA256-PAYLOAD')) {
    const sign = (text: string) => hmac(signingKey, text).toString('hex');
    if (!verifyChunks(request.body, signature, sign)) throw mismatch();
  }
  const { accessKeyId, region, service } = signature;
  return { accessKeyId, region, service };
}

function checkSignedHeaders(signature: PresentedSignature, request: RawRequest): void {
  // HTTP/2 names the host in a pseudo-header, and the SDK signs that.
  if (!signature.signedHeaders.some((name) => name === 'host' || name === ':authority')) {
    throw invalidSignature("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
  }
  const unsigned = Object.keys(request.headers).filter(
    (name) => name.startsWith('x-amz-') && !signature.signedHeaders.includes(name),
  );
  // Only S3 insists: "There were headers present in the request which were not signed", S3's error responses.
  if (signature.service === 's3' && unsigned.length > 0) {
    throw new AwsError('AccessDenied', 'There were headers present in the request which were not signed', {
      status: 403,
      members: { HeadersNotSigned: unsigned.join(', ') },
    });
  }
}

/** A pre-signed URL states its own end, which counts from when it was signed. */
function isBetween({ time, expiresSeconds }: PresentedSignature, machineNow: number, now: number): boolean {
  return expiresSeconds === undefined && machineNow <= time && time <= now;
}

function timeError({ time, date, expiresSeconds }: PresentedSignature, now: number): AwsError | undefined {
  if (time > now + validityMs) {
    return invalidSignature(
      `Signature not yet current: ${date} is still later than ${stamp(now + validityMs)} (${stamp(now)} + 15 min.)`,
    );
  }
  if (expiresSeconds !== undefined) {
    const end = time + expiresSeconds * 1000;
    return now < end ? undefined : invalidSignature(`Signature expired: ${stamp(now)} is now later than ${stamp(end)}`);
  }
  if (time >= now - validityMs) return undefined;
  return invalidSignature(
    `Signature expired: ${date} is now earlier than ${stamp(now - validityMs)} (${stamp(now)} - 15 min.)`,
  );
}

/**
 * The body's hash as it goes into the canonical request. Only S3 lets a client leave the body unsigned, or sign it chunk
 * by chunk ("Authenticating Requests: Using the Authorization Header", Amazon S3 API Reference).
 */
function payloadHashOf(signature: PresentedSignature, request: RawRequest): string {
  const stated = request.headers['x-amz-content-sha256'];
  const isS3 = signature.service === 's3';
  if (isS3 && signature.presigned && stated === undefined) return 'UNSIGNED-PAYLOAD';
  if (isS3 && typeof stated === 'string' && unhashedPayloads.has(stated)) return stated;
  if (isS3 && stated === undefined) {
    throw new AwsError('InvalidRequest', 'Missing required header for this request: x-amz-content-sha256', {
      status: 400,
    });
  }
  const actual = sha256(request.body);
  if (typeof stated === 'string' && stated !== actual) {
    if (!isS3) throw mismatch();
    throw new AwsError(
      'XAmzContentSHA256Mismatch',
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
      { status: 400 },
    );
  }
  return actual;
}

const unhashedPayloads = new Set([
  'UNSIGNED-PAYLOAD',
  'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
]);

function signingKeyOf(secretAccessKey: string, signature: PresentedSignature): Buffer {
  const steps = [signature.scopeDate, signature.region, signature.service, 'aws4_request'];
  return steps.reduce<Buffer>((key, step) => hmac(key, step), Buffer.from(`AWS4${secretAccessKey}`));
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

/** `20260101T120000Z` */
function stamp(time: number): string {
  return new Date(time).toISOString().replace(/[-:]|\.\d{3}/g, '');
}

function invalidSignature(message: string): AwsError {
  return new AwsError('InvalidSignatureException', message, { status: 403 });
}

function mismatch(): AwsError {
  return invalidSignature(
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
  );
}

function invalidToken(): AwsError {
  return new AwsError('UnrecognizedClientException', 'The security token included in the request is invalid.', {
    status: 403,
  });
}
