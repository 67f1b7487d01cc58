import { randomUUID } from 'node:crypto';
import { observabilityCore, parameterName } from '@stackyard/contracts';
import { createLedger, eventually, readStream, signedFetch, ssmParameter, stackOutputs } from '@stackyard/proof-kit';

const stage = process.env['STACKYARD_STAGE'] ?? 'dev';

export interface EchoRequest {
  readonly lines: readonly string[];
  readonly format?: 'json' | 'text' | 'object';
  readonly afterResponseMs?: number;
}

/** A function's record in the stream, as far as these proofs look. */
export interface LogRecord {
  readonly message: unknown;
  readonly requestId?: string;
  readonly source: string;
  readonly attributes?: Readonly<Record<string, unknown>>;
}

/** The deployed pattern, and the stream its logs arrive in. */
export async function deployedEcho() {
  const { FunctionUrl = '', FunctionName = '' } = await stackOutputs(`${stage}-lambda-zip`);
  const stream = await readStream(await ssmParameter(parameterName(observabilityCore, stage, 'streamName')), 'LATEST');
  const records: LogRecord[] = [];

  return {
    functionName: FunctionName,

    /** Sends a request; resolves with Lambda's id of it and with how long the caller waited, in milliseconds. */
    async echo(request: EchoRequest): Promise<{ requestId: string; logged: number; ms: number }> {
      const start = performance.now();
      const response = await signedFetch(FunctionUrl, { method: 'POST', body: JSON.stringify(request) });
      const text = await response.text();
      if (!response.ok) throw new Error(`The function answered ${response.status}: ${text}`);
      return { ...(JSON.parse(text) as { requestId: string; logged: number }), ms: performance.now() - start };
    },

    /** Everything that arrived in the stream so far. */
    async arrived(): Promise<readonly LogRecord[]> {
      for (const { data } of await stream.poll()) records.push(JSON.parse(data.toString()) as LogRecord);
      return records;
    },
  };
}

export type DeployedEcho = Awaited<ReturnType<typeof deployedEcho>>;

const identity = /line-[0-9a-f-]{36}/;

/** A line with an identity of its own in front, so that it can be found again whatever surrounds it. */
export function markedLine(text: string): { id: string; line: string } {
  const id = `line-${randomUUID()}`;
  return { id, line: `${id} ${text}` };
}

/** The text of a record's message, whether the function logged a string or an object. */
export function textOf({ message }: LogRecord): string {
  return typeof message === 'string' ? message : JSON.stringify(message);
}

/**
 * Waits until every line is in the stream, or 20 seconds went by, and counts. Duplicates that come late would be missed,
 * so the stream is read once more after the last line.
 */
export async function account(echo: DeployedEcho, ids: readonly string[]) {
  const found = (records: readonly LogRecord[]) =>
    records.flatMap((record) => identity.exec(textOf(record))?.[0] ?? []).filter((id) => ids.includes(id));
  await eventually(async () => {
    const missing = ids.length - new Set(found(await echo.arrived())).size;
    if (missing > 0) throw new Error(`${missing} of ${ids.length} lines are missing`);
  }).catch(() => undefined);
  const ledger = createLedger();
  for (const id of ids) ledger.sent(id);
  for (const id of found(await echo.arrived())) ledger.delivered(id);
  return ledger.count();
}
