import { createHash, createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { unchunk } from '../src/endpoint/aws-chunked.ts';
import { type KeyLookup, signatureErrorFor, verifySignature } from '../src/endpoint/sigv4.ts';
import { AwsError } from '../src/errors.ts';
import { now, rawRequest, signed } from './sigv4-requests.ts';

const keys: KeyLookup = (id) => (id === 'AKIDEXAMPLE' ? { secretAccessKey: 'secret' } : undefined);

function refusal(run: () => unknown): AwsError {
  try {
    run();
  } catch (error) {
    if (error instanceof AwsError) return error;
    throw error;
  }
  throw new Error('It was accepted');
}

describe('what the SDK signs', () => {
  test.each([
    [
      'a call over HTTP/2',
      { service: 'kinesis', method: 'POST', path: '/', body: '{}', hostHeader: ':authority' as const },
    ],
    ['a JSON call', { service: 'kinesis', method: 'POST', path: '/', body: '{"StreamName":"logs"}' }],
    ['an ARN in the path', { service: 'lambda', method: 'GET', path: '/2015-03-31/functions/arn%3Aaws%3Alambda/url' }],
    [
      'a query with repeated and encoded values',
      { service: 'lambda', method: 'GET', path: '/x', query: { tag: ['b c', 'a/ü'], Marker: '' } },
    ],
    [
      'an S3 key with encoded characters',
      { service: 's3', method: 'PUT', path: '/bucket/a%20b/%C3%BC%2Bc%28d%29//e', body: 'x' },
    ],
  ])('%s is accepted', async (_, request) => {
    expect(verifySignature(await signed(request), now, keys)).toEqual({
      accessKeyId: 'AKIDEXAMPLE',
      region: 'us-east-1',
      service: request.service,
    });
  });

  test('a pre-signed URL is accepted until it runs out', async () => {
    const request = await signed({ service: 's3', method: 'GET', path: '/bucket/key', expiresIn: 60 });
    expect(verifySignature(request, now + 59_000, keys)?.accessKeyId).toBe('AKIDEXAMPLE');
    const error = signatureErrorFor(
      'rest-xml',
      refusal(() => verifySignature(request, now + 60_000, keys)),
    );
    expect(error).toMatchObject({ code: 'AccessDenied', message: 'Request has expired', status: 403 });
  });

  test("a signature by the machine's clock is good when the cloud's is a day ahead", async () => {
    const request = await signed({ service: 's3', method: 'GET', path: '/bucket/key' });
    expect(verifySignature(request, now + 86_400_000, keys, now)?.accessKeyId).toBe('AKIDEXAMPLE');
  });

  test("so is one by what the cloud said its time was before it was moved on, and none from before the machine's time", async () => {
    const [request, day] = [await signed({ service: 'kinesis', method: 'POST', path: '/' }), 86_400_000];
    expect(verifySignature(request, now + day, keys, now - day)?.accessKeyId).toBe('AKIDEXAMPLE');
    expect(refusal(() => verifySignature(request, now + 2 * day, keys, now + day)).message).toContain(
      'Signature expired',
    );
  });

  test('a request without a signature has no signer', () => {
    expect(verifySignature(rawRequest('GET', '/', {}, ''), now, keys)).toBeUndefined();
  });
});

describe('the documented examples of Amazon S3', () => {
  const exampleKeys: KeyLookup = () => ({ secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' });
  const then = Date.parse('2013-05-24T00:00:00Z');
  const credential = 'AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request';

  test('GET of an object', () => {
    const request = rawRequest('GET', '/test.txt', {
      host: 'examplebucket.s3.amazonaws.com',
      range: 'bytes=0-9',
      'x-amz-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      'x-amz-date': '20130524T000000Z',
      authorization: `AWS4-HMAC-SHA256 Credential=${credential},SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41`,
    });
    expect(verifySignature(request, then, exampleKeys)?.service).toBe('s3');
  });

  test('a pre-signed URL', () => {
    const url = `/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${encodeURIComponent(credential)}&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404`;
    const request = rawRequest('GET', url, { host: 'examplebucket.s3.amazonaws.com' });
    expect(verifySignature(request, then, exampleKeys)?.service).toBe('s3');
  });

  const chunkSignatures = [
    'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648',
    '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497',
    'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9',
  ];
  const upload = (content: string) =>
    rawRequest(
      'PUT',
      '/examplebucket/chunkObject.txt',
      {
        host: 's3.amazonaws.com',
        'content-encoding': 'aws-chunked',
        'content-length': '66824',
        'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
        'x-amz-date': '20130524T000000Z',
        'x-amz-decoded-content-length': '66560',
        'x-amz-storage-class': 'REDUCED_REDUNDANCY',
        authorization: `AWS4-HMAC-SHA256 Credential=${credential},SignedHeaders=content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class,Signature=4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9`,
      },
      [content.slice(0, 65_536), content.slice(65_536), '']
        .map((chunk, i) => `${chunk.length.toString(16)};chunk-signature=${chunkSignatures[i]}\r\n${chunk}\r\n`)
        .join(''),
    );

  test('an upload in signed chunks', () => {
    const request = upload('a'.repeat(66_560));
    expect(verifySignature(request, then, exampleKeys)?.service).toBe('s3');
    expect(unchunk(request.body, request.headers).body.toString()).toBe('a'.repeat(66_560));
  });

  test('a changed chunk is refused', () => {
    const request = upload(`${'a'.repeat(66_559)}b`);
    expect(refusal(() => verifySignature(request, then, exampleKeys)).code).toBe('InvalidSignatureException');
  });
});

describe('refusals', () => {
  const call = { service: 'kinesis', method: 'POST', path: '/', body: '{}' };

  test('a wrong secret', async () => {
    const request = await signed(call);
    const error = refusal(() => verifySignature(request, now, () => ({ secretAccessKey: 'other' })));
    expect(error.code).toBe('InvalidSignatureException');
    expect(error.message).toMatch(/^The request signature we calculated does not match the signature you provided\./);
  });

  test('an unknown access key', async () => {
    const request = await signed(call);
    expect(refusal(() => verifySignature(request, now, () => undefined))).toMatchObject({
      code: 'UnrecognizedClientException',
      message: 'The security token included in the request is invalid.',
    });
  });

  test.each([
    [
      'older',
      16 * 60_000,
      'Signature expired: 20260101T120000Z is now earlier than 20260101T120100Z (20260101T121600Z - 15 min.)',
    ],
    [
      'newer',
      -16 * 60_000,
      'Signature not yet current: 20260101T120000Z is still later than 20260101T115900Z (20260101T114400Z + 15 min.)',
    ],
  ])('a signature more than 15 minutes %s than now', async (_, ahead, message) => {
    const request = await signed(call);
    expect(refusal(() => verifySignature(request, now + ahead, keys)).message).toBe(message);
  });

  test('temporary keys without their token, with another, and past their end', async () => {
    const request = await signed(call, { sessionToken: 'token' });
    const session = { secretAccessKey: 'secret', sessionToken: 'token', expiration: new Date(now + 1) };
    expect(verifySignature(request, now, () => session)?.accessKeyId).toBe('AKIDEXAMPLE');
    const other = { ...session, sessionToken: 'another' };
    expect(refusal(() => verifySignature(request, now, () => other)).code).toBe('UnrecognizedClientException');
    const bare = await signed(call);
    expect(refusal(() => verifySignature(bare, now, () => session)).code).toBe('UnrecognizedClientException');
    expect(refusal(() => verifySignature(request, now + 1, () => session)).code).toBe('ExpiredTokenException');
  });

  test('an incomplete Authorization header names what is missing', () => {
    const request = rawRequest('POST', '/', {
      host: 'h',
      authorization: 'AWS4-HMAC-SHA256 Credential=a/20260101/r/s/aws4_request',
    });
    const error = refusal(() => verifySignature(request, now, keys));
    expect(error.code).toBe('IncompleteSignatureException');
    expect(error.message).toContain("Authorization header requires 'Signature' parameter.");
    expect(error.message).toContain("existence of either a 'X-Amz-Date' or a 'Date' header.");
  });

  test('an S3 request with an x-amz- header outside the signature', async () => {
    const request = await signed({ service: 's3', method: 'PUT', path: '/b/k', body: 'x' });
    const widened = { ...request, headers: { ...request.headers, 'x-amz-acl': 'public-read' } };
    expect(refusal(() => verifySignature(widened, now, keys))).toMatchObject({
      code: 'AccessDenied',
      members: { HeadersNotSigned: 'x-amz-acl' },
    });
  });

  test('an S3 body other than the one hashed', async () => {
    const request = await signed({ service: 's3', method: 'PUT', path: '/b/k', body: 'x' });
    const changed = { ...request, body: Buffer.from('y') };
    expect(refusal(() => verifySignature(changed, now, keys)).code).toBe('XAmzContentSHA256Mismatch');
  });

  test('a URL good for more than a week', async () => {
    const request = await signed({ service: 's3', method: 'GET', path: '/b/k', expiresIn: 60 });
    const url = request.url.replace('X-Amz-Expires=60', 'X-Amz-Expires=604801');
    const error = refusal(() => verifySignature(rawRequest('GET', url, { host: '127.0.0.1:4566' }), now, keys));
    expect(error.code).toBe('AuthorizationQueryParametersError');
  });

  test.each([
    ['json', 'UnrecognizedClientException', 400],
    ['rest-json', 'UnrecognizedClientException', 403],
    ['query', 'InvalidClientTokenId', 403],
    ['rest-xml', 'InvalidAccessKeyId', 403],
  ] as const)('%s services answer an unknown key with %s and %i', (protocol, code, status) => {
    const error = new AwsError(
      'UnrecognizedClientException',
      'The security token included in the request is invalid.',
      { status: 403 },
    );
    expect(signatureErrorFor(protocol, error)).toMatchObject({ code, status });
  });

  test('S3 calls a skewed clock RequestTimeTooSkewed', async () => {
    const request = await signed({ service: 's3', method: 'GET', path: '/b/k' });
    const error = refusal(() => verifySignature(request, now + 16 * 60_000, keys));
    expect(signatureErrorFor('rest-xml', error).code).toBe('RequestTimeTooSkewed');
  });
});

describe('aws-chunked bodies', () => {
  const framed = (trailers: string) => Buffer.from(`5\r\nhello\r\n6\r\n world\r\n0\r\n${trailers}\r\n`);
  const sha256 = createHash('sha256').update('hello world').digest('base64');

  test('are taken out of their frames, trailers beside them', () => {
    const { body, trailers } = unchunk(framed(`x-amz-checksum-sha256:${sha256}\r\n`), {});
    expect(body.toString()).toBe('hello world');
    expect(trailers).toEqual({ 'x-amz-checksum-sha256': sha256 });
  });

  test.each([
    ['a body that ends early', '5\r\nhel'],
    ['no last chunk', '5\r\nhello\r\n'],
    ['a size that is no number', 'zz\r\nhello\r\n0\r\n\r\n'],
  ])('%s is an IncompleteBody', (_, body) => {
    expect(refusal(() => unchunk(Buffer.from(body), {})).code).toBe('IncompleteBody');
  });

  test('a length other than the one announced is an IncompleteBody', () => {
    const headers = { 'x-amz-decoded-content-length': '12' };
    expect(refusal(() => unchunk(framed(''), headers)).code).toBe('IncompleteBody');
  });

  test('a signed trailer is part of the chain', async () => {
    const request = await signedTrailer('x-amz-checksum-sha256', sha256);
    expect(verifySignature(request, now, keys)?.service).toBe('s3');
    const body = Buffer.from(request.body.toString().replace(sha256, createHash('sha256').digest('base64')));
    expect(refusal(() => verifySignature({ ...request, body }, now, keys)).code).toBe('InvalidSignatureException');
  });
});

/** An upload of `hello world` whose chunks and trailer are signed as the S3 API Reference describes. */
async function signedTrailer(name: string, value: string) {
  const seed = await signed({
    service: 's3',
    method: 'PUT',
    path: '/b/k',
    headers: { 'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER', 'x-amz-trailer': name },
  });
  const hash = (text: string) => createHash('sha256').update(text).digest('hex');
  const hmac = (key: Buffer | string, text: string) => createHmac('sha256', key).update(text).digest();
  const scope = '20260101/us-east-1/s3/aws4_request';
  const key = scope.split('/').reduce<Buffer>((last, step) => hmac(last, step), Buffer.from('AWS4secret'));
  const sign = (...lines: string[]) => hmac(key, lines.join('\n')).toString('hex');
  const date = '20260101T120000Z';
  let previous = /Signature=(\w+)/.exec(String(seed.headers.authorization))?.[1] as string;
  let body = '';
  for (const chunk of ['hello world', '']) {
    previous = sign('AWS4-HMAC-SHA256-PAYLOAD', date, scope, previous, hash(''), hash(chunk));
    body += `${chunk.length.toString(16)};chunk-signature=${previous}\r\n${chunk}${chunk ? '\r\n' : ''}`;
  }
  const trailer = sign('AWS4-HMAC-SHA256-TRAILER', date, scope, previous, hash(`${name}:${value}\n`));
  body += `${name}:${value}\r\nx-amz-trailer-signature:${trailer}\r\n\r\n`;
  return { ...seed, body: Buffer.from(body) };
}
