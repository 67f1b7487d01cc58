import type { PolicyDocument } from '../../iam/policy-document.ts';
import type { Call, Cloud, Demand } from '../../service.ts';
import { type BusLocation, findBus, locateBus } from './references.ts';
import { busArn, ruleArn } from './state.ts';

/** Demands one `events:` action on the bus the input names. */
export function onBus(action: string) {
  return (input: { EventBusName?: string | undefined; Name?: string | undefined }, call: Call): readonly Demand[] => [
    busDemand(action, locateBus(input.EventBusName ?? input.Name, call), call.cloud),
  ];
}

/** What an operation on a bus needs; the bus’s own policy counts too. */
export function busDemand(
  action: string,
  location: BusLocation,
  cloud: Cloud,
  context: NonNullable<Demand['context']> = {},
): Demand {
  return {
    action: `events:${action}`,
    resource: busArn(location.name, location),
    context,
    resourcePolicy: policyOf(cloud, location),
  };
}

interface RuleInput {
  readonly Name?: string | undefined;
  readonly Rule?: string | undefined;
  readonly EventBusName?: string | undefined;
}

/** Demands one `events:` action on the rule the input names; the bus's policy may allow it to other accounts. */
export function onRule(action: string) {
  return ({ Name, Rule, EventBusName }: RuleInput, call: Call): readonly Demand[] => {
    const location = locateBus(EventBusName, call);
    const resource = ruleArn(Name ?? Rule ?? '', location.name, location);
    return [{ action: `events:${action}`, resource, resourcePolicy: policyOf(call.cloud, location) }];
  };
}

function policyOf(cloud: Cloud, location: BusLocation): PolicyDocument | undefined {
  const policy = findBus(cloud, location)?.policy;
  return policy === undefined ? undefined : (JSON.parse(policy) as PolicyDocument);
}
