import type { Clock } from './clock.ts';
import { AwsError } from './errors.ts';
import type { Service } from './service.ts';

/**
 * Something going wrong on purpose: which calls it hits, and what happens to them.
 *
 * - `delay`: the answer comes `ms` later.
 * - `fail`: the call is answered with this error and does nothing.
 * - `throttle`: `fail` with the service's usual throttling error.
 * - `cut`: the connection is closed without an answer; the call has done its work (`after`) or not (`before`).
 * - `partial`: every `every`-th entry of a PutRecords call fails with ProvisionedThroughputExceededException.
 */
export interface Fault {
  readonly service: string;
  /** Default: every operation of the service. */
  readonly operation?: string;
  /** Default: every resource. Otherwise a string that one of the input's top-level members equals or ends with. */
  readonly resource?: string;
  /** Default: until it is removed. */
  readonly times?: number;
  readonly effect:
    | { readonly kind: 'delay'; readonly ms: number }
    | { readonly kind: 'fail'; readonly code: string; readonly message: string; readonly status?: number }
    | { readonly kind: 'throttle' }
    | { readonly kind: 'cut'; readonly when: 'before' | 'after' }
    | { readonly kind: 'partial'; readonly every: number };
}

/** Thrown through to the HTTP server, which drops the connection. */
export class ConnectionCut extends Error {}

/** What a fault is matched against. */
interface FaultyCall {
  readonly service: Service;
  readonly operation: string;
  readonly input: Record<string, unknown>;
}

export interface Faults {
  add(fault: Fault): string;
  remove(id: string): boolean;
  clear(): void;
  /** Runs one call under whatever faults match it. */
  around(call: FaultyCall, run: Run): Promise<unknown>;
}

export function createFaults(clock: Clock): Faults {
  const active = new Map<string, { fault: Fault; left: number }>();
  let added = 0;

  return {
    add(fault) {
      const id = `fault-${++added}`;
      active.set(id, { fault, left: fault.times ?? Number.POSITIVE_INFINITY });
      return id;
    },
    remove: (id) => active.delete(id),
    clear: () => active.clear(),
    async around(call, run) {
      let step = run;
      for (const [id, entry] of active) {
        if (!matches(entry.fault, call)) continue;
        entry.left -= 1;
        if (entry.left <= 0) active.delete(id);
        step = apply(entry.fault.effect, call.service, step);
      }
      return step(call.input);
    },
  };

  function apply(effect: Fault['effect'], service: Service, run: Run): Run {
    switch (effect.kind) {
      case 'delay':
        return async (input) => {
          await clock.sleep(effect.ms);
          return run(input);
        };
      case 'fail':
        return async () => {
          throw new AwsError(effect.code, effect.message, effect.status ? { status: effect.status } : {});
        };
      case 'throttle':
        return async () => {
          throw new AwsError(throttlingCode(service), 'Rate exceeded');
        };
      case 'cut':
        return async (input) => {
          if (effect.when === 'after') await run(input);
          throw new ConnectionCut();
        };
      case 'partial':
        return (input) => failEvery(effect.every, input, run);
    }
  }
}

type Run = (input: Record<string, unknown>) => Promise<unknown>;

function throttlingCode(service: Service): string {
  return service.throttlingCode ?? (service.xmlNamespace ? 'Throttling' : 'ThrottlingException');
}

function matches(fault: Fault, call: FaultyCall): boolean {
  if (fault.service !== call.service.name) return false;
  if (fault.operation && fault.operation !== call.operation) return false;
  const { resource } = fault;
  if (!resource) return true;
  return Object.values(call.input).some((value) => typeof value === 'string' && value.endsWith(resource));
}

async function failEvery(every: number, input: Record<string, unknown>, run: Run): Promise<unknown> {
  const records = input['Records'];
  if (!Array.isArray(records)) return run(input);
  const isHit = (_: unknown, i: number) => (i + 1) % every === 0;
  const spared = records.filter((record, i) => !isHit(record, i));
  const output = (spared.length > 0 ? await run({ ...input, Records: spared }) : { Records: [] }) as {
    FailedRecordCount?: number;
    Records: unknown[];
  };
  const results = [...output.Records];
  return {
    ...output,
    FailedRecordCount: (output.FailedRecordCount ?? 0) + records.length - spared.length,
    Records: records.map((record, i) =>
      isHit(record, i)
        ? { ErrorCode: 'ProvisionedThroughputExceededException', ErrorMessage: 'Rate exceeded for shard (fault).' }
        : results.shift(),
    ),
  };
}
