import { randomInt } from 'node:crypto';
import type { CreateNetworkInterfaceCommandOutput } from '@aws-sdk/client-ec2';
import { AwsError } from '../errors.ts';
import { bindLoopback, releaseLoopback } from '../loopback-addresses.ts';
import { serviceLinkedRole } from '../services/ecs/service-linked-role.ts';
import { StartError, type TaskSpec } from './types.ts';

/** A task's network interface, and the loopback address that stands for its private one. */
export interface NetworkInterface {
  readonly id: string;
  readonly subnetId: string;
  readonly privateIpv4Address: string;
  readonly macAddress: string;
  /** 127.x.y.z, the task's own. Linux answers all of 127.0.0.0/8 without being told. */
  readonly loopback: string;
  detach(): Promise<void>;
}

/** Puts an interface into one of the task's subnets. Throws StartError in the words of a task's stopped reason. */
export async function attachInterface(spec: TaskSpec): Promise<NetworkInterface> {
  const { cloud, account, region } = spec.place;
  const as = { caller: serviceLinkedRole(account), region };
  const input = {
    SubnetId: spec.subnets[randomInt(spec.subnets.length)],
    Groups: spec.securityGroups,
    Description:
      spec.task.attachments?.[0]?.id && `arn:aws:ecs:${region}:${account}:attachment/${spec.task.attachments[0].id}`,
  };
  const created = await cloud
    .call<CreateNetworkInterfaceCommandOutput>('ec2', 'CreateNetworkInterface', input, as)
    .catch((error) => {
      if (!(error instanceof AwsError)) throw error;
      throw new StartError(
        `Unexpected EC2 error while attempting to Create Network Interface: ${error.code}: ${error.message}`,
      );
    });
  const {
    NetworkInterfaceId: id = '',
    SubnetId = '',
    PrivateIpAddress = '',
    MacAddress = '',
  } = created.NetworkInterface ?? {};
  // Clouds side by side share the machine's loopback network: out of 16 million addresses no two take the same.
  const loopback = ['127', randomInt(1, 255), randomInt(256), randomInt(1, 255)].join('.');
  bindLoopback(cloud, id, loopback);
  return {
    id,
    subnetId: SubnetId,
    privateIpv4Address: PrivateIpAddress,
    macAddress: MacAddress,
    loopback,
    async detach() {
      releaseLoopback(cloud, id);
      await cloud.call('ec2', 'DeleteNetworkInterface', { NetworkInterfaceId: id }, as).catch((error: Error) => {
        if (!(error instanceof AwsError)) throw error;
      });
    },
  };
}
