import type { Cloud } from '../../service.ts';
import { addDefaultVpc } from './default-vpc.ts';
import type { Ec2State, Place } from './state.ts';

/** The state of an account in a region, which begins as AWS's does: with a default VPC. */
export function ec2State(cloud: Cloud, place: Place): Ec2State {
  return cloud.store('ec2', place.account, place.region, () => {
    const state: Ec2State = {
      vpcs: new Map(),
      subnets: new Map(),
      internetGateways: new Map(),
      routeTables: new Map(),
      networkAcls: new Map(),
      securityGroups: new Map(),
      securityGroupRules: new Map(),
      networkInterfaces: new Map(),
      addresses: new Map(),
      natGateways: new Map(),
      vpcEndpoints: new Map(),
      flowLogs: new Map(),
      tags: new Map(),
    };
    addDefaultVpc(state, place);
    return state;
  });
}
