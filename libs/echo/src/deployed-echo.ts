import { randomUUID } from 'node:crypto';
import { observabilityCore, parameterName } from '@stackyard/contracts';
import type { LogRecord } from '@stackyard/log-records';
import {
  account,
  type LedgerCount,
  type RecordReader,
  readRecords,
  signedFetch,
  ssmParameter,
  stackOutputs,
} from '@stackyard/proof-kit';
import type { LogRequest } from './log-request.ts';

const stage = process.env['STACKYARD_STAGE'] ?? 'dev';

/** What an echo is asked: `lines` at least. */
export type EchoRequest = Pick<LogRequest, 'lines'> & Partial<LogRequest>;

export interface EchoAnswer {
  /** Lambda's. */
  readonly requestId: string;
  /** How many lines it logged. */
  readonly logged: number;
  /** How long its caller waited, in milliseconds. */
  readonly ms: number;
}

/** A deployed pattern whose function is an echo, and the log stream its lines arrive in. */
export interface DeployedEcho extends RecordReader {
  readonly functionName: string;
  /** Sends a request. Throws what the function answers when it refuses it. */
  echo(request: EchoRequest): Promise<EchoAnswer>;
}

/** The echo of a stack, `lambda-zip` for `dev-lambda-zip`; the stream is read from where it stands now. */
export async function deployedEcho(stack: string): Promise<DeployedEcho> {
  const { FunctionUrl = '', FunctionName = '' } = await stackOutputs(`${stage}-${stack}`);
  const { arrived } = await readRecords(await ssmParameter(parameterName(observabilityCore, stage, 'streamName')));
  return { functionName: FunctionName, arrived, echo: (request) => sendTo(FunctionUrl, request) };
}

/** Sends a request to an echo's function URL. Throws what the function answers when it refuses it. */
export async function sendTo(functionUrl: string, request: EchoRequest): Promise<EchoAnswer> {
  const start = performance.now();
  const response = await signedFetch(functionUrl, { method: 'POST', body: JSON.stringify(request) });
  const text = await response.text();
  if (!response.ok) throw new Error(`The function answered ${response.status}: ${text}`);
  return { ...(JSON.parse(text) as Omit<EchoAnswer, 'ms'>), ms: performance.now() - start };
}

/** A line with an identity of its own in front, so that it can be found again whatever surrounds it. */
export interface MarkedLine {
  readonly id: string;
  readonly line: string;
}

export function markedLine(text: string): MarkedLine {
  const id = `line-${randomUUID()}`;
  return { id, line: `${id} ${text}` };
}

const identity = /line-[0-9a-f-]{36}/;

/** The identity of the marked line that a record is, or undefined when it is none. */
export function idOf({ message }: LogRecord): string | undefined {
  return identity.exec(typeof message === 'string' ? message : JSON.stringify(message))?.[0];
}

/** What became of marked lines, counted when all of them arrived or a minute went by. */
export async function countLines(echo: DeployedEcho, lines: readonly MarkedLine[]): Promise<LedgerCount> {
  const ids = lines.map(({ id }) => id);
  const arrivals = async () => (await echo.arrived()).flatMap((record) => idOf(record) ?? []);
  const ledger = await account(ids, arrivals, () => echo.echo({ lines: [] }));
  return ledger.count();
}
