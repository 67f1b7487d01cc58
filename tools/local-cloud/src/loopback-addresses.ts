import type { Cloud } from './service.ts';

/**
 * Where network interfaces of VPCs are reached on this machine: their private addresses are what AWS's APIs speak of, and
 * nothing routes them. Whoever runs the process behind an interface (a task of ECS) says here on which loopback address
 * it listens; whoever connects to the interface (a load balancer) asks. Not part of the state: processes end with the
 * cloud.
 */
const addresses = new WeakMap<Cloud, Map<string, string>>();

/** The process behind this interface listens on `address` (`127.3.0.9`), on the ports its API says. */
export function bindLoopback(cloud: Cloud, networkInterfaceId: string, address: string): void {
  const bound = addresses.get(cloud) ?? new Map<string, string>();
  addresses.set(cloud, bound.set(networkInterfaceId, address));
}

export function releaseLoopback(cloud: Cloud, networkInterfaceId: string): void {
  addresses.get(cloud)?.delete(networkInterfaceId);
}

/** `undefined` when nothing runs behind the interface: connections to it time out. */
export function loopbackOf(cloud: Cloud, networkInterfaceId: string): string | undefined {
  return addresses.get(cloud)?.get(networkInterfaceId);
}
