/** A lease as its holder sees it: until when its permits may be used, by the holder's clock. */
export interface Hold {
  until: number;
}

export interface Permit {
  /** By the holder's clock; infinite while its call is under way, for limits of concurrency. */
  restedAt: number;
  /** How often it was used. */
  uses: number;
  readonly hold: Hold;
}

/** What a holder has of one limit, those first that have rested first. */
export class Permits {
  #permits: Permit[] = [];

  add(permit: Permit): void {
    let low = 0;
    let high = this.#permits.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#permits[middle] as Permit).restedAt <= permit.restedAt) low = middle + 1;
      else high = middle;
    }
    this.#permits.splice(low, 0, permit);
  }

  /** False when it isn't here any more. */
  remove(permit: Permit): boolean {
    const index = this.#permits.indexOf(permit);
    if (index >= 0) this.#permits.splice(index, 1);
    return index >= 0;
  }

  /** The one that has rested first, if it may still be used by then. */
  first(now: number): Permit | undefined {
    return this.#permits.find(({ hold, restedAt }) => hold.until > Math.max(now, restedAt));
  }

  of(hold: Hold): Permit[] {
    return this.#permits.filter((permit) => permit.hold === hold);
  }

  /** How many can still be used before `end`. */
  countUntil(end: number): number {
    return this.#permits.filter(({ restedAt }) => restedAt <= end).length;
  }

  /** When the permit for the caller at this place in the line, from 0, is rested; each rests for `restMs` between two uses. */
  restedFor(place: number, restMs: number): number | undefined {
    const count = this.#permits.length;
    const permit = this.#permits[place % Math.max(1, count)];
    return permit && permit.restedAt + Math.floor(place / count) * restMs;
  }

  /** Forgets what may not be used any more. */
  expire(now: number): void {
    if (this.#permits.some(({ hold }) => hold.until <= now)) {
      this.#permits = this.#permits.filter(({ hold }) => hold.until > now);
    }
  }
}
