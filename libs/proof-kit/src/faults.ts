import type { Fault } from '@stackyard/local-cloud';

/**
 * What only the embedded cloud can do. A proof that uses it is a fault proof (`*.fault.proof.ts`) and cannot run on AWS.
 */
export const faults = {
  /** Starts a fault; the returned function ends it. */
  async start(fault: Fault): Promise<() => Promise<void>> {
    const { id } = (await control('POST', 'faults', fault)) as { id: string };
    return async () => {
      await control('DELETE', `faults/${id}`);
    };
  },
  /** Ends every fault. */
  async clear(): Promise<void> {
    await control('DELETE', 'faults');
  },
  /** Moves the cloud's clock forward. */
  async advanceClock(ms: number): Promise<void> {
    await control('POST', 'clock', { advanceMs: ms });
  },
};

async function control(method: string, path: string, body?: unknown): Promise<unknown> {
  const endpoint = process.env['AWS_ENDPOINT_URL'];
  if (!endpoint || process.env['STACKYARD_TARGET'] === 'aws') {
    throw new Error('Faults exist in the embedded cloud only: run this proof without STACKYARD_TARGET=aws');
  }
  const response = await fetch(`${endpoint}/_stackyard/${path}`, {
    method,
    headers: { 'x-stackyard': 'control', 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = (await response.json()) as { message?: string };
  if (!response.ok) throw new Error(answer.message ?? `${method} ${path}: ${response.status}`);
  return answer;
}
