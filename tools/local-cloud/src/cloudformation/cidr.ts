import { isIPv4 } from 'node:net';
import { addressOf, numberOf } from '../ipv4.ts';
import { validationError } from './errors.ts';

/**
 * `Fn::Cidr`: `count` consecutive blocks with `hostBits` bits each, from the start of an IPv4 block
 * ("Fn::Cidr", CloudFormation Template Reference: 1 to 256 blocks). Throws ValidationError when they do not fit.
 */
export function cidrBlocks(block: string, count: number, hostBits = 8): string[] {
  const [address = '', prefixText = ''] = block.split('/');
  const prefix = Number(prefixText);
  if (!isIPv4(address) || !/^\d{1,2}$/.test(prefixText) || prefix > 32) {
    throw validationError(`Template error: Fn::Cidr: ${block} is not an IPv4 CIDR block (IPv6 is not supported here)`);
  }
  if (!Number.isInteger(count) || count < 1 || count > 256) {
    throw validationError(`Template error: Fn::Cidr: count ${count} is not between 1 and 256`);
  }
  if (
    !Number.isInteger(hostBits) ||
    hostBits < 1 ||
    hostBits > 32 - prefix ||
    count * 2 ** hostBits > 2 ** (32 - prefix)
  ) {
    throw validationError(`Template error: Fn::Cidr: ${count} blocks of ${hostBits} bits do not fit into ${block}`);
  }
  const size = 2 ** hostBits;
  const start = Math.floor(numberOf(address) / 2 ** (32 - prefix)) * 2 ** (32 - prefix);
  return Array.from({ length: count }, (_, index) => `${addressOf(start + index * size)}/${32 - hostBits}`);
}
