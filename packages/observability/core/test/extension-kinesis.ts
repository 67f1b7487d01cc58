import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { setTimeout as timePasses } from 'node:timers/promises';
import type { TelemetryRecord } from '../src/extension/records.ts';

export interface PutRecordsRequest {
  readonly at: number;
  readonly headers: IncomingMessage['headers'];
  /** The sender's port: one for each connection. */
  readonly port: number;
  readonly body: string;
  readonly entries: readonly {
    /** The first of its records; where they aren't aggregated, the only one. */
    readonly record: TelemetryRecord;
    readonly records: readonly TelemetryRecord[];
    readonly partitionKey: string;
    readonly bytes: number;
  }[];
}

/** What becomes of one request, counted from 0. */
export type Answer =
  | 'accept'
  /** Accepted, and the answer never sent. */
  | 'accept and hang'
  /** Accepted, and the connection ends without an answer. */
  | 'accept and cut'
  | 'hang'
  | 'cut'
  | { readonly delayMs: number }
  /** `aheadMs`: by how much Kinesis's clock differs. */
  | { readonly status: number; readonly type: string; readonly aheadMs?: number }
  | { readonly refuse: (index: number) => boolean; readonly delayMs?: number };

/** A stream on 127.0.0.1 that keeps what it accepts and answers as it is told. */
export async function startKinesis() {
  const requests: PutRecordsRequest[] = [];
  const accepted: PutRecordsRequest['entries'][number][] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const put = read(request, Buffer.concat(chunks).toString());
    requests.push(put);
    const answer = kinesis.answer(requests.length - 1);
    if (typeof answer === 'object' && 'delayMs' in answer) await timePasses(answer.delayMs ?? 0);
    if (answer === 'cut') request.socket.destroy();
    else if (answer !== 'hang') carryOut(put, answer, response);
  });

  function carryOut(put: PutRecordsRequest, answer: Exclude<Answer, 'cut' | 'hang'>, response: ServerResponse): void {
    if (typeof answer === 'object' && 'status' in answer) {
      const date = new Date(Date.now() + (answer.aheadMs ?? 0)).toUTCString();
      response
        .writeHead(answer.status, { date })
        .end(JSON.stringify({ __type: answer.type, message: 'as the test wants it' }));
      return;
    }
    const refuses = typeof answer === 'object' && 'refuse' in answer ? answer.refuse : () => false;
    const Records = put.entries.map((entry, i) => {
      if (refuses(i)) return { ErrorCode: 'ProvisionedThroughputExceededException', ErrorMessage: 'Rate exceeded' };
      accepted.push(entry);
      return { ShardId: 'shardId-000000000000', SequenceNumber: String(accepted.length) };
    });
    const FailedRecordCount = Records.filter((record) => 'ErrorCode' in record).length;
    if (answer === 'accept and cut') response.destroy();
    else if (answer !== 'accept and hang') response.end(JSON.stringify({ FailedRecordCount, Records }));
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const kinesis = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    accepted,
    answer: (_request: number): Answer => 'accept',
    /** What is in the stream, in the order of the environment's sequence numbers. */
    records: () => accepted.flatMap((entry) => entry.records).sort((a, b) => a.sequence - b.sequence),
    /** Messages of the function's lines, in order. */
    lines: () =>
      kinesis
        .records()
        .filter(({ source }) => source === 'function')
        .map(({ message }) => message),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return kinesis;
}

export type Kinesis = Awaited<ReturnType<typeof startKinesis>>;

function read(request: IncomingMessage, body: string): PutRecordsRequest {
  const { Records } = JSON.parse(body) as { Records: { Data: string; PartitionKey: string }[] };
  const entries = Records.map(({ Data, PartitionKey }) => {
    const data = Buffer.from(Data, 'base64');
    const records = deaggregatedByAws(data).map(({ text }) => JSON.parse(text) as TelemetryRecord);
    return {
      record: records[0] as TelemetryRecord,
      records,
      partitionKey: PartitionKey,
      bytes: data.length + Buffer.byteLength(PartitionKey),
    };
  });
  return { at: performance.now(), headers: request.headers, port: request.socket.remotePort ?? 0, body, entries };
}

/** AWS's own library for aggregated records. Its declarations need version 2 of the SDK, which is not here. */
const { deaggregateSync } = createRequire(import.meta.url)('aws-kinesis-agg') as {
  deaggregateSync(
    record: { partitionKey: string; data: string },
    computeChecksums: true,
    callback: (error: Error | undefined, records: readonly { partitionKey: string; data: string }[]) => void,
  ): void;
};

/** What is in a Kinesis record's data, aggregated or not. */
export function deaggregatedByAws(data: Buffer): { partitionKey: string; text: string }[] {
  let found: { partitionKey: string; text: string }[] = [];
  deaggregateSync({ partitionKey: '', data: data.toString('base64') }, true, (error, records) => {
    if (error) throw error;
    found = records.map((record) => ({
      partitionKey: record.partitionKey,
      text: Buffer.from(record.data, 'base64').toString(),
    }));
  });
  return found;
}
