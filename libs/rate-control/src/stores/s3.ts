import { GetObjectCommand, NoSuchKey, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Store } from '../store.ts';
import { storeErrorOf, tellDate } from './aws-answers.ts';
import { type Documents, documentStore } from './documents.ts';

export interface S3StoreOptions {
  readonly client: S3Client;
  readonly bucket: string;
  /** In front of the policy's name. Default `rate-control/`. */
  readonly prefix?: string;
}

/**
 * Permits in S3: an object for each policy, written on condition of its ETag. For limits that are asked for seldom: a write takes tens
 * of milliseconds, and those that collide are refused. The client should not retry by itself (`maxAttempts: 1`).
 */
export function s3Store({ client, bucket, prefix = 'rate-control/' }: S3StoreOptions): Store {
  const documents: Documents = {
    async read(name) {
      let date: number | undefined;
      const command = new GetObjectCommand({ Bucket: bucket, Key: `${prefix}${name}` });
      tellDate(command, (told) => {
        date = told;
      });
      try {
        const { Body, ETag = '' } = await client.send(command);
        return { answer: { text: (await Body?.transformToString()) ?? '', version: ETag }, date };
      } catch (error) {
        if (error instanceof NoSuchKey) return { answer: undefined, date };
        throw storeErrorOf(error);
      }
    },
    async write(name, text, version) {
      let date: number | undefined;
      const condition = version === undefined ? { IfNoneMatch: '*' } : { IfMatch: version };
      const object = { Bucket: bucket, Key: `${prefix}${name}`, Body: text, ContentType: 'application/json' };
      const command = new PutObjectCommand({ ...object, ...condition });
      tellDate(command, (told) => {
        date = told;
      });
      try {
        const { ETag = '' } = await client.send(command);
        return { answer: { version: ETag }, date };
      } catch (error) {
        if (!collided(error)) throw storeErrorOf(error);
        return { answer: { current: undefined }, date };
      }
    },
  };
  return documentStore(documents);
}

/** 412: another version is there; 409: another write came at the same time ("Conditional writes", Amazon S3 User Guide). */
const collided = (error: unknown) =>
  ['PreconditionFailed', 'ConditionalRequestConflict'].includes((error as Error | undefined)?.name ?? '');
