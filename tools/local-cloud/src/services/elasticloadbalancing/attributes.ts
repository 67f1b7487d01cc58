import type { LoadBalancerAttribute } from '@aws-sdk/client-elastic-load-balancing-v2';
import { unsupported, validationError } from './errors.ts';

/** An attribute: what it is unless set, and which values can be set here. */
interface Attribute {
  readonly otherwise: string;
  /** Absent where nothing but the default is carried out. */
  readonly allowed?: RegExp | readonly [min: number, max: number];
}

const flag = /^(true|false)$/;

/** "Load balancer attributes", User Guide for Application Load Balancers. */
export const loadBalancerAttributes: Readonly<Record<string, Attribute>> = {
  'access_logs.s3.enabled': { otherwise: 'false' },
  'access_logs.s3.bucket': { otherwise: '', allowed: /.*/ },
  'access_logs.s3.prefix': { otherwise: '', allowed: /.*/ },
  'client_keep_alive.seconds': { otherwise: '3600', allowed: [60, 604_800] },
  'connection_logs.s3.enabled': { otherwise: 'false' },
  'connection_logs.s3.bucket': { otherwise: '', allowed: /.*/ },
  'connection_logs.s3.prefix': { otherwise: '', allowed: /.*/ },
  'deletion_protection.enabled': { otherwise: 'false', allowed: flag },
  'idle_timeout.timeout_seconds': { otherwise: '60', allowed: [1, 4000] },
  'ipv6.deny_all_igw_traffic': { otherwise: 'false' },
  'load_balancing.cross_zone.enabled': { otherwise: 'true' },
  // Node's HTTP parser refuses what the strictest mode refuses.
  'routing.http.desync_mitigation_mode': { otherwise: 'defensive', allowed: /^(monitor|defensive|strictest)$/ },
  'routing.http.drop_invalid_header_fields.enabled': { otherwise: 'false', allowed: flag },
  'routing.http.preserve_host_header.enabled': { otherwise: 'false', allowed: flag },
  'routing.http.x_amzn_tls_version_and_cipher_suite.enabled': { otherwise: 'false', allowed: flag },
  'routing.http.xff_client_port.enabled': { otherwise: 'false', allowed: flag },
  'routing.http.xff_header_processing.mode': { otherwise: 'append', allowed: /^(append|preserve|remove)$/ },
  'routing.http2.enabled': { otherwise: 'true', allowed: flag },
  'waf.fail_open.enabled': { otherwise: 'false' },
  'zonal_shift.config.enabled': { otherwise: 'false' },
};

/** "Target group attributes", User Guide for Application Load Balancers. */
export const targetGroupAttributes: Readonly<Record<string, Attribute>> = {
  'deregistration_delay.timeout_seconds': { otherwise: '300', allowed: [0, 3600] },
  'load_balancing.algorithm.anomaly_mitigation': { otherwise: 'off' },
  'load_balancing.algorithm.type': { otherwise: 'round_robin', allowed: /^(round_robin|least_outstanding_requests)$/ },
  'load_balancing.cross_zone.enabled': {
    otherwise: 'use_load_balancer_configuration',
    allowed: /^(true|use_load_balancer_configuration)$/,
  },
  'slow_start.duration_seconds': { otherwise: '0' },
  'stickiness.app_cookie.cookie_name': { otherwise: '', allowed: /.*/ },
  'stickiness.app_cookie.duration_seconds': { otherwise: '86400', allowed: [1, 604_800] },
  'stickiness.enabled': { otherwise: 'false' },
  'stickiness.lb_cookie.duration_seconds': { otherwise: '86400', allowed: [1, 604_800] },
  'stickiness.type': { otherwise: 'lb_cookie', allowed: /^(lb_cookie|app_cookie)$/ },
  'target_group_health.dns_failover.minimum_healthy_targets.count': { otherwise: '1' },
  'target_group_health.dns_failover.minimum_healthy_targets.percentage': { otherwise: 'off' },
  'target_group_health.unhealthy_state_routing.minimum_healthy_targets.count': { otherwise: '1' },
  'target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage': { otherwise: 'off' },
};

type Known = typeof loadBalancerAttributes;

/** The attributes a call sets, checked. Throws for those nobody knows or nobody carries out. */
export function readAttributes(known: Known, given: readonly LoadBalancerAttribute[] = []): Map<string, string> {
  return new Map(
    given.map(({ Key = '', Value = '' }) => {
      const attribute = known[Key];
      if (!attribute) throw validationError(`Attribute key '${Key}' is not recognized`);
      const { otherwise, allowed } = attribute;
      if (Value !== otherwise && !allowed) throw unsupported(`${Key} = ${Value}`);
      if (Value !== otherwise && allowed && !isAllowed(Value, allowed)) {
        throw validationError(`Attribute value '${Value}' is not valid for the attribute key '${Key}'`);
      }
      return [Key, Value];
    }),
  );
}

function isAllowed(value: string, allowed: NonNullable<Attribute['allowed']>): boolean {
  if (allowed instanceof RegExp) return allowed.test(value);
  const [min, max] = allowed;
  return /^\d+$/.test(value) && Number(value) >= min && Number(value) <= max;
}

export function listAttributes(known: Known, set: ReadonlyMap<string, string>): { Key: string; Value: string }[] {
  return Object.entries(known).map(([Key, { otherwise }]) => ({ Key, Value: set.get(Key) ?? otherwise }));
}

/** An attribute's value: what was set, or its default. */
export function attributeOf(known: Known, set: ReadonlyMap<string, string>, key: string): string {
  return set.get(key) ?? known[key]?.otherwise ?? '';
}
