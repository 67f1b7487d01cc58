/**
 * Something going wrong on purpose: which calls it hits, and what happens to them.
 *
 * It ends after `times` calls or `forMs` milliseconds of the cloud's clock, whichever comes first; without either when it is
 * removed.
 */
export interface Fault {
  /** As in the credential scope of a request: `kinesis`, `lambda`. */
  readonly service: string;
  /** Default: every operation of the service. */
  readonly operation?: string;
  /**
   * Default: every resource. Otherwise a name or ARN that one of the input's top-level members is, or the last part of, or a
   * table that a batch or transaction of DynamoDB names:
   * `orders` for a stream of that name, whether the call gives its name or its ARN.
   */
  readonly resource?: string;
  readonly times?: number;
  readonly forMs?: number;
  readonly effect: Effect;
}

/**
 * - `delay`: the answer comes `ms` later.
 * - `fail`: the call is answered with this error and does nothing. `status` is for codes that the service's model does not
 *   know; the others have their own.
 * - `throttle`: `fail` with the service's usual throttling error.
 * - `partial`: every `every`-th entry of a batch (PutRecords, SendMessageBatch and the like) fails, with the service's usual
 *   throttling error unless `code` says otherwise; DynamoDB gives it back as unprocessed.
 * - `cut`: the connection is reset, see {@link CutMoment}.
 */
export type Effect =
  | { readonly kind: 'delay'; readonly ms: number }
  | { readonly kind: 'fail'; readonly code: string; readonly message?: string; readonly status?: number }
  | { readonly kind: 'throttle' }
  | { readonly kind: 'partial'; readonly every: number; readonly code?: string }
  | { readonly kind: 'cut'; readonly when: CutMoment };

/**
 * - `connect`: as soon as the head of the request says whom it is for. To its client nobody is there, as when the name
 *   cannot be resolved or the connection is refused; one port serves all services, so only the error's name differs.
 * - `request`: when half of the request's body has come.
 * - `before`: when the request has been read; it is not carried out.
 * - `after`: when the request has been carried out, before its answer.
 * - `response`: when the request has been carried out and half of its answer is sent.
 */
export type CutMoment = (typeof cutMoments)[number];

export const cutMoments = ['connect', 'request', 'before', 'after', 'response'] as const;

/** Thrown through to the HTTP server, which resets the connection, after half of the `output` if there is any. */
export class ConnectionCut extends Error {
  readonly output: Record<string, unknown> | undefined;

  constructor(output?: Record<string, unknown>) {
    super('A fault has cut the connection');
    this.output = output;
  }
}

/** Whether it strikes before the body has come, when neither resource nor a query request's operation is known. */
export function strikesEarly({ effect }: Fault): boolean {
  return effect.kind === 'cut' && (effect.when === 'connect' || effect.when === 'request');
}
