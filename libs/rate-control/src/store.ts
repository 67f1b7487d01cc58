import type { ExchangeAnswer, ExchangeRequest } from './exchange.ts';
import type { Policy } from './policy.ts';

/** Where the permits are kept. */
export interface Store {
  /**
   * Starts with all permits free and rested, unless there is a state already. To be called once, when nobody calls the partner:
   * a state that went missing is never replaced by itself, for it may be that all its permits are in use.
   */
  initialise(policy: Policy): Promise<void>;
  /**
   * Whether the state is there and is this policy's: for a deployment that is to fail rather than its calls. Rejects with a
   * {@link StoreError}: `STORE_STATE_MISSING`, `STORE_STATE_FOREIGN` where it has other limits, `STORE_FAILED`.
   */
  check(policy: Policy): Promise<void>;
  /** One atomic exchange. Rejects with a {@link StoreError}. */
  exchange(policy: Policy, request: ExchangeRequest): Promise<ExchangeAnswer>;
}
