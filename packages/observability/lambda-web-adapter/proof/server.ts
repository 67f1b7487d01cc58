import { randomUUID } from 'node:crypto';
import { observabilityCore, parameterName } from '@stackyard/contracts';
import { createLedger, eventually, readStream, signedFetch, ssmParameter, stackOutputs } from '@stackyard/proof-kit';

const stage = process.env['STACKYARD_STAGE'] ?? 'dev';

/** A record of the function in the stream, as far as these proofs look. */
export interface LogRecord {
  readonly message: unknown;
  readonly level: string;
  readonly source: string;
  readonly requestId?: string;
}

/** The deployed server, and the stream its lines arrive in. */
export async function deployedServer() {
  const { FunctionUrl = '', FunctionName = '' } = await stackOutputs(`${stage}-lambda-web-adapter`);
  const stream = await readStream(await ssmParameter(parameterName(observabilityCore, stage, 'streamName')), 'LATEST');
  const records: LogRecord[] = [];

  return {
    functionName: FunctionName,
    request: (path: string, init?: RequestInit) => signedFetch(new URL(path, FunctionUrl).href, init),
    /** Everything that arrived in the stream so far. */
    async arrived(): Promise<readonly LogRecord[]> {
      for (const { data } of await stream.poll()) records.push(JSON.parse(data.toString()) as LogRecord);
      return records;
    },
  };
}

export type DeployedServer = Awaited<ReturnType<typeof deployedServer>>;

/** Has the server print lines; resolves with Lambda's id of the request. */
export async function print({ request }: DeployedServer, lines: readonly string[]): Promise<string> {
  const response = await request('lines', { method: 'POST', body: lines.join('\n') });
  const text = await response.text();
  if (!response.ok) throw new Error(`The server answered ${response.status}: ${text}`);
  return response.headers.get('x-amzn-requestid') ?? '';
}

/** Lines with an identity of their own in front. */
export function marked(count: number, text: string): { id: string; line: string }[] {
  return Array.from({ length: count }, (_, i) => {
    const id: string = randomUUID();
    return { id, line: `${id} ${text} ${i}` };
  });
}

/** The identity of the line a record was made of. */
export function idOf({ message }: LogRecord): string {
  return typeof message === 'string' ? message.slice(0, 36) : '';
}

/** Waits for every line, or 20 seconds, and counts after one more look for late duplicates. */
export async function account(server: DeployedServer, ids: readonly string[]) {
  const wanted = new Set(ids);
  const found = async () => (await server.arrived()).map(idOf).filter((id) => wanted.has(id));
  await eventually(async () => {
    if (new Set(await found()).size < ids.length) throw new Error('lines are missing');
  }).catch(() => undefined);
  const ledger = createLedger();
  for (const id of ids) ledger.sent(id);
  for (const id of await found()) ledger.delivered(id);
  return ledger.count();
}
