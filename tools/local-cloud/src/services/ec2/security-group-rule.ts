import type { SecurityGroupRule } from '@aws-sdk/client-ec2';
import { type Ec2State, newId, type StoredRule } from './state.ts';

/** The peer of a rule: exactly one of these is set. */
export type Peer = Pick<SecurityGroupRule, 'CidrIpv4' | 'CidrIpv6' | 'PrefixListId' | 'ReferencedGroupInfo'>;

/** A rule before it has an ID. Ports are -1 for all of them, or hold type and code in ICMP. */
export interface RuleDraft extends Peer {
  readonly IsEgress: boolean;
  readonly IpProtocol: string;
  readonly FromPort: number;
  readonly ToPort: number;
  readonly Description?: string | undefined;
}

export function addRule(state: Ec2State, GroupId: string, GroupOwnerId: string, draft: RuleDraft): StoredRule {
  const SecurityGroupRuleId = newId('sgr');
  const rule: StoredRule = { SecurityGroupRuleId, GroupId, GroupOwnerId, ...draft };
  state.securityGroupRules.set(SecurityGroupRuleId, rule);
  return rule;
}

export function allowAll(state: Ec2State, GroupId: string, owner: string, peer: Peer & { IsEgress: boolean }): void {
  addRule(state, GroupId, owner, { ...peer, IpProtocol: '-1', FromPort: -1, ToPort: -1 });
}

/** Two rules that let the same through in one group are one. */
export function sameRule(one: RuleDraft | StoredRule, other: RuleDraft | StoredRule): boolean {
  return (
    one.IsEgress === other.IsEgress &&
    one.IpProtocol === other.IpProtocol &&
    one.FromPort === other.FromPort &&
    one.ToPort === other.ToPort &&
    peerText(one) === peerText(other)
  );
}

export function peerText({ CidrIpv4, CidrIpv6, PrefixListId, ReferencedGroupInfo }: Peer): string {
  return CidrIpv4 ?? CidrIpv6 ?? PrefixListId ?? ReferencedGroupInfo?.GroupId ?? '';
}

export function rulesOf(state: Ec2State, groupId: string): StoredRule[] {
  return [...state.securityGroupRules.values()].filter((rule) => rule.GroupId === groupId);
}
