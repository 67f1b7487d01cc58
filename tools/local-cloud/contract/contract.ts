import type { Service } from '../src/service.ts';

/** What a claim may use: the public side of AWS, which the embedded cloud and an AWS account both have. */
export interface Target {
  /** `aws` is the account and region of the environment's credentials. */
  readonly kind: 'embedded' | 'aws';
  /** 12 digits. */
  readonly account: string;
  readonly region: string;
  /** An SDK client without retries, so that each error is seen. Credentials: those of the target when none are given. */
  client<Client>(type: new (config: ClientConfig) => Client, config?: Partial<ClientConfig>): Client;
  /** A name nothing else in the account has: lower case, digits and hyphens, at most 40 characters. */
  name(): string;
  /** Deletes what the claim created. Called last in, first out, whether the claim holds or not. */
  afterwards(tidy: () => Promise<unknown>): void;
  /**
   * Repeats `check` until it no longer throws: what AWS promises to become true without saying when. The embedded cloud's clock is
   * moved in between, AWS is waited for, at most three minutes.
   */
  until<T>(check: () => Promise<T>): Promise<T>;
}

/** What an SDK client is made with. */
export interface ClientConfig {
  endpoint?: string;
  region: string;
  credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  maxAttempts: number;
}

/** One sentence about one operation that holds on AWS and in the embedded cloud. */
export interface Claim {
  readonly operation: string;
  /** Further operations without which it could not be said: what reads what was written, what takes it back. */
  readonly beside?: readonly string[];
  /** Completes "the operation …": `refuses 501 records`. */
  readonly claim: string;
  /** The limit it shows, as the AWS page states it: `500 records a call`. */
  readonly limit?: string;
  /** The AWS page that says so. */
  readonly source: string;
  /** Throws when it does not hold. */
  run(target: Target): Promise<void>;
}

/** What one service is held to. */
export interface Contract {
  readonly service: Service;
  readonly claims: readonly Claim[];
}

/** The error a call is answered with. Throws when the call succeeds. */
export async function refusal(call: Promise<unknown>): Promise<{ name: string; message: string }> {
  const answer = await call.then(
    () => undefined,
    (error: Error) => ({ name: error.name, message: error.message }),
  );
  if (!answer) throw new Error('The call should have been refused and succeeded.');
  return answer;
}
