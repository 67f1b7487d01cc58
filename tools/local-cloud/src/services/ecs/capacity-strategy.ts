import type { CapacityProviderStrategyItem, CreateServiceCommandInput } from '@aws-sdk/client-ecs';
import { invalidParameter, unsupported } from './errors.ts';

export const fargateProviders: readonly string[] = ['FARGATE', 'FARGATE_SPOT'];

/** "CapacityProviderStrategyItem", Amazon ECS API Reference. Throws InvalidParameterException. */
export function checkStrategy(
  strategy: readonly CapacityProviderStrategyItem[],
  providers: readonly string[] | undefined,
): void {
  if (strategy.length === 0) return;
  const stray = strategy.find(({ capacityProvider = '' }) => providers && !providers.includes(capacityProvider));
  if (stray) {
    throw invalidParameter(
      `The specified capacity provider '${stray.capacityProvider}' was not found. Associate it with the cluster first.`,
    );
  }
  if (strategy.every(({ weight = 0 }) => weight === 0)) {
    throw invalidParameter('At least one capacity provider must have a weight greater than zero.');
  }
  if (strategy.filter(({ base = 0 }) => base > 0).length > 1) {
    throw invalidParameter('Only one capacity provider in a strategy can have a base defined.');
  }
}

/** How tasks are placed: a launch type or a strategy, of the request or else of the cluster. */
export interface Capacity {
  readonly launchType?: 'FARGATE';
  readonly capacityProviderStrategy?: CapacityProviderStrategyItem[];
}

/** Throws InvalidParameterException for both at once and for providers the cluster lacks. */
export function capacityOf(
  {
    launchType,
    capacityProviderStrategy = [],
  }: Pick<CreateServiceCommandInput, 'launchType' | 'capacityProviderStrategy'>,
  cluster: { capacityProviders?: string[]; defaultCapacityProviderStrategy?: CapacityProviderStrategyItem[] },
): Capacity {
  if (launchType && capacityProviderStrategy.length > 0) {
    throw invalidParameter(
      'Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.',
    );
  }
  if (launchType === 'FARGATE') return { launchType };
  if (launchType) throw unsupported(`the launch type ${launchType}; it has FARGATE`);
  const own = capacityProviderStrategy.length > 0;
  const strategy = own ? capacityProviderStrategy : (cluster.defaultCapacityProviderStrategy ?? []);
  if (strategy.length === 0) {
    throw unsupported('the launch type EC2, which is meant where neither launchType nor a strategy is given');
  }
  checkStrategy(strategy, cluster.capacityProviders ?? []);
  return { capacityProviderStrategy: strategy };
}

/**
 * The provider of the next task: the base is filled first, then the one that is furthest below its share by weight
 * ("Capacity provider strategy", Amazon ECS Developer Guide). `running` are the providers of the tasks there are.
 */
export function nextProvider(
  strategy: readonly CapacityProviderStrategyItem[],
  running: readonly (string | undefined)[],
): string | undefined {
  const count = (name: string | undefined) => running.filter((provider) => provider === name).length;
  const belowBase = strategy.find(({ capacityProvider, base = 0 }) => count(capacityProvider) < base);
  if (belowBase) return belowBase.capacityProvider;
  const load = ({ capacityProvider, base = 0, weight = 0 }: CapacityProviderStrategyItem) =>
    (count(capacityProvider) - base + 1) / weight;
  const [next] = strategy.filter(({ weight = 0 }) => weight > 0).toSorted((a, b) => load(a) - load(b));
  return next?.capacityProvider;
}
