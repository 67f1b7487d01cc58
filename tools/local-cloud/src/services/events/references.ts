import { AwsError, validationError } from '../../errors.ts';
import type { Call, Cloud } from '../../service.ts';
import { notFound, ruleNotFound } from './errors.ts';
import { type Bus, defaultBus, eventsOf, type Place, type Rule } from './state.ts';

export interface BusLocation extends Place {
  readonly name: string;
}

/** Where the bus is that an input names or gives the ARN of; the caller's default bus when it does neither. */
export function locateBus(given: string | undefined, call: Pick<Call, 'account' | 'region'>): BusLocation {
  const { account, region } = call;
  if (given === undefined || given === '') return { account, region, name: defaultBus };
  const [, arnRegion, arnAccount, name] = /^arn:aws:events:([^:]+):(\d{12}):event-bus\/(.+)$/.exec(given) ?? [];
  if (arnRegion && arnAccount && name) return { account: arnAccount, region: arnRegion, name };
  if (given.startsWith('arn:')) {
    throw validationError(`Parameter ${given} is not valid. Reason: Provided Arn is not in correct format.`);
  }
  return { account, region, name: given };
}

/** Throws ResourceNotFoundException. */
export function busOf(given: string | undefined, call: Call): Bus {
  const location = locateBus(given, call);
  const bus = findBus(call.cloud, location);
  if (!bus) throw notFound(`Event bus ${location.name}`);
  return bus;
}

/** A bus by name, of whatever account. */
export function findBus(cloud: Cloud, location: BusLocation): Bus | undefined {
  return eventsOf(cloud, location).buses.get(location.name);
}

/** Throws ResourceNotFoundException for a bus or rule that is not there. */
export function ruleOf(name: string | undefined, busName: string | undefined, call: Call): { bus: Bus; rule: Rule } {
  const bus = busOf(busName, call);
  const rule = bus.rules.get(name ?? '');
  if (!rule) throw ruleNotFound(name ?? '', bus.name);
  return { bus, rule };
}

/** Throws ManagedRuleException for a rule that an AWS service made. */
export function requireOwn(rule: Rule): void {
  if (rule.managedBy === undefined) return;
  const message = `Rule ${rule.name} is managed by ${rule.managedBy} and cannot be changed.`;
  throw new AwsError('ManagedRuleException', message);
}
