import { type FoldableEvent, type FoldingRules, fold, type Order } from '@stackyard/event-folding';
import type { Ledger } from './ledger.ts';
import { measured } from './measured.ts';
import { callKey, type Plan, planOf } from './plan.ts';

export interface Egress<Event extends FoldableEvent> {
  readonly rules: FoldingRules<Event>;
  readonly order: Order<Event>;
  readonly ledger: Ledger<Event>;
  /** Tells the downstream; takes the same key twice as one call. */
  readonly send: (event: Event, idempotencyKey: string) => Promise<void>;
}

/** What has to be done for one subject, and which of the events it stands for. */
export interface Task<Event extends FoldableEvent> {
  /** The events as they were given: what becomes of the task becomes of them. */
  readonly events: readonly Event[];
  run(): Promise<void>;
}

/**
 * Tasks for a batch, one for each subject in the order in which subjects came first. Events that were planned in an earlier delivery
 * are carried out as planned then; the others are folded.
 */
export async function tasksOf<Event extends FoldableEvent>(
  batch: readonly Event[],
  egress: Egress<Event>,
): Promise<Task<Event>[]> {
  const { ledger, rules, order } = egress;
  const planned = new Map<Event, Plan<Event>>();
  await Promise.all(
    batch.map(async (event) => {
      const plan = await ledger.planOf(event.id);
      if (plan) planned.set(event, plan);
    }),
  );
  return [...Map.groupBy(batch, ({ subject }) => subject).values()].map((events) => {
    const earlier = new Map(events.flatMap((event) => planned.get(event) ?? []).map((plan) => [plan.key, plan]));
    const rest = events.filter((event) => !planned.has(event));
    const plans = [...earlier.values(), ...fold(rest, { rules, order }).map(planOf)];
    return {
      events,
      async run() {
        for (const plan of plans) await carryOut(plan, egress);
      },
    };
  });
}

/** Assigns first: a delivery that ends in the middle finds its plan again, with all the events it stands for. */
async function carryOut<Event extends FoldableEvent>(
  plan: Plan<Event>,
  { ledger, send }: Egress<Event>,
): Promise<void> {
  await ledger.assign(plan);
  await ledger.once(plan, async () => {
    for (const [index, event] of plan.events.entries()) await measured(() => send(event, callKey(plan, index)));
  });
}
