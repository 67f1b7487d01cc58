import { IdempotencyConfig, IdempotencyItemNotFoundError, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import type { BasePersistenceLayer } from '@aws-lambda-powertools/idempotency/persistence';
import type { FoldableEvent } from '@stackyard/event-folding';
import type { Context } from 'aws-lambda';
import type { Plan } from './plan.ts';

/** Remembers what was planned and what was done, so that a delivery that comes again, cut into other batches, changes nothing. */
export interface Ledger<Event extends FoldableEvent> {
  /** The plan an event belongs to, if there is one. */
  planOf(eventId: string): Promise<Plan<Event> | undefined>;
  /** Says that these events belong to the plan; written before the first of its calls is made. */
  assign(plan: Plan<Event>): Promise<void>;
  /** Runs `carryOut` unless it ended well for this plan before. */
  once(plan: Plan<Event>, carryOut: () => Promise<void>): Promise<void>;
}

/** Knows nothing of earlier deliveries: the downstream's own idempotency is all there is. */
export function forgetfulLedger<Event extends FoldableEvent>(): Ledger<Event> {
  return { planOf: async () => undefined, assign: async () => undefined, once: (_, carryOut) => carryOut() };
}

export interface LedgerOptions {
  /** Two layers over one table: Powertools configures each for one use. */
  readonly plans: BasePersistenceLayer;
  readonly calls: BasePersistenceLayer;
  /** How long deliveries may come again: longer than the source keeps them. */
  readonly remembersSeconds: number;
}

/** A ledger on Powertools' idempotency. */
export function powertoolsLedger<Event extends FoldableEvent>(options: LedgerOptions): Ledger<Event> {
  const { plans, calls, remembersSeconds } = options;
  const config = new IdempotencyConfig({ expiresAfterSeconds: remembersSeconds });
  // Calls left in progress block nobody: their invocation is dead, or makes the same call with the same idempotency key.
  config.registerLambdaContext({ getRemainingTimeInMillis: () => 1 } as Context);
  plans.configure({ config, keyPrefix: 'event' });
  const run = makeIdempotent(
    async (_key: string, carryOut: () => Promise<void>) => {
      await carryOut();
      return true;
    },
    { persistenceStore: calls, config, keyPrefix: 'plan', dataIndexArgument: 0 },
  );
  return {
    async planOf(eventId) {
      try {
        const record = await plans.getRecord(eventId);
        return record.isExpired() ? undefined : (record.getResponse() as unknown as Plan<Event>);
      } catch (error) {
        if (error instanceof IdempotencyItemNotFoundError) return undefined;
        throw error;
      }
    },
    async assign(plan) {
      await Promise.all(plan.of.map((id) => plans.saveSuccess(id, plan as never)));
    },
    async once(plan, carryOut) {
      await run(plan.key, carryOut);
    },
  };
}
