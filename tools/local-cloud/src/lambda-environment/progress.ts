/** Why a phase ended early: the first fault of a sandbox decides what is reported. */
export class Fault extends Error {
  /** `timeout`: a time limit · `failure`: the platform's own doing (`Sandbox.…`) · `error`: the runtime or an extension. */
  readonly status: 'timeout' | 'failure' | 'error';
  /** `Runtime.ExitError`, `Extension.Crash`, `Sandbox.Timedout`, … */
  readonly errorType: string;
  /** The error object the runtime reported itself, already JSON. */
  readonly payload: Buffer | undefined;

  constructor(status: Fault['status'], errorType: string, message: string, payload?: Buffer) {
    super(message);
    this.status = status;
    this.errorType = errorType;
    this.payload = payload;
  }
}

/** What the phases wait on: conditions over the state of the sandbox, until the first fault. */
export interface Progress {
  /** State has changed: every waiter looks at its condition again. */
  changed(): void;
  /** Resolves once `condition` holds; rejects with the fault when one comes first. */
  until(condition: () => boolean): Promise<void>;
  /** The first fault wins and is final. */
  fail(fault: Fault): void;
  readonly fault: Fault | undefined;
}

interface Waiter {
  readonly condition: () => boolean;
  readonly resolve: () => void;
  readonly reject: (fault: Fault) => void;
}

export function createProgress(): Progress {
  const waiters = new Set<Waiter>();
  let fault: Fault | undefined;
  return {
    get fault() {
      return fault;
    },
    changed() {
      for (const waiter of waiters) {
        if (!waiter.condition()) continue;
        waiters.delete(waiter);
        waiter.resolve();
      }
    },
    until(condition) {
      return new Promise((resolve, reject) => {
        if (fault) reject(fault);
        else if (condition()) resolve();
        else waiters.add({ condition, resolve, reject });
      });
    },
    fail(reason) {
      if (fault) return;
      fault = reason;
      for (const waiter of waiters) waiter.reject(reason);
      waiters.clear();
    },
  };
}
