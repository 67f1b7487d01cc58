import { addressOf, numberOf, readBlock } from '../../ipv4.ts';
import { ec2Error, invalidValue } from './errors.ts';
import type { Ec2State, StoredSubnet } from './state.ts';

/** AWS keeps the first four addresses of a subnet and the last ("Subnet sizing", Amazon VPC User Guide). */
const reservedFirst = 4;
const reservedLast = 1;

/** How many private addresses a subnet has left. */
export function freeAddresses(state: Ec2State, subnet: StoredSubnet): number {
  const size = readBlock(subnet.CidrBlock)?.size ?? 0;
  return size - reservedFirst - reservedLast - takenIn(state, subnet).size;
}

/** A free private address of the subnet, or the one asked for. Throws when that is taken or none is left. */
export function privateAddress(state: Ec2State, subnet: StoredSubnet, wanted: string | undefined): string {
  const block = readBlock(subnet.CidrBlock);
  if (!block) throw invalidValue(subnet.CidrBlock, 'cidrBlock', 'This is not a valid CIDR block.');
  const taken = takenIn(state, subnet);
  const first = block.start + reservedFirst;
  const end = block.start + block.size - reservedLast;
  if (wanted !== undefined) {
    const number = numberOf(wanted);
    if (!(number >= first && number < end)) {
      throw ec2Error('InvalidParameterValue', "Address does not fall within the subnet's address range");
    }
    if (taken.has(wanted)) throw ec2Error('InvalidIPAddress.InUse', `Address ${wanted} is in use.`);
    return wanted;
  }
  for (let number = first; number < end; number++) {
    const address = addressOf(number);
    if (!taken.has(address)) return address;
  }
  throw ec2Error('InsufficientFreeAddressesInSubnet', `Insufficient free IP addresses in subnet '${subnet.SubnetId}'.`);
}

function takenIn(state: Ec2State, { SubnetId }: StoredSubnet): ReadonlySet<string> {
  const inSubnet = [...state.networkInterfaces.values()].filter((one) => one.SubnetId === SubnetId);
  return new Set(inSubnet.map(({ PrivateIpAddress }) => PrivateIpAddress));
}
