import { BlockList, isIP, isIPv6 } from 'node:net';
import { InvalidPattern } from './json.ts';

/** Says whether an address lies in a block such as `10.0.0.0/24` or `2001:db8::/32`. Throws {@link InvalidPattern}. */
export function blockOf(cidr: string): (address: string) => boolean {
  const [network = '', bits = '', ...more] = cidr.split('/');
  if (!cidr.includes('/') || more.length > 0) throw new InvalidPattern("Malformed CIDR, one '/' required");
  if (!/^\d{1,4}$/.test(bits)) throw new InvalidPattern('Malformed CIDR, mask bits must be an integer');
  if (isIP(network) === 0) throw new InvalidPattern(`Nonstandard IP address: ${network}`);
  const family = familyOf(network);
  if (Number(bits) > (family === 'ipv6' ? 128 : 32)) throw new InvalidPattern('Malformed CIDR, bad mask bits');
  const block = new BlockList();
  block.addSubnet(network, Number(bits), family);
  return (address) => isIP(address) !== 0 && block.check(address, familyOf(address));
}

const familyOf = (address: string) => (isIPv6(address) ? 'ipv6' : 'ipv4');
