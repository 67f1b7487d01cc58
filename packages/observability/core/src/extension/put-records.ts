import { parseJson } from '@stackyard/log-records/json';
import { aggregate } from './aggregate.ts';
import { createAwsClient, reasonOf } from './aws-client.ts';
import type { Entry } from './batches.ts';
import type { Configuration } from './configuration.ts';

export interface PutOutcome {
  /** Not in the stream, or not known to be: to be shipped again. */
  readonly refused: readonly Entry[];
  /** Why all of them were refused. */
  readonly failure?: Failure;
}

export interface Failure {
  readonly reason: string;
  /** Whether the same request may succeed in a moment. */
  readonly passing: boolean;
}

export interface KinesisClient {
  /** Sends one PutRecords request and waits at most `timeoutMs`. Never rejects. */
  putRecords(entries: readonly Entry[], timeoutMs: number): Promise<PutOutcome>;
  close(): void;
}

/** Answers with status 400 that a later request may not get ("PutRecords", "Common errors", Kinesis API Reference). */
const passingErrors =
  /Throttl|ProvisionedThroughputExceeded|LimitExceeded|RequestExpired|RequestTimeout|InternalFailure/;

/** A client for the one operation that the extension needs. */
export function createKinesisClient({ endpoint, region, credentials, streamName }: Configuration): KinesisClient {
  const client = createAwsClient('kinesis', endpoint, { region, credentials });
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'Kinesis_20131202.PutRecords' };

  return {
    async putRecords(entries, timeoutMs) {
      try {
        // Base64 and names: one byte for each character.
        const body = bodyOf(streamName, entries);
        const { status, text } = await client.send({ method: 'POST', path: '/', headers, body }, timeoutMs);
        return status === 200 ? outcomeOf(entries, text) : { refused: entries, failure: failureOf(status, text) };
      } catch (error) {
        // The request may have been carried out. Shipping it twice is recognisable, losing it is not.
        return { refused: entries, failure: { reason: reasonOf(error), passing: true } };
      }
    },
    close: () => client.close(),
  };
}

function bodyOf(streamName: string, entries: readonly Entry[]): string {
  const records = entries.map(
    (entry) => `{"Data":"${dataOf(entry).toString('base64')}","PartitionKey":"${entry.partitionKey}"}`,
  );
  return `{"StreamName":"${streamName}","Records":[${records.join(',')}]}`;
}

function dataOf({ texts, partitionKey }: Entry): Buffer {
  return texts.length === 1 ? Buffer.from(texts[0] as string) : aggregate(texts, partitionKey);
}

interface PutRecordsAnswer {
  readonly FailedRecordCount?: number;
  readonly Records?: readonly { readonly ErrorCode?: string }[];
}

function outcomeOf(entries: readonly Entry[], text: string): PutOutcome {
  const answer = parseJson(text) as PutRecordsAnswer | undefined;
  const results = answer?.Records;
  if (!Array.isArray(results) || results.length !== entries.length) {
    return { refused: entries, failure: { reason: 'an answer that is no PutRecords answer', passing: true } };
  }
  const refused = entries.filter((_, i) => results[i]?.ErrorCode !== undefined && results[i]?.ErrorCode !== null);
  if (refused.length < entries.length) return { refused };
  return { refused, failure: { reason: String(results[0]?.ErrorCode), passing: true } };
}

function failureOf(status: number, text: string): Failure {
  const answer = parseJson(text) as { __type?: string; message?: string; Message?: string } | undefined;
  const code = answer?.__type?.split('#').pop() ?? `status ${status}`;
  const message = answer?.message ?? answer?.Message;
  return { reason: message ? `${code}: ${message}` : code, passing: status >= 500 || passingErrors.test(code) };
}
