/** Namespace of the metrics; their only dimension is `service`, which is the stack's context. */
export const namespace = 'Stackyard/RateController';

/** One value of each for every call; the counts are 0 or 1, so that their average is a share of the calls. */
export const metricNames = {
  /** Milliseconds until the call was made or refused. */
  waitingTime: 'WaitingTime',
  refused: 'Refused',
  storeFailed: 'StoreFailed',
  partnerRefused: 'PartnerRefused',
} as const;
