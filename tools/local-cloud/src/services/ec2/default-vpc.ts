import { newSubnet } from './new-subnet.ts';
import { addVpc, associateAcl } from './new-vpc.ts';
import { type Ec2State, newId, type Place } from './state.ts';
import { zonesOf } from './zones.ts';

/** What every account has in every region ("Default VPCs", Amazon VPC User Guide): public subnets in each zone. */
export function addDefaultVpc(state: Ec2State, place: Place): void {
  const { VpcId } = addVpc(state, place, { cidr: '172.31.0.0/16', isDefault: true });
  for (const [index, zone] of zonesOf(place.region).entries()) {
    const subnet = newSubnet(place, { VpcId, CidrBlock: `172.31.${index * 16}.0/20`, zone });
    state.subnets.set(subnet.SubnetId, { ...subnet, DefaultForAz: true, MapPublicIpOnLaunch: true });
    associateAcl(state, subnet);
  }
  const InternetGatewayId = newId('igw');
  state.internetGateways.set(InternetGatewayId, {
    InternetGatewayId,
    OwnerId: place.account,
    Attachments: [{ VpcId, State: 'available' as 'attached' }],
  });
  const [main] = [...state.routeTables.values()];
  main?.Routes.push({
    DestinationCidrBlock: '0.0.0.0/0',
    GatewayId: InternetGatewayId,
    Origin: 'CreateRoute',
    State: 'active',
  });
}
