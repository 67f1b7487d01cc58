import type { IpPermission } from '@aws-sdk/client-ec2';
import { blockText, readBlock } from '../../ipv4.ts';
import { found } from './describe.ts';
import { ec2Error, invalidValue, missingParameter } from './errors.ts';
import type { Peer, RuleDraft } from './security-group-rule.ts';
import type { Ec2State, StoredGroup, StoredRule } from './state.ts';

/** How rules come in: as permissions, or as one rule in members of the request itself. */
export interface PermissionsInput {
  readonly IpPermissions?: IpPermission[] | undefined;
  readonly IpProtocol?: string | undefined;
  readonly FromPort?: number | undefined;
  readonly ToPort?: number | undefined;
  readonly CidrIp?: string | undefined;
  readonly SourceSecurityGroupName?: string | undefined;
  readonly SourceSecurityGroupOwnerId?: string | undefined;
}

/** Protocols by number and by name: EC2 answers the names ("AuthorizeSecurityGroupIngress", EC2 API Reference). */
const protocols: Readonly<Record<string, string>> = { '1': 'icmp', '6': 'tcp', '17': 'udp', '58': 'icmpv6', all: '-1' };

/** The rules a request names, one for each peer. Throws for what EC2 refuses. */
export function readRules(
  state: Ec2State,
  group: StoredGroup,
  isEgress: boolean,
  input: PermissionsInput,
): readonly RuleDraft[] {
  const permissions = input.IpPermissions ?? [flatPermission(state, group, input)];
  return permissions.flatMap((permission) => {
    const { IpProtocol, FromPort, ToPort } = permission;
    if (IpProtocol === undefined) throw missingParameter('ipProtocol');
    const protocol = protocols[IpProtocol.toLowerCase()] ?? IpProtocol.toLowerCase();
    const ports = portsOf(protocol, FromPort, ToPort);
    const base = { IsEgress: isEgress, IpProtocol: protocol, ...ports };
    const rules = peersOf(state, group, permission).map((peer) => ({ ...base, ...peer }));
    if (rules.length === 0) throw missingParameter('ipRanges');
    return rules;
  });
}

function flatPermission(state: Ec2State, group: StoredGroup, input: PermissionsInput): IpPermission {
  const { IpProtocol, FromPort, ToPort, CidrIp, SourceSecurityGroupName: source } = input;
  if (IpProtocol === undefined && source === undefined) throw missingParameter('ipPermissions');
  const sourceGroup = [...state.securityGroups.values()].find(
    (one) => one.VpcId === group.VpcId && one.GroupName === source,
  );
  return {
    IpProtocol: IpProtocol ?? '-1',
    FromPort,
    ToPort,
    ...(CidrIp !== undefined && { IpRanges: [{ CidrIp }] }),
    ...(source !== undefined && { UserIdGroupPairs: [{ GroupId: sourceGroup?.GroupId ?? source }] }),
  };
}

function portsOf(protocol: string, from: number | undefined, to: number | undefined) {
  if (protocol === '-1') return { FromPort: -1, ToPort: -1 };
  if (protocol !== 'tcp' && protocol !== 'udp') return { FromPort: from ?? -1, ToPort: to ?? -1 };
  const range = (port: number | undefined): port is number => port !== undefined && port >= 0 && port <= 65_535;
  if (!range(from) || !range(to) || from > to) {
    throw ec2Error(
      'InvalidParameterValue',
      `Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange.`,
    );
  }
  return { FromPort: from, ToPort: to };
}

function peersOf(state: Ec2State, group: StoredGroup, permission: IpPermission): (Peer & { Description?: string })[] {
  const described = (peer: Peer, Description: string | undefined) => ({
    ...peer,
    ...(Description !== undefined && { Description }),
  });
  return [
    ...(permission.IpRanges ?? []).map(({ CidrIp = '', Description }) => {
      const block = readBlock(CidrIp);
      if (!block) throw ec2Error('InvalidParameterValue', `CIDR block ${CidrIp} is malformed`);
      return described({ CidrIpv4: blockText(block) }, Description);
    }),
    ...(permission.Ipv6Ranges ?? []).map(({ CidrIpv6, Description }) => described({ CidrIpv6 }, Description)),
    ...(permission.PrefixListIds ?? []).map(({ PrefixListId, Description }) =>
      described({ PrefixListId }, Description),
    ),
    ...(permission.UserIdGroupPairs ?? []).map(({ GroupId, GroupName, UserId, Description }) => {
      const id = GroupId ?? [...state.securityGroups.values()].find((one) => one.GroupName === GroupName)?.GroupId;
      const peer = found(state.securityGroups, id ?? GroupName, 'security-group');
      if (peer.VpcId !== group.VpcId) throw invalidValue(id, 'groupId', 'The group is in another VPC.');
      const ReferencedGroupInfo = { GroupId: peer.GroupId, UserId: UserId ?? peer.OwnerId };
      return described({ ReferencedGroupInfo }, Description);
    }),
  ];
}

/** Rules as groups are described with them: those of one protocol and port range together. */
export function permissionsOf(rules: readonly StoredRule[]): IpPermission[] {
  const byPorts = new Map<string, Required<Omit<IpPermission, 'FromPort' | 'ToPort'>> & IpPermission>();
  for (const rule of rules) {
    const { IpProtocol, FromPort, ToPort, Description } = rule;
    const key = `${IpProtocol} ${FromPort} ${ToPort}`;
    const permission = byPorts.get(key) ?? {
      IpProtocol,
      ...(IpProtocol !== '-1' && { FromPort, ToPort }),
      IpRanges: [],
      Ipv6Ranges: [],
      PrefixListIds: [],
      UserIdGroupPairs: [],
    };
    byPorts.set(key, permission);
    const text = Description === undefined ? {} : { Description };
    if (rule.CidrIpv4) permission.IpRanges?.push({ CidrIp: rule.CidrIpv4, ...text });
    if (rule.CidrIpv6) permission.Ipv6Ranges?.push({ CidrIpv6: rule.CidrIpv6, ...text });
    if (rule.PrefixListId) permission.PrefixListIds?.push({ PrefixListId: rule.PrefixListId, ...text });
    if (rule.ReferencedGroupInfo) {
      const { GroupId, UserId } = rule.ReferencedGroupInfo;
      permission.UserIdGroupPairs?.push({ GroupId, UserId, ...text });
    }
  }
  return [...byPorts.values()];
}
