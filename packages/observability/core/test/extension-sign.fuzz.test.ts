import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type RequestToSign, sign } from '../src/extension/sign.ts';

class Sha256 {
  readonly #hash;
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret as string);
  }
  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(data as string);
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
  reset(): void {}
}

async function signedBySdk({ method, path, host, headers, body, region, service, credentials, now }: RequestToSign) {
  const signer = new SignatureV4({
    service,
    region,
    credentials,
    sha256: Sha256,
    applyChecksum: false,
    uriEscapePath: service !== 's3',
  });
  const [hostname = '', port] = host.split(':');
  const request = {
    method,
    protocol: 'https:',
    hostname,
    ...(port ? { port: Number(port) } : {}),
    path,
    query: {},
    headers: { ...headers, host, ...(service === 's3' ? { 'x-amz-content-sha256': sha256(body) } : {}) },
    body,
  };
  return (await signer.sign(request, { signingDate: now })).headers['authorization'];
}

const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');

const word = fc.stringMatching(/^[A-Za-z0-9/+=]{1,40}$/);
const request: fc.Arbitrary<RequestToSign> = fc.record({
  method: fc.constantFrom('POST', 'PUT'),
  path: fc.array(fc.stringMatching(/^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,9}$/)).map((names) => `/${names.join('/')}`),
  host: fc.constantFrom('kinesis.eu-west-1.amazonaws.com', '127.0.0.1:4566'),
  headers: fc.dictionary(fc.stringMatching(/^x-amz-[a-z]{1,10}$/), fc.stringMatching(/^[ -~]{0,30}$/)),
  body: fc.string({ unit: 'grapheme' }),
  region: fc.constantFrom('eu-west-1', 'cn-north-1'),
  service: fc.constantFrom('kinesis', 's3'),
  credentials: fc.record({
    accessKeyId: word,
    secretAccessKey: word,
    sessionToken: fc.option(word, { nil: undefined }),
  }),
  now: fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true }),
});

test("any request is signed as the AWS SDK's signer signs it", async () => {
  await fc.assert(
    fc.asyncProperty(request, async (toSign) => {
      expect(sign(toSign)['authorization']).toBe(await signedBySdk(toSign));
    }),
  );
});
