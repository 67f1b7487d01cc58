import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const payloadUnitBytes = 25 * 1024;

export interface KinesisSink {
  readonly endpoint: string;
  /** Records taken so far. */
  readonly records: number;
  /** PUT payload units of these, if they are weighed: 25 KB each, begun ones in full (Amazon Kinesis Data Streams pricing). */
  readonly payloadUnits: number;
  close(): void;
}

/**
 * The least that can be called Kinesis: takes every PutRecords, counts the records and forgets them. The embedded cloud's
 * Kinesis checks signatures, policies and quotas, and would be the bottleneck.
 */
export async function startKinesisSink(weigh = false): Promise<KinesisSink> {
  let records = 0;
  let payloadUnits = 0;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const count = occurrences(body, '"PartitionKey"');
    records += count;
    if (weigh) payloadUnits += unitsOf(body);
    const taken = Array.from({ length: count }, () => '{"ShardId":"shardId-000000000000","SequenceNumber":"1"}');
    response.end(`{"FailedRecordCount":0,"Records":[${taken.join()}]}`);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get records() {
      return records;
    },
    get payloadUnits() {
      return payloadUnits;
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function unitsOf(body: Buffer): number {
  const { Records } = JSON.parse(body.toString()) as { Records: { Data: string }[] };
  return Records.reduce((sum, { Data }) => sum + Math.ceil(Buffer.byteLength(Data, 'base64') / payloadUnitBytes), 0);
}

/** Data is base64 and the keys are the extension's, so the text occurs nowhere else. */
function occurrences(body: Buffer, text: string): number {
  let count = 0;
  for (let at = body.indexOf(text); at >= 0; at = body.indexOf(text, at + text.length)) count += 1;
  return count;
}
