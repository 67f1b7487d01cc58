import { randomUUID } from 'node:crypto';
import { observabilityCore, parameterName } from '@stackyard/contracts';
import type { LogRecord } from '@stackyard/log-records';
import {
  type LedgerCount,
  account as ledgerOf,
  readRecords,
  signedFetch,
  ssmParameter,
  stackOutputs,
} from '@stackyard/proof-kit';

const stage = process.env['STACKYARD_STAGE'] ?? 'dev';

/** The deployed server, and the stream its lines arrive in. */
export async function deployedServer() {
  const { FunctionUrl = '', FunctionName = '' } = await stackOutputs(`${stage}-lambda-web-adapter`);
  const { arrived } = await readRecords(await ssmParameter(parameterName(observabilityCore, stage, 'streamName')));
  return {
    functionName: FunctionName,
    request: (path: string, init?: RequestInit) => signedFetch(new URL(path, FunctionUrl).href, init),
    /** Everything that arrived in the stream so far. */
    arrived,
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

/** What became of the lines with these identities, counted when all of them arrived or a minute went by. */
export async function account(server: DeployedServer, ids: readonly string[]): Promise<LedgerCount> {
  const arrivals = async () => (await server.arrived()).map(idOf);
  return (await ledgerOf(ids, arrivals, () => server.request('health'))).count();
}
