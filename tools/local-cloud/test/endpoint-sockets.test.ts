import { connect } from 'node:net';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createListener } from '../src/endpoint/listener.ts';
import { answerMalformed } from '../src/endpoint/malformed.ts';
import { readBody } from '../src/endpoint/read-request.ts';
import type { AwsError } from '../src/errors.ts';
import { startTestCloud } from '../src/testing.ts';

let cloud: Awaited<ReturnType<typeof startTestCloud>>;
beforeAll(async () => {
  cloud = await startTestCloud();
});
// Whatever came before, the cloud goes on serving.
afterEach(async () => {
  const { Account } = await cloud.client(STSClient).send(new GetCallerIdentityCommand({}));
  expect(Account).toBe('000000000000');
});
afterAll(() => cloud.close());

/** Everything the other side says until it closes; the own side is closed after the last part. */
function speak(port: number, parts: readonly (string | Uint8Array)[], end = true): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let said = '';
    socket.on('data', (data) => {
      said += data.toString('latin1');
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(said));
    for (const part of parts) socket.write(part);
    if (end) socket.end();
  });
}

const port = () => Number(new URL(cloud.endpoint).port);
const head = (answer: string) => answer.split('\r\n\r\n')[0] as string;

describe('a connection', () => {
  test('with headers of more than 16 KB is refused as AWS refuses it', async () => {
    const answer = await speak(port(), [`GET / HTTP/1.1\r\nhost: a\r\nx-long: ${'x'.repeat(20_000)}\r\n\r\n`]);
    expect(head(answer)).toMatch(
      /^HTTP\/1.1 400 .*x-amzn-requestid: .*x-amzn-errortype: RequestHeaderSectionTooLarge/s,
    );
  });

  test('that does not speak HTTP is told so', async () => {
    const answer = await speak(port(), ['SSH-2.0-OpenSSH_9.9\r\n']);
    expect(head(answer)).toMatch(/^HTTP\/1.1 400 .*x-amzn-errortype: BadRequest/s);
  });

  test('that ends in the middle of a body disturbs nobody', async () => {
    const lines = cloud.lines.length;
    await speak(port(), ['POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\nhalf']);
    expect(cloud.lines.slice(lines)).toEqual([]);
  });

  test('that is closed for writing after a whole request still gets its answer', async () => {
    const answer = await speak(port(), [
      'POST / HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}',
    ]);
    expect(head(answer)).toMatch(/^HTTP\/1.1 403 .*x-amzn-requestid/s);
  });

  test('whose HTTP/2 preface comes in pieces is understood', async () => {
    const frames = ['PRI * HT', 'TP/2.0\r\n\r\nSM\r\n\r\n', Buffer.from('000000040000000000', 'hex')];
    const answer = await speak(port(), frames);
    // A SETTINGS frame (type 4) on stream 0 comes first (RFC 9113, section 3.4).
    expect(Buffer.from(answer, 'latin1')[3]).toBe(4);
  });

  test('of whatever bytes gets an AWS error or nothing, and never an answer of status 500', async () => {
    const line = fc.constantFrom(
      'GET / HTTP/1.1\r\n',
      'POST /a?b=%zz HTTP/1.1\r\n',
      'PUT http://a/%ff HTTP/1.1\r\n',
      '',
    );
    const header = fc.constantFrom(
      'authorization: AWS4-HMAC-SHA256 Credential=test/20261121/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0\r\n',
      'authorization: AWS4-HMAC-SHA256 Credential=test/1/2/3/4\r\n',
      'x-amz-target: Kinesis_20131202.PutRecords\r\n',
      'content-type: application/x-amz-json-1.1\r\n',
      'content-encoding: aws-chunked\r\n',
      'transfer-encoding: chunked\r\n',
      'content-length: 3\r\n',
      'expect: 100-continue\r\n',
      'host: a\r\n',
    );
    const rest = fc.oneof(fc.constant('\r\n{}\r\n0\r\n\r\n'), fc.string({ unit: 'binary' }), fc.constant('\r\n'));
    await fc.assert(
      fc.asyncProperty(line, fc.uniqueArray(header), rest, async (first, headers, last) => {
        const answer = await speak(port(), [first, headers.join(''), last]);
        if (answer !== '') expect(head(answer)).toMatch(/^HTTP\/1.1 (100|4\d\d|501)/);
      }),
      { numRuns: 200 },
    );
  });
});

test('a body that stops coming is answered with RequestTimeout', async () => {
  const listener = createListener((request, response) => {
    readBody(request, 20).catch((error: AwsError) => answerMalformed(response, error));
  });
  await new Promise<void>((resolve) => listener.server.listen(0, '127.0.0.1', resolve));
  const { port: own } = listener.server.address() as { port: number };
  const answer = await speak(own, ['POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\nhalf'], false);
  expect(head(answer)).toMatch(/^HTTP\/1.1 400 .*x-amzn-errortype: RequestTimeout/s);
  listener.server.close();
});
