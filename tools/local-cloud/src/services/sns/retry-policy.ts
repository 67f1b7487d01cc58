/** How often and when a delivery is tried again, in the members of an HTTP/S delivery policy. Delays in seconds. */
export interface RetryPolicy {
  readonly minDelayTarget: number;
  readonly maxDelayTarget: number;
  /** All retries, those of every phase. */
  readonly numRetries: number;
  readonly numNoDelayRetries: number;
  readonly numMinDelayRetries: number;
  readonly numMaxDelayRetries: number;
  readonly backoffFunction: BackoffFunction;
}

export const backoffFunctions = ['linear', 'arithmetic', 'geometric', 'exponential'] as const;
export type BackoffFunction = (typeof backoffFunctions)[number];

/**
 * "Amazon SNS message delivery retries", Developer Guide, AWS managed endpoints: 3 times without delay, 2 times 1 second
 * apart, 10 times from 1 to 20 seconds, 100,000 times 20 seconds apart; 100,015 times over 23 days.
 */
export const managedEndpoints: RetryPolicy = {
  minDelayTarget: 1,
  maxDelayTarget: 20,
  numRetries: 100_015,
  numNoDelayRetries: 3,
  numMinDelayRetries: 2,
  numMaxDelayRetries: 100_000,
  backoffFunction: 'exponential',
};

/** The same page: HTTP/S endpoints without a delivery policy are tried again 3 times, 20 seconds apart. */
export const httpDefault: RetryPolicy = {
  minDelayTarget: 20,
  maxDelayTarget: 20,
  numRetries: 3,
  numNoDelayRetries: 0,
  numMinDelayRetries: 0,
  numMaxDelayRetries: 0,
  backoffFunction: 'linear',
};

/** Milliseconds before the nth retry (beginning with 1), without jitter; `undefined` when there are no more. */
export function delayBefore(retry: number, policy: RetryPolicy): number | undefined {
  const { numRetries, numNoDelayRetries, numMinDelayRetries, numMaxDelayRetries } = policy;
  if (retry > numRetries) return undefined;
  if (retry <= numNoDelayRetries) return 0;
  const afterImmediate = retry - numNoDelayRetries;
  if (afterImmediate <= numMinDelayRetries) return policy.minDelayTarget * 1000;
  const inBackoff = numRetries - numNoDelayRetries - numMinDelayRetries - numMaxDelayRetries;
  const backoff = afterImmediate - numMinDelayRetries;
  if (backoff > inBackoff) return policy.maxDelayTarget * 1000;
  return backoffMs(inBackoff === 1 ? 0 : (backoff - 1) / (inBackoff - 1), policy);
}

/** From the shortest delay to the longest. AWS draws the four functions and states only where they begin and end. */
function backoffMs(
  progress: number,
  { minDelayTarget: min, maxDelayTarget: max, backoffFunction }: RetryPolicy,
): number {
  const share = { linear: progress, arithmetic: (progress * (1 + progress)) / 2 };
  const seconds =
    backoffFunction === 'linear' || backoffFunction === 'arithmetic'
      ? min + (max - min) * share[backoffFunction]
      : min * (max / min) ** progress;
  return Math.round(seconds * 1000);
}

/** The time all retries take together, in seconds. */
export function totalDelay(policy: RetryPolicy): number {
  let total = 0;
  for (let retry = 1; retry <= policy.numRetries; retry += 1) total += (delayBefore(retry, policy) ?? 0) / 1000;
  return total;
}
