import { GetObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { stackOutputs } from '@stackyard/proof-kit';
import type { UserEvent } from '../user-events.ts';

/** A call as the partner took it. */
export interface Call<Event = UserEvent> {
  /** When the partner took it, ISO 8601. */
  readonly time: string;
  readonly key: string;
  readonly event: Event;
}

/** What the egress partner of the stage has seen. */
export const partner = {
  /** Calls it took, each idempotency key once, in the order in which it took them; of these subjects only. */
  async calls<Event extends { subject: string } = UserEvent>(subjects: readonly string[]): Promise<Call<Event>[]> {
    const wanted = new Set(subjects);
    const calls = await recordsBelow<Call<Event>>('calls/');
    return calls.filter(({ event }) => wanted.has(event.subject)).toSorted((a, b) => (a.time < b.time ? -1 : 1));
  },

  /** Keys of calls that it refused because they were more than its limit allows. */
  async refused(subjects: readonly string[]): Promise<string[]> {
    const refused = await recordsBelow<Call<{ subject: string }>>('refused/');
    return refused.filter(({ event }) => subjects.includes(event.subject)).map(({ key }) => key);
  },

  /** Keys of calls that came again after it had taken them. */
  async repeats(subjects: readonly string[]): Promise<string[]> {
    const repeats = await recordsBelow<Call<{ subject: string }>>('repeats/');
    return repeats.filter(({ event }) => subjects.includes(event.subject)).map(({ key }) => key);
  },
};

/** Objects never change: each is read once; again only where that failed. */
const read = new Map<string, Promise<unknown>>();

async function recordsBelow<T>(Prefix: string): Promise<T[]> {
  const { BucketName: Bucket } = await stackOutputs(`${process.env['STACKYARD_STAGE'] ?? 'dev'}-egress-partner`);
  const client = new S3Client({});
  const records: Promise<unknown>[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket, Prefix })) {
    for (const { Key = '' } of Contents) {
      const record =
        read.get(Key) ??
        client
          .send(new GetObjectCommand({ Bucket, Key }))
          .then(async ({ Body }) => JSON.parse((await Body?.transformToString()) ?? ''))
          .catch((error) => {
            read.delete(Key);
            throw error;
          });
      read.set(Key, record);
      records.push(record);
    }
  }
  return (await Promise.all(records)) as T[];
}
