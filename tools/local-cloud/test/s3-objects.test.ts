import { createHash, randomBytes } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestCloud } from '../src/testing.ts';

let cloud: Awaited<ReturnType<typeof startTestCloud>>;
let s3: S3Client;
let Bucket: string;
let made = 0;

beforeAll(async () => {
  cloud = await startTestCloud();
  s3 = cloud.client(S3Client);
});
afterAll(() => cloud.close());
beforeEach(async () => {
  Bucket = `bucket-${++made}`;
  await s3.send(new CreateBucketCommand({ Bucket }));
});

const put = (Key: string, Body: string | Uint8Array, more: object = {}) =>
  s3.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
const get = (Key: string, more: object = {}) => s3.send(new GetObjectCommand({ Bucket, Key, ...more }));
const text = async (Key: string, more: object = {}) => (await get(Key, more)).Body?.transformToString();
const versioned = () =>
  s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));

describe('objects', () => {
  it('gives back bytes, headers and metadata as they were put', async () => {
    const Body = randomBytes(100_000);
    await put('a/ü b+c.bin', Body, { ContentType: 'image/png', CacheControl: 'no-store', Metadata: { owner: 'me' } });
    const answer = await get('a/ü b+c.bin');
    expect(answer).toMatchObject({
      ContentType: 'image/png',
      CacheControl: 'no-store',
      Metadata: { owner: 'me' },
      ContentLength: 100_000,
      ETag: `"${createHash('md5').update(Body).digest('hex')}"`,
      ServerSideEncryption: 'AES256',
      AcceptRanges: 'bytes',
    });
    expect(Buffer.from((await answer.Body?.transformToByteArray()) ?? [])).toEqual(Body);
  });

  it('states size and type in HeadObject without a body', async () => {
    await put('k', '12345');
    expect(await s3.send(new HeadObjectCommand({ Bucket, Key: 'k' }))).toMatchObject({
      ContentLength: 5,
      ContentType: 'application/octet-stream',
    });
  });

  it('answers NoSuchKey to GetObject and a bare 404 to HeadObject', async () => {
    await expect(get('missing')).rejects.toMatchObject({ name: 'NoSuchKey', Key: 'missing' });
    await expect(s3.send(new HeadObjectCommand({ Bucket, Key: 'missing' }))).rejects.toMatchObject({
      name: 'NotFound',
      $metadata: { httpStatusCode: 404 },
    });
  });

  it('answers NoSuchBucket for a bucket that is not there', async () => {
    const read = s3.send(new GetObjectCommand({ Bucket: 'no-such-bucket-here', Key: 'k' }));
    await expect(read).rejects.toMatchObject({ name: 'NoSuchBucket' });
  });

  it('takes keys of 1,024 bytes and refuses 1,025', async () => {
    await put('ü'.repeat(512), 'x');
    await expect(put(`${'ü'.repeat(512)}a`, 'x')).rejects.toMatchObject({ name: 'KeyTooLongError' });
  });

  it('refuses metadata above 2 KB and ACLs where they are disabled', async () => {
    await expect(put('k', 'x', { Metadata: { a: 'x'.repeat(2048) } })).rejects.toMatchObject({
      name: 'MetadataTooLarge',
    });
    await expect(put('k', 'x', { ACL: 'public-read' })).rejects.toMatchObject({
      name: 'AccessControlListNotSupported',
    });
  });

  it.each([
    ['bytes=0-3', '0123', 'bytes 0-3/10'],
    ['bytes=8-', '89', 'bytes 8-9/10'],
    ['bytes=-3', '789', 'bytes 7-9/10'],
    ['bytes=4-100', '456789', 'bytes 4-9/10'],
  ])('reads the range %s', async (Range, expected, ContentRange) => {
    await put('k', '0123456789');
    const answer = await get('k', { Range });
    expect(answer.ContentRange).toBe(ContentRange);
    expect(await answer.Body?.transformToString()).toBe(expected);
  });

  it('refuses a range behind the end', async () => {
    await put('k', '0123456789');
    await expect(get('k', { Range: 'bytes=10-' })).rejects.toMatchObject({
      name: 'InvalidRange',
      $metadata: { httpStatusCode: 416 },
    });
  });

  it('answers conditional reads with 304 and 412', async () => {
    const { ETag } = await put('k', 'x');
    await expect(get('k', { IfNoneMatch: ETag })).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } });
    await expect(get('k', { IfMatch: '"other"' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
    const future = new Date(Date.now() + 60_000);
    await expect(get('k', { IfModifiedSince: future })).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } });
    expect(await text('k', { IfMatch: ETag })).toBe('x');
  });

  it('writes only a new key under If-None-Match, only over a known one under If-Match', async () => {
    const { ETag } = await put('k', 'first', { IfNoneMatch: '*' });
    await expect(put('k', 'second', { IfNoneMatch: '*' })).rejects.toMatchObject({
      name: 'PreconditionFailed',
      $metadata: { httpStatusCode: 412 },
    });
    await expect(put('k', 'second', { IfMatch: '"stale"' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await put('k', 'second', { IfMatch: ETag });
    expect(await text('k')).toBe('second');
    await expect(put('other', 'x', { IfMatch: ETag })).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  it('tags objects, by header and by call', async () => {
    await put('k', 'x', { Tagging: 'a=1&b=two%20words' });
    const tags = async () => (await s3.send(new GetObjectTaggingCommand({ Bucket, Key: 'k' }))).TagSet;
    expect(await tags()).toEqual([
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: 'two words' },
    ]);
    await s3.send(new PutObjectTaggingCommand({ Bucket, Key: 'k', Tagging: { TagSet: [{ Key: 'c', Value: '3' }] } }));
    expect(await tags()).toEqual([{ Key: 'c', Value: '3' }]);
  });
});

describe('checksums', () => {
  it.each(['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const)('keeps and returns %s', async (algorithm) => {
    const sent = await put('k', 'hello', { ChecksumAlgorithm: algorithm });
    const read = await get('k', { ChecksumMode: 'ENABLED' });
    expect(read[`Checksum${algorithm}`]).toMatch(/^[A-Za-z0-9+/]+=*$/);
    expect(read[`Checksum${algorithm}`]).toBe(sent[`Checksum${algorithm}`]);
    expect(await read.Body?.transformToString()).toBe('hello');
  });

  it('refuses a body that is not what the checksum says', async () => {
    const ChecksumSHA256 = createHash('sha256').update('other').digest('base64');
    await expect(put('k', 'hello', { ChecksumSHA256 })).rejects.toMatchObject({ name: 'BadDigest' });
    const ContentMD5 = createHash('md5').update('other').digest('base64');
    await expect(put('k', 'hello', { ContentMD5 })).rejects.toMatchObject({ name: 'BadDigest' });
    await expect(get('k')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });
});

describe('copies', () => {
  it('copies body and metadata, or replaces the metadata', async () => {
    await put('from/a b', 'x', { Metadata: { m: '1' }, ContentType: 'text/plain' });
    const CopySource = `${Bucket}/from/a%20b`;
    await s3.send(new CopyObjectCommand({ Bucket, Key: 'same', CopySource }));
    await s3.send(
      new CopyObjectCommand({ Bucket, Key: 'new', CopySource, MetadataDirective: 'REPLACE', Metadata: { m: '2' } }),
    );
    expect(await get('same')).toMatchObject({ Metadata: { m: '1' }, ContentType: 'text/plain' });
    expect(await get('new')).toMatchObject({ Metadata: { m: '2' }, ContentType: 'binary/octet-stream' });
    expect(await text('new')).toBe('x');
  });

  it('refuses a copy onto itself that changes nothing, and a source that is not there', async () => {
    await put('k', 'x');
    const copy = (CopySource: string) => s3.send(new CopyObjectCommand({ Bucket, Key: 'k', CopySource }));
    await expect(copy(`${Bucket}/k`)).rejects.toMatchObject({ name: 'InvalidRequest' });
    await expect(copy(`${Bucket}/missing`)).rejects.toMatchObject({ name: 'NoSuchKey' });
  });
});

describe('listing', () => {
  const list = (more: object = {}) => s3.send(new ListObjectsV2Command({ Bucket, ...more }));

  it('rolls keys up at the delimiter, in the order of their bytes', async () => {
    for (const key of ['b.txt', 'a/2', 'a/1', 'a/sub/3', 'Z', 'ä']) await put(key, key);
    const top = await list({ Delimiter: '/' });
    expect(top.Contents?.map(({ Key }) => Key)).toEqual(['Z', 'b.txt', 'ä']);
    expect(top.CommonPrefixes).toEqual([{ Prefix: 'a/' }]);
    expect(top.KeyCount).toBe(4);
    const inside = await list({ Delimiter: '/', Prefix: 'a/' });
    expect(inside.Contents?.map(({ Key }) => Key)).toEqual(['a/1', 'a/2']);
    expect(inside.CommonPrefixes).toEqual([{ Prefix: 'a/sub/' }]);
  });

  it('pages through every key exactly once', async () => {
    const keys = Array.from({ length: 25 }, (_, i) => `dir${i % 5}/k${i}`);
    for (const key of keys) await put(key, 'x');
    const seen: (string | undefined)[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await list({ MaxKeys: 4, ContinuationToken });
      expect(page.KeyCount).toBeLessThanOrEqual(4);
      seen.push(...(page.Contents ?? []).map(({ Key }) => Key));
      ContinuationToken = page.NextContinuationToken;
      expect(page.IsTruncated).toBe(ContinuationToken !== undefined);
    } while (ContinuationToken);
    expect(seen).toEqual([...keys].sort());
  });

  it('pages through common prefixes', async () => {
    for (const key of ['a/1', 'a/2', 'b/1', 'c']) await put(key, 'x');
    const first = await list({ Delimiter: '/', MaxKeys: 1 });
    const second = await list({ Delimiter: '/', MaxKeys: 5, ContinuationToken: first.NextContinuationToken });
    expect(first.CommonPrefixes).toEqual([{ Prefix: 'a/' }]);
    expect(second.CommonPrefixes).toEqual([{ Prefix: 'b/' }]);
    expect(second.Contents?.map(({ Key }) => Key)).toEqual(['c']);
  });

  it('starts after a key', async () => {
    for (const key of ['a', 'b', 'c']) await put(key, 'x');
    expect((await list({ StartAfter: 'a' })).Contents?.map(({ Key }) => Key)).toEqual(['b', 'c']);
  });
});

describe('versions', () => {
  it('keeps every version, and a delete only hides them', async () => {
    await versioned();
    const first = await put('k', 'one');
    const second = await put('k', 'two');
    expect(second.VersionId).not.toBe(first.VersionId);
    const deleted = await s3.send(new DeleteObjectCommand({ Bucket, Key: 'k' }));
    expect(deleted.DeleteMarker).toBe(true);
    await expect(get('k')).rejects.toMatchObject({ name: 'NoSuchKey' });
    expect(await text('k', { VersionId: first.VersionId })).toBe('one');

    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'k', VersionId: deleted.VersionId }));
    expect(await text('k')).toBe('two');
  });

  it('lists versions and delete markers, newest first, page by page', async () => {
    await versioned();
    const ids = [(await put('a', '1')).VersionId, (await put('a', '2')).VersionId];
    await put('b', '1');
    const marker = await s3.send(new DeleteObjectCommand({ Bucket, Key: 'b' }));
    const all = await s3.send(new ListObjectVersionsCommand({ Bucket }));
    expect(all.Versions?.map(({ Key, VersionId, IsLatest }) => [Key, VersionId, IsLatest])).toEqual([
      ['a', ids[1], true],
      ['a', ids[0], false],
      ['b', expect.any(String), false],
    ]);
    expect(all.DeleteMarkers).toMatchObject([{ Key: 'b', VersionId: marker.VersionId, IsLatest: true }]);

    const first = await s3.send(new ListObjectVersionsCommand({ Bucket, MaxKeys: 1 }));
    const { NextKeyMarker: KeyMarker, NextVersionIdMarker: VersionIdMarker } = first;
    const rest = await s3.send(new ListObjectVersionsCommand({ Bucket, KeyMarker, VersionIdMarker }));
    expect(rest.Versions?.[0]).toMatchObject({ Key: 'a', VersionId: ids[0] });
  });

  it('writes a null version while versioning is suspended', async () => {
    await versioned();
    await put('k', 'kept');
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Suspended' } }));
    await put('k', 'null 1');
    await put('k', 'null 2');
    const { Versions } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
    expect(Versions?.map(({ VersionId }) => VersionId)).toEqual(['null', expect.not.stringMatching(/^null$/)]);
  });

  it('answers NoSuchVersion for a version that is not there', async () => {
    await put('k', 'x');
    await expect(get('k', { VersionId: 'no-such-version' })).rejects.toMatchObject({ name: 'NoSuchVersion' });
  });
});

describe('deletes', () => {
  it('deletes many at once, missing ones included', async () => {
    await put('a', 'x');
    const answer = await s3.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'a' }, { Key: 'missing' }] } }),
    );
    expect(answer.Deleted).toEqual([{ Key: 'a' }, { Key: 'missing' }]);
    expect(answer.Errors).toBeUndefined();
    await expect(get('a')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  it('refuses more than 1,000 keys', async () => {
    const Objects = Array.from({ length: 1001 }, (_, i) => ({ Key: String(i) }));
    await expect(s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }))).rejects.toMatchObject({
      name: 'MalformedXML',
    });
  });
});

describe('multipart uploads', () => {
  const mebibyte = 1024 * 1024;
  async function begin(Key: string) {
    return (await s3.send(new CreateMultipartUploadCommand({ Bucket, Key, ContentType: 'application/zip' }))).UploadId;
  }
  const part = (UploadId: string | undefined, PartNumber: number, Body: Uint8Array) =>
    s3.send(new UploadPartCommand({ Bucket, Key: 'big', UploadId, PartNumber, Body }));
  const complete = (UploadId: string | undefined, Parts: { PartNumber: number; ETag: string | undefined }[]) =>
    s3.send(new CompleteMultipartUploadCommand({ Bucket, Key: 'big', UploadId, MultipartUpload: { Parts } }));

  it('joins the parts in order and gives the object an ETag of its parts', async () => {
    const bodies = [randomBytes(5 * mebibyte), randomBytes(1000)] as const;
    const UploadId = await begin('big');
    const second = await part(UploadId, 2, bodies[1]);
    const first = await part(UploadId, 1, bodies[0]);
    const done = await complete(UploadId, [
      { PartNumber: 1, ETag: first.ETag },
      { PartNumber: 2, ETag: second.ETag },
    ]);
    expect(done.ETag).toMatch(/^"[0-9a-f]{32}-2"$/);
    const answer = await get('big');
    expect(answer.ContentType).toBe('application/zip');
    expect(Buffer.compare(Buffer.from((await answer.Body?.transformToByteArray()) ?? []), Buffer.concat(bodies))).toBe(
      0,
    );
  });

  it('refuses small parts, unknown parts and parts out of order', async () => {
    const UploadId = await begin('big');
    const [one, two] = [await part(UploadId, 1, randomBytes(10)), await part(UploadId, 2, randomBytes(10))];
    const [first, second] = [
      { PartNumber: 1, ETag: one.ETag },
      { PartNumber: 2, ETag: two.ETag },
    ];
    await expect(complete(UploadId, [first, second])).rejects.toMatchObject({ name: 'EntityTooSmall' });
    await expect(complete(UploadId, [second, first])).rejects.toMatchObject({ name: 'InvalidPartOrder' });
    await expect(complete(UploadId, [{ PartNumber: 1, ETag: two.ETag }])).rejects.toMatchObject({
      name: 'InvalidPart',
    });
    await expect(part(UploadId, 10_001, randomBytes(1))).rejects.toMatchObject({ name: 'InvalidArgument' });
  });

  it('forgets an aborted upload', async () => {
    const UploadId = await begin('big');
    await s3.send(new AbortMultipartUploadCommand({ Bucket, Key: 'big', UploadId }));
    await expect(part(UploadId, 1, randomBytes(1))).rejects.toMatchObject({ name: 'NoSuchUpload' });
  });
});
