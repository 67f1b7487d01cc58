import { byArrival } from '@stackyard/event-folding';
import { type Egress, type Ledger, powertoolsLedger, type UserEvent, userRules } from '../src/index.ts';
import { MemoryLayer } from './memory-layer.ts';

/** A downstream that takes each key once, and dies on demand. */
export function testEgress(ledger: Ledger<UserEvent> = rememberingLedger()) {
  const taken = new Map<string, UserEvent>();
  const broken = new Map<string, 'before' | 'after'>();
  let calls = 0;
  const egress: Egress<UserEvent> = {
    rules: userRules,
    order: byArrival,
    ledger,
    async send(event, key) {
      calls += 1;
      const fails = broken.get(event.subject);
      if (fails === 'before') throw new Error(`${event.subject} is not taken`);
      if (!taken.has(key)) taken.set(key, event);
      if (fails === 'after') throw new Error(`the answer for ${event.subject} got lost`);
    },
  };
  return { egress, broken, calls: () => calls, taken: () => [...taken.values()] };
}

function rememberingLedger(): Ledger<UserEvent> {
  const layers = { plans: new MemoryLayer(), calls: new MemoryLayer() };
  return powertoolsLedger({ ...layers, remembersSeconds: 3600 });
}
