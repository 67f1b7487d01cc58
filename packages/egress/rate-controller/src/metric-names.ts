/** Namespace of the metrics; their only dimension is `service`, which is the stack's context. */
export const namespace = 'Stackyard/RateController';

/** Counts are 0 or 1, so that their average is a share. */
export const metricNames = {
  /** Milliseconds until a caller's call was made or refused. */
  waitingTime: 'WaitingTime',
  /** Of the callers' calls. */
  refused: 'Refused',
  /** Calls that reached for the partner, however they ended: callers' and messages'. */
  called: 'Called',
  storeFailed: 'StoreFailed',
  partnerRefused: 'PartnerRefused',
  /** It failed, did not answer in time, or was left alone because it kept failing. */
  partnerFailed: 'PartnerFailed',
  /** Of the messages that came out of the queue. */
  deferred: 'Deferred',
  givenUp: 'GivenUp',
} as const;
