import type { ResourceRequest } from './provider.ts';
import type { Surroundings } from './scope.ts';
import type { StackResource } from './state.ts';

/** What a provider is given for one resource of a stack; it calls its service as the surroundings' caller. */
export function resourceRequest(
  { cloud, stack, account, region, caller }: Surroundings,
  { logicalId, type, properties }: Pick<StackResource, 'logicalId' | 'type' | 'properties'>,
  signal: AbortSignal,
  capabilities: readonly string[] = [],
): ResourceRequest {
  return {
    logicalId,
    type,
    properties,
    stack: { id: stack.id, name: stack.name, capabilities },
    account,
    region,
    cloud,
    clock: cloud.clock,
    signal,
    call: (service, operationName, input) =>
      cloud.call(service, operationName, input as Record<string, unknown>, { caller, region }),
  };
}
