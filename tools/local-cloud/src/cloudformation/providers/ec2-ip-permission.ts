import type { IpPermission } from '@aws-sdk/client-ec2';
import type { Properties } from '../provider.ts';

/** One rule of a template as EC2's operations take it. */
export function ipPermission(rule: Properties): IpPermission {
  const { IpProtocol, FromPort, ToPort, Description, CidrIp, CidrIpv6 } = rule;
  const text = Description === undefined ? {} : { Description };
  const prefixList = rule['SourcePrefixListId'] ?? rule['DestinationPrefixListId'];
  const group = rule['SourceSecurityGroupId'] ?? rule['DestinationSecurityGroupId'];
  const groupName = rule['SourceSecurityGroupName'];
  const owner = rule['SourceSecurityGroupOwnerId'];
  return {
    IpProtocol,
    ...(FromPort !== undefined && { FromPort }),
    ...(ToPort !== undefined && { ToPort }),
    ...(CidrIp && { IpRanges: [{ CidrIp, ...text }] }),
    ...(CidrIpv6 && { Ipv6Ranges: [{ CidrIpv6, ...text }] }),
    ...(prefixList && { PrefixListIds: [{ PrefixListId: prefixList, ...text }] }),
    ...((group ?? groupName) && {
      UserIdGroupPairs: [
        {
          ...(group ? { GroupId: group } : { GroupName: groupName }),
          ...(owner && { UserId: owner }),
          ...text,
        },
      ],
    }),
  };
}
