import type { EnvironmentDescription, EnvironmentTarget, Fault, SentMessage } from '@stackyard/local-cloud';

export type { Fault } from '@stackyard/local-cloud';

/** A fault at work. */
export interface StartedFault {
  /** How many calls it has hit so far. */
  hits(): Promise<number>;
  end(): Promise<void>;
}

/**
 * What only the embedded cloud can do. A proof that uses it is a fault proof (`*.fault.proof.ts`) and cannot run on AWS.
 *
 * A description that makes no sense, or an environment that isn't there, rejects with what is wrong with it.
 */
export const faults = {
  /** Lets calls of a service go wrong: throttle, fail, fail in part, delay, cut. */
  async start(fault: Fault): Promise<StartedFault> {
    const { id } = (await control('POST', 'faults', fault)) as { id: string };
    return {
      hits: async () => ((await control('GET', `faults/${id}`)) as { hits: number }).hits,
      async end() {
        await control('DELETE', `faults/${id}`);
      },
    };
  },

  /** Ends every fault of a call. */
  async clear(): Promise<void> {
    await control('DELETE', 'faults');
  },

  /** Moves the cloud's clock forward: everything that falls due meanwhile happens. */
  async advanceClock(ms: number): Promise<void> {
    await control('POST', 'clock', { advanceMs: ms });
  },

  /**
   * Moves the cloud's clock forward as far as it can while nothing is under way: functions that begin on the way start, run and
   * end before time goes on, so that a slow machine runs none of them into a timeout. One that hangs is waited for a minute.
   */
  async passTime(ms: number): Promise<void> {
    await control('POST', 'clock', { passMs: ms });
  },

  /** Sets the cloud's clock forward, or back with a negative `ms`: nothing falls due by it. */
  async jumpClock(ms: number): Promise<void> {
    await control('POST', 'clock', { jumpMs: ms });
  },

  /** Mail and SMS that Cognito would have sent to an address, newest last. */
  async messages(to: string): Promise<readonly SentMessage[]> {
    const answer = await control('GET', `messages?to=${encodeURIComponent(to)}`);
    return (answer as { messages: SentMessage[] }).messages;
  },

  /** Lets a user pool sign with new keys; what the old ones signed is still verified. */
  async rotateSigningKeys(userPoolId: string): Promise<void> {
    await control('POST', 'signing-keys', { userPoolId });
  },

  /** The execution environments of a function; without one, of every function. */
  async environments(functionName?: string): Promise<EnvironmentDescription[]> {
    const query = functionName === undefined ? '' : `?function=${encodeURIComponent(functionName)}`;
    const answer = await control('GET', `environments${query}`);
    return (answer as { environments: EnvironmentDescription[] }).environments;
  },

  /** Stops a function's environments, or one process of them, in the middle of whatever they do. */
  freeze: (target: EnvironmentTarget) => act('freeze', target),

  thaw: (target: EnvironmentTarget) => act('thaw', target),

  /** Kills one process; without one, the environments as a whole, without SHUTDOWN. */
  kill: (target: EnvironmentTarget) => act('kill', target),

  /** Ends a function's environments as Lambda does after a time without invocations. Resolves when they are gone. */
  shutDown: (target: EnvironmentTarget) => act('shutdown', target),

  /** Posts a body to whoever takes telemetry in a function's environments. */
  postTelemetry: (target: EnvironmentTarget & { readonly body: string }) => act('telemetry', target),
};

async function act(action: string, target: EnvironmentTarget): Promise<void> {
  await control('POST', `environments/${action}`, target);
}

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
