import { loopbackOf } from '../../loopback-addresses.ts';
import type { Cloud } from '../../service.ts';
import { interfaceAt, letsThrough, privateAddressOf } from './network.ts';
import type { Place, StoredLoadBalancer, StoredTarget } from './state.ts';

/**
 * Where the process behind a target listens on this machine; `undefined` when a connection from the load balancer would
 * time out: nothing runs behind the address, or a security group of either end does not let it through. Security groups
 * are stateful, so each end is asked once.
 */
export async function addressOf(
  cloud: Cloud,
  place: Place,
  loadBalancer: StoredLoadBalancer,
  target: StoredTarget,
  port: number,
): Promise<string | undefined> {
  const found = await interfaceAt(cloud, place, loadBalancer.vpcId, target.id);
  const loopback = found?.NetworkInterfaceId && loopbackOf(cloud, found.NetworkInterfaceId);
  if (!loopback) return undefined;
  const groups = found.Groups?.map(({ GroupId = '' }) => GroupId) ?? [];
  const own = {
    address: await privateAddressOf(cloud, place, loadBalancer.interfaces[0] ?? ''),
    groups: loadBalancer.securityGroups,
  };
  const out = {
    groups: own.groups,
    direction: 'IpPermissionsEgress',
    port,
    other: { address: target.id, groups },
  } as const;
  const into = { groups, direction: 'IpPermissions', port, other: own } as const;
  const open = (await letsThrough(cloud, place, out)) && (await letsThrough(cloud, place, into));
  return open ? loopback : undefined;
}
