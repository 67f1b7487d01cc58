import type { Agent, ClientRequest, RequestOptions } from 'node:http';
import { http, https } from './built-in.ts';
import type { Credentials } from './configuration.ts';
import { sign } from './sign.ts';
import { startTimer } from './timers.ts';

export interface AwsRequest {
  readonly method: 'POST' | 'PUT';
  /** Of unreserved characters and slashes: nothing in it has to be encoded. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** A string has one byte for each character. */
  readonly body: string | Buffer;
}

export interface AwsAnswer {
  readonly status: number;
  readonly text: string;
  /** When it was given, by the clock of AWS. */
  readonly date: string | undefined;
}

/** Sends signed requests to one endpoint of one service. */
export interface AwsClient {
  /**
   * Resolves with any answer; rejects when there is none within `timeoutMs`. A request that is refused by another clock than this
   * one is sent once more, signed by that clock.
   */
  send(request: AwsRequest, timeoutMs: number): Promise<AwsAnswer>;
  /** Ends all connections, and what is under way with them. */
  close(): void;
}

/**
 * An unused connection is trusted for this long, in milliseconds. After a freeze its other end may have closed it unnoticed,
 * and a request written to it would be lost without a word.
 */
const idleLimitMs = 2_000;

/** From here on it is another clock; a signature is good for 15 minutes. */
const leastSkewMs = 60_000;

interface Connections {
  readonly agent: Agent;
  readonly request: ReturnType<typeof http>['request'];
}

/** A client that signs and sends: the AWS SDK's would take as long to load as everything else. */
export function createAwsClient(
  service: 'kinesis' | 's3',
  endpoint: URL,
  { region, credentials }: { readonly region: string; readonly credentials: Credentials },
): AwsClient {
  let connections: Connections | undefined;
  let underWay = 0;
  let lastUsedAt = 0;
  /** How far the clock of AWS is ahead of this one. */
  let skewMs = 0;

  function connect(): Connections {
    connections ??= openConnections(endpoint.protocol === 'https:');
    return connections;
  }

  function leaveIdleConnections(): void {
    if (underWay > 0 || Date.now() - lastUsedAt <= idleLimitMs) return;
    connections?.agent.destroy();
    connections = undefined;
  }

  function exchange({ method, path, headers: unsigned, body }: AwsRequest, timeoutMs: number) {
    const { agent, request } = connect();
    const { host } = endpoint;
    const now = new Date(Date.now() + skewMs);
    const signed = sign({ method, path, host, headers: unsigned, body, region, service, credentials, now });
    const headers = { ...signed, 'content-length': body.length };
    const options: RequestOptions = { method, path, headers, agent };
    return new Promise<AwsAnswer>((resolve, reject) => {
      const call: ClientRequest = request(endpoint, options, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text, date: response.headers.date }));
        response.on('error', reject);
      });
      const stopTimer = startTimer(timeoutMs, () =>
        call.destroy(new Error(`no answer within ${Math.round(timeoutMs)} ms`)),
      );
      call.on('close', stopTimer);
      call.on('error', reject);
      call.end(body, 'latin1');
    });
  }

  /** Sets the clock by an answer; false when they agree. */
  function setClock(date: string | undefined): boolean {
    const ahead = Date.parse(date ?? '') - Date.now();
    if (Number.isNaN(ahead) || Math.abs(ahead - skewMs) < leastSkewMs) return false;
    skewMs = ahead;
    return true;
  }

  return {
    async send(request, timeoutMs) {
      leaveIdleConnections();
      underWay += 1;
      try {
        const answer = await exchange(request, timeoutMs);
        return answer.status >= 400 && setClock(answer.date) ? await exchange(request, timeoutMs) : answer;
      } finally {
        underWay -= 1;
        lastUsedAt = Date.now();
      }
    },
    close: () => connections?.agent.destroy(),
  };
}

function openConnections(secure: boolean): Connections {
  const { Agent, request } = secure ? https() : http();
  return { agent: new Agent({ keepAlive: true }), request };
}

/** Why there was no answer. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message || String((error as NodeJS.ErrnoException).code) : String(error);
}
