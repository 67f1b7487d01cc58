import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
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
    readonly record: TelemetryRecord;
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
  | { readonly status: number; readonly type: string }
  | { readonly refuse: (index: number) => boolean };

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
    if (typeof answer === 'object' && 'delayMs' in answer) await timePasses(answer.delayMs);
    if (answer === 'cut') request.socket.destroy();
    else if (answer !== 'hang') carryOut(put, answer, response);
  });

  function carryOut(put: PutRecordsRequest, answer: Exclude<Answer, 'cut' | 'hang'>, response: ServerResponse): void {
    if (typeof answer === 'object' && 'status' in answer) {
      response.writeHead(answer.status).end(JSON.stringify({ __type: answer.type, message: 'as the test wants it' }));
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
    records: () => accepted.map(({ record }) => record).sort((a, b) => a.sequence - b.sequence),
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
    const record = JSON.parse(data.toString()) as TelemetryRecord;
    return { record, partitionKey: PartitionKey, bytes: data.length + Buffer.byteLength(PartitionKey) };
  });
  return { at: performance.now(), headers: request.headers, port: request.socket.remotePort ?? 0, body, entries };
}
