import { randomBytes, randomInt } from 'node:crypto';
import type { TaskSpec } from './types.ts';

/** A task's network interface, and the loopback address that stands for its private one. */
export interface NetworkInterface {
  readonly id: string;
  readonly subnetId: string;
  readonly privateIpv4Address: string;
  readonly macAddress: string;
  /** 127.x.y.z: no two tasks of the machine have the same. */
  readonly loopback: string;
  detach(): Promise<void>;
}

/** Puts an interface into one of the task's subnets. Linux answers all of 127.0.0.0/8 without being told. */
export async function attachInterface({ subnets }: TaskSpec): Promise<NetworkInterface> {
  return {
    id: `eni-${randomBytes(8).toString('hex')}0`.slice(0, 21),
    subnetId: subnets[randomInt(subnets.length)] ?? '',
    privateIpv4Address: ['10', randomInt(256), randomInt(256), randomInt(4, 255)].join('.'),
    macAddress: ['0a', ...(randomBytes(5).toString('hex').match(/../g) ?? [])].join(':'),
    loopback: ['127', randomInt(1, 255), randomInt(256), randomInt(1, 255)].join('.'),
    detach: async () => undefined,
  };
}
