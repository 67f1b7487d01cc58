import type { Agent, ClientRequest, RequestOptions } from 'node:http';
import { parseJson } from '@stackyard/log-records/json';
import { aggregate } from './aggregate.ts';
import type { Entry } from './batches.ts';
import { http, https } from './built-in.ts';
import type { Configuration } from './configuration.ts';
import { sign } from './sign.ts';
import { startTimer } from './timers.ts';

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

/**
 * An unused connection is trusted for this long, in milliseconds. After a freeze its other end may have closed it unnoticed,
 * and a request written to it would be lost without a word.
 */
const idleLimitMs = 2_000;

/** Answers with status 400 that a later request may not get ("PutRecords", "Common errors", Kinesis API Reference). */
const passingErrors =
  /Throttl|ProvisionedThroughputExceeded|LimitExceeded|RequestExpired|RequestTimeout|InternalFailure/;

interface Connections {
  readonly agent: Agent;
  readonly request: ReturnType<typeof http>['request'];
}

/** A client for the one operation that the extension needs: the AWS SDK's would take as long to load as everything else. */
export function createKinesisClient({ endpoint, region, credentials, streamName }: Configuration): KinesisClient {
  let connections: Connections | undefined;
  let underWay = 0;
  let lastUsedAt = 0;

  function connect(): Connections {
    if (underWay === 0 && Date.now() - lastUsedAt > idleLimitMs) {
      connections?.agent.destroy();
      connections = undefined;
    }
    connections ??= openConnections(endpoint.protocol === 'https:');
    return connections;
  }

  function post(body: string, timeoutMs: number): Promise<{ status: number; text: string }> {
    const { agent, request } = connect();
    underWay += 1;
    const headers = sign({
      host: endpoint.host,
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'Kinesis_20131202.PutRecords' },
      body,
      region,
      service: 'kinesis',
      credentials,
      now: new Date(),
    });
    const options: RequestOptions = { method: 'POST', headers: { ...headers, 'content-length': body.length }, agent };
    return new Promise((resolve, reject) => {
      const call: ClientRequest = request(endpoint, options, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
        response.on('error', reject);
      });
      const stopTimer = startTimer(timeoutMs, () =>
        call.destroy(new Error(`no answer within ${Math.round(timeoutMs)} ms`)),
      );
      call.on('close', stopTimer);
      call.on('error', reject);
      // Base64 and names: one byte for each character.
      call.end(body, 'latin1');
    });
  }

  return {
    async putRecords(entries, timeoutMs) {
      try {
        const { status, text } = await post(bodyOf(streamName, entries), timeoutMs).finally(() => {
          underWay -= 1;
          lastUsedAt = Date.now();
        });
        return status === 200 ? outcomeOf(entries, text) : { refused: entries, failure: failureOf(status, text) };
      } catch (error) {
        // The request may have been carried out. Shipping it twice is recognisable, losing it is not.
        return { refused: entries, failure: { reason: reasonOf(error), passing: true } };
      }
    },
    close: () => connections?.agent.destroy(),
  };
}

function openConnections(secure: boolean): Connections {
  const { Agent, request } = secure ? https() : http();
  return { agent: new Agent({ keepAlive: true }), request };
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

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message || String((error as NodeJS.ErrnoException).code) : String(error);
}
