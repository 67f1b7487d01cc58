import type { Clock } from '../clock.ts';
import { AwsError } from '../errors.ts';
import type { Service } from '../service.ts';
import { ConnectionCut, type Effect, type Fault, strikesEarly } from './fault.ts';
import { failEvery, type Run } from './partial.ts';

/** What a fault is matched against. */
interface FaultyCall {
  readonly service: Service;
  readonly operation: string;
  readonly input: Record<string, unknown>;
}

/** The faults of one cloud. */
export interface Faults {
  add(fault: Fault): string;
  /** How many calls the fault has hit; undefined when it was never added or has been removed. */
  hits(id: string): number | undefined;
  remove(id: string): boolean;
  clear(): void;
  /** Runs one call under whatever faults match it. */
  around(call: FaultyCall, run: Run): Promise<unknown>;
  /** Whether any fault strikes before a request's body has come. */
  readonly anyEarly: boolean;
  /** Where a request whose body is still to come gets cut, if it does. `operation` is undefined when only the body names it. */
  earlyCut(service: string, operation: string | undefined): 'connect' | 'request' | undefined;
}

interface ActiveFault {
  readonly fault: Fault;
  readonly endsAt: number;
  left: number;
  hits: number;
}

export function createFaults(clock: Clock): Faults {
  const active = new Map<string, ActiveFault>();
  let added = 0;

  function hit(entry: ActiveFault): boolean {
    if (entry.left <= 0 || clock.now() >= entry.endsAt) return false;
    entry.left -= 1;
    entry.hits += 1;
    return true;
  }

  return {
    add(fault) {
      const id = `fault-${++added}`;
      const endsAt = clock.now() + (fault.forMs ?? Number.POSITIVE_INFINITY);
      active.set(id, { fault, endsAt, left: fault.times ?? Number.POSITIVE_INFINITY, hits: 0 });
      return id;
    },
    hits: (id) => active.get(id)?.hits,
    remove: (id) => active.delete(id),
    clear: () => active.clear(),
    async around(call, run) {
      let step = run;
      for (const entry of active.values()) {
        if (strikesEarly(entry.fault) || !matches(entry.fault, call) || !hit(entry)) continue;
        step = apply(entry.fault.effect, call, step);
      }
      return step(call.input);
    },
    get anyEarly() {
      return [...active.values()].some(({ fault }) => strikesEarly(fault));
    },
    earlyCut(service, operation) {
      for (const entry of active.values()) {
        const { fault } = entry;
        if (!strikesEarly(fault) || fault.effect.kind !== 'cut' || fault.service !== service) continue;
        if (fault.operation && fault.operation !== operation) continue;
        if (hit(entry)) return fault.effect.when as 'connect' | 'request';
      }
      return undefined;
    },
  };

  function apply(effect: Effect, { service, operation }: FaultyCall, run: Run): Run {
    switch (effect.kind) {
      case 'delay':
        return async (input) => {
          await clock.sleep(effect.ms);
          return run(input);
        };
      case 'fail':
        return async () => {
          const { code, message = 'The fault handle said so', status } = effect;
          throw new AwsError(code, message, status ? { status } : {});
        };
      case 'throttle':
        return async () => {
          throw new AwsError(throttlingCode(service), 'Rate exceeded');
        };
      case 'partial':
        return (input) => failEvery(effect.every, effect.code ?? throttlingCode(service), operation, input, run);
      case 'cut':
        return (input) => cut(effect.when, input, run);
    }
  }
}

async function cut(when: string, input: Record<string, unknown>, run: Run): Promise<never> {
  if (when === 'before') throw new ConnectionCut();
  const output = await run(input);
  throw when === 'response' ? new ConnectionCut((output ?? {}) as Record<string, unknown>) : new ConnectionCut();
}

function throttlingCode(service: Service): string {
  return service.throttlingCode ?? (service.xmlNamespace ? 'Throttling' : 'ThrottlingException');
}

function matches({ service, operation, resource }: Fault, call: FaultyCall): boolean {
  if (service !== call.service.name || (operation && operation !== call.operation)) return false;
  if (!resource) return true;
  return namesIn(call.input).some((name) => isNamed(name, resource));
}

/** What a call names at the top of its input, and the tables that batches and transactions of DynamoDB name deeper. */
function namesIn({ RequestItems, TransactItems, ...input }: Record<string, unknown>): string[] {
  const actions = ((TransactItems ?? []) as object[]).flatMap(
    (item) => Object.values(item) as { TableName?: unknown }[],
  );
  const named = [
    ...Object.values(input),
    ...Object.keys(RequestItems ?? {}),
    ...actions.map((action) => action?.TableName),
  ];
  return named.filter((name) => typeof name === 'string');
}

/** A name, a path or an ARN whose last part it is. */
function isNamed(value: string, resource: string): boolean {
  return value === resource || value.endsWith(`/${resource}`) || value.endsWith(`:${resource}`);
}
