import type { WebACL } from '@aws-sdk/client-wafv2';
import type { Call, Cloud } from '../../service.ts';

export interface WebAcl {
  acl: WebACL;
  /** Changes with every change, and must be told with the next: nobody overwrites what somebody else has changed. */
  lockToken: string;
  tags: Record<string, string>;
  /** ARNs of the stages it guards. */
  readonly resources: Set<string>;
}

export interface WafState {
  /** By id. */
  readonly acls: Map<string, WebAcl>;
}

export function wafState(cloud: Cloud, account: string, region: string): WafState {
  return cloud.store<WafState>('wafv2', account, region, () => ({ acls: new Map() }));
}

export function stateOf({ cloud, account, region }: Call): WafState {
  return wafState(cloud, account, region);
}
