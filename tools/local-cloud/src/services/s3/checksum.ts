import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { Crc32cJs, Crc64NvmeJs } from '@aws-sdk/checksums/crc';
import { s3Error, unsupported } from './errors.ts';

export interface Checksum {
  readonly algorithm: Algorithm;
  /** Base64; of a multipart upload's parts together `<base64>-<number of parts>` when it is composite. */
  readonly value: string;
  readonly type: 'FULL_OBJECT' | 'COMPOSITE';
}

const digests = {
  CRC32: (body: Uint8Array) => bigEndian(crc32(body)),
  CRC32C: (body: Uint8Array) => library(new Crc32cJs(), body),
  CRC64NVME: (body: Uint8Array) => library(new Crc64NvmeJs(), body),
  SHA1: (body: Uint8Array) => createHash('sha1').update(body).digest(),
  SHA256: (body: Uint8Array) => createHash('sha256').update(body).digest(),
} satisfies Record<string, (body: Uint8Array) => Promise<Uint8Array> | Uint8Array>;

export type Algorithm = keyof typeof digests;

export type ChecksumMembers = { [algorithm in Algorithm as `Checksum${algorithm}`]?: string | undefined };

interface LibraryHash {
  update(body: Uint8Array): void;
  digest(): Promise<Uint8Array>;
}

function library(hash: LibraryHash, body: Uint8Array): Promise<Uint8Array> {
  hash.update(body);
  return hash.digest();
}

function bigEndian(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** Throws for algorithms the embedded cloud cannot compute; they are newer than the ones every SDK knows. */
export function algorithmNamed(name: string): Algorithm {
  if (Object.hasOwn(digests, name)) return name as Algorithm;
  throw unsupported(`the checksum algorithm ${name}`, `use one of ${Object.keys(digests).join(', ')}`);
}

export async function digest(algorithm: Algorithm, body: Uint8Array): Promise<Buffer> {
  return Buffer.from(await digests[algorithm](body));
}

/**
 * Compares the checksum a request carries with the body, and returns it to be kept; without one, computes the announced
 * algorithm's. Throws BadDigest ("Checking object integrity", Amazon S3 User Guide).
 */
export async function checkedChecksum(
  input: ChecksumMembers & { ContentMD5?: string | undefined; ChecksumAlgorithm?: string | undefined },
  body: Uint8Array,
): Promise<Checksum | undefined> {
  checkMd5(input.ContentMD5, body);
  const sent = sentChecksums(input);
  if (sent.length > 1) {
    throw s3Error(
      'InvalidRequest',
      {},
      'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    );
  }
  const algorithm = sent[0] ?? input.ChecksumAlgorithm;
  if (algorithm === undefined) return undefined;
  const name = algorithmNamed(algorithm);
  const value = (await digest(name, body)).toString('base64');
  const given = input[`Checksum${name}`];
  if (given !== undefined && given !== value) {
    throw s3Error('BadDigest', {}, `The ${name} you specified did not match the calculated checksum.`);
  }
  return { algorithm: name, value, type: 'FULL_OBJECT' };
}

function sentChecksums(input: Record<string, unknown>): string[] {
  return Object.keys(input)
    .filter((name) => /^Checksum(CRC|SHA|MD5|XXHASH)/.test(name) && input[name] !== undefined)
    .map((name) => name.slice('Checksum'.length));
}

function checkMd5(sent: string | undefined, body: Uint8Array): void {
  if (sent === undefined) return;
  if (Buffer.from(sent, 'base64').length !== 16) throw s3Error('InvalidDigest', { 'Content-MD5': sent });
  if (sent !== createHash('md5').update(body).digest('base64')) throw s3Error('BadDigest');
}

/** The output members of a checksum: `{ ChecksumCRC32: '…', ChecksumType: 'FULL_OBJECT' }`. */
export function checksumMembers(
  checksum: Checksum | undefined,
): ChecksumMembers & { ChecksumType?: 'FULL_OBJECT' | 'COMPOSITE' } {
  return checksum ? { [`Checksum${checksum.algorithm}`]: checksum.value, ChecksumType: checksum.type } : {};
}

/** Quoted MD5, the ETag of an object put in one piece. */
export function etagOf(body: Uint8Array): string {
  return `"${createHash('md5').update(body).digest('hex')}"`;
}
