import { randomBytes } from 'node:crypto';
import type {
  Action,
  AvailabilityZone,
  LoadBalancerSchemeEnum,
  RuleCondition,
  TargetGroup,
  TargetHealth,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Cloud } from '../../service.ts';

export interface Place {
  readonly account: string;
  readonly region: string;
}

export interface StoredLoadBalancer {
  readonly arn: string;
  readonly name: string;
  /** `name-1234567890`, for an internal one `internal-name-1234567890`: what makes its DNS name its own. */
  readonly dnsLabel: string;
  readonly scheme: LoadBalancerSchemeEnum;
  readonly vpcId: string;
  readonly created: Date;
  zones: readonly AvailabilityZone[];
  /** Its network interfaces, one in each subnet. */
  interfaces: readonly string[];
  securityGroups: readonly string[];
  readonly attributes: Map<string, string>;
}

export interface StoredTarget {
  readonly id: string;
  readonly port: number;
  readonly zone: string | undefined;
  health: TargetHealth;
  /** Consecutive results of health checks, the last ones. */
  successes: number;
  failures: number;
}

export interface StoredTargetGroup {
  readonly arn: string;
  readonly name: string;
  /** What the calls that create and modify it set. */
  settings: Omit<TargetGroup, 'TargetGroupArn' | 'TargetGroupName' | 'LoadBalancerArns'>;
  readonly attributes: Map<string, string>;
  /** By `id:port`. */
  readonly targets: Map<string, StoredTarget>;
}

export interface StoredListener {
  readonly arn: string;
  readonly loadBalancerArn: string;
  port: number;
  actions: readonly Action[];
}

export interface StoredRule {
  readonly arn: string;
  readonly listenerArn: string;
  priority: number;
  conditions: readonly RuleCondition[];
  actions: readonly Action[];
}

export interface ElbState {
  readonly loadBalancers: Map<string, StoredLoadBalancer>;
  readonly targetGroups: Map<string, StoredTargetGroup>;
  readonly listeners: Map<string, StoredListener>;
  readonly rules: Map<string, StoredRule>;
  readonly tags: Map<string, Map<string, string>>;
}

export function elbState(cloud: Cloud, { account, region }: Place): ElbState {
  return cloud.store('elasticloadbalancing', account, region, () => ({
    loadBalancers: new Map(),
    targetGroups: new Map(),
    listeners: new Map(),
    rules: new Map(),
    tags: new Map(),
  }));
}

/** Target groups' ARNs that actions forward to. */
export function forwardedTo(actions: readonly Action[]): string[] {
  return actions.flatMap(({ TargetGroupArn, ForwardConfig }) => {
    const weighted = ForwardConfig?.TargetGroups?.map((group) => group.TargetGroupArn) ?? [];
    return [TargetGroupArn, ...weighted].filter((arn) => arn !== undefined);
  });
}

/** The load balancers that a target group gets requests from. */
export function loadBalancersOf(state: ElbState, targetGroupArn: string): string[] {
  const byDefault = [...state.listeners.values()].filter(({ actions }) =>
    forwardedTo(actions).includes(targetGroupArn),
  );
  const byRule = [...state.rules.values()]
    .filter(({ actions }) => forwardedTo(actions).includes(targetGroupArn))
    .flatMap(({ listenerArn }) => state.listeners.get(listenerArn) ?? []);
  return [...new Set([...byDefault, ...byRule].map(({ loadBalancerArn }) => loadBalancerArn))];
}

export function elbArn({ account, region }: Place, resource: string): string {
  return `arn:aws:elasticloadbalancing:${region}:${account}:${resource}`;
}

/** 16 hexadecimal digits, what ends every ARN of the service. */
export const newId = () => randomBytes(8).toString('hex');

/** `app/name/50dc6c495c0c9188` of a load balancer's or listener's ARN. */
export const pathOf = (arn: string) => arn.slice(arn.indexOf('/') + 1);
