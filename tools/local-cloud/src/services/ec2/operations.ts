import type { Operations } from '../../service.ts';
import { addressOperations } from './addresses.ts';
import { zoneOperations } from './availability-zones.ts';
import { prefixListOperations } from './endpoint-parts.ts';
import { flowLogOperations } from './flow-logs.ts';
import { internetGatewayOperations } from './internet-gateways.ts';
import { natGatewayOperations } from './nat-gateways.ts';
import { networkInterfaceOperations } from './network-interfaces.ts';
import { routeTableOperations } from './route-tables.ts';
import { routeOperations } from './routes.ts';
import { securityGroupRuleOperations } from './security-group-rules.ts';
import { securityGroupOperations } from './security-groups.ts';
import { subnetOperations } from './subnets.ts';
import { tagOperations } from './tags.ts';
import { vpcEndpointOperations } from './vpc-endpoints.ts';
import { vpcOperations } from './vpcs.ts';

export const operations: Operations = {
  ...addressOperations,
  ...flowLogOperations,
  ...internetGatewayOperations,
  ...natGatewayOperations,
  ...networkInterfaceOperations,
  ...prefixListOperations,
  ...routeOperations,
  ...routeTableOperations,
  ...securityGroupOperations,
  ...securityGroupRuleOperations,
  ...subnetOperations,
  ...tagOperations,
  ...vpcEndpointOperations,
  ...vpcOperations,
  ...zoneOperations,
};
