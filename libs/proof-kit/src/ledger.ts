/** What became of everything that was sent. */
export interface LedgerCount {
  readonly sent: number;
  /** Of those sent, how many arrived at least once. */
  readonly delivered: number;
  /** Arrivals beyond the first of each. */
  readonly duplicated: number;
  /** Sent and never arrived. */
  readonly lost: number;
}

/** Counts things by their identity on both ends of a pipe. */
export interface Ledger {
  sent(id: string): void;
  /** An arrival; one that was never sent is not counted but listed in `strangers`. */
  delivered(id: string): void;
  count(): LedgerCount;
  /** Sent and not arrived, in the order they were sent. */
  missing(): string[];
  strangers(): string[];
}

export function createLedger(): Ledger {
  const arrivals = new Map<string, number>();
  const strangers: string[] = [];
  return {
    sent(id) {
      if (arrivals.has(id))
        throw new Error(`'${id}' was sent before: every thing in a ledger needs an identity of its own`);
      arrivals.set(id, 0);
    },
    delivered(id) {
      const seen = arrivals.get(id);
      if (seen === undefined) strangers.push(id);
      else arrivals.set(id, seen + 1);
    },
    count() {
      const times = [...arrivals.values()];
      const delivered = times.filter((n) => n > 0).length;
      return {
        sent: times.length,
        delivered,
        duplicated: times.reduce((sum, n) => sum + Math.max(0, n - 1), 0),
        lost: times.length - delivered,
      };
    },
    missing: () => [...arrivals].filter(([, n]) => n === 0).map(([id]) => id),
    strangers: () => [...strangers],
  };
}
