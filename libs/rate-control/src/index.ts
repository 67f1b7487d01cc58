export { type Answers, type AnswersOptions, createAnswers } from './answers.ts';
export { type Clock, machineClock } from './clock.ts';
export { createDeferral, type Deferral } from './deferral.ts';
export {
  PolicyError,
  type PolicyErrorCode,
  type RateLimitedCode,
  RateLimitedError,
  StoreError,
  type StoreErrorCode,
} from './errors.ts';
export {
  type ExchangeAnswer,
  type ExchangeRequest,
  exchange,
  type Lease,
  type Resting,
  type StoreTime,
} from './exchange.ts';
export { createFeedback, type Feedback, type FeedbackOptions, retryAfterMs, type Verdict } from './feedback.ts';
export { createHedging, type Hedging, type HedgingOptions } from './hedging.ts';
export { type CallOptions, createLimiter, type Limiter, type LimiterOptions, type Turn } from './limiter.ts';
export { definePolicy, type Limit, type Policy, type PolicyInput } from './policy.ts';
export { initialState, type Leases, type State } from './state.ts';
export type { Store } from './store.ts';
export { askAgain } from './stores/ask-again.ts';
export { type Documents, documentStore, type Heard, type Stored, type Written } from './stores/documents.ts';
export { memoryStore } from './stores/memory.ts';
