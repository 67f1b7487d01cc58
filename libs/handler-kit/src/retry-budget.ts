/**
 * Keeps retries a small part of all calls, so that they don't finish off a downstream that is already struggling. The rule and
 * its values are gRPC's ("Throttling retry attempts", gRFC A6): a failed attempt costs a token, a good one earns a tenth, and while
 * half of the tokens or fewer are left nothing is retried.
 */
export class RetryBudget {
  static readonly #most = 10;
  static readonly #earned = 0.1;
  #tokens = RetryBudget.#most;

  failed(): void {
    this.#tokens = Math.max(0, this.#tokens - 1);
  }

  succeeded(): void {
    this.#tokens = Math.min(RetryBudget.#most, this.#tokens + RetryBudget.#earned);
  }

  get allowsRetry(): boolean {
    return this.#tokens > RetryBudget.#most / 2;
  }
}
