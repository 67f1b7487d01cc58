import type {
  DescribeManagedPrefixListsCommandInput,
  DescribeManagedPrefixListsCommandOutput,
  DescribePrefixListsCommandInput,
  DescribePrefixListsCommandOutput,
} from '@aws-sdk/client-ec2';
import { filtered, found } from './describe.ts';
import { ec2Error } from './errors.ts';
import { groupsIn } from './network-interfaces.ts';
import { addInterface } from './new-network-interface.ts';
import { ec2Operation, onAll } from './operation.ts';
import { type Ec2State, ec2Arn, type Place, type StoredEndpoint } from './state.ts';

/** The services that have gateway endpoints, each behind a prefix list of AWS's ("Gateway endpoints", AWS PrivateLink). */
export const gatewayServices = ['s3', 'dynamodb'] as const;

const prefixListIds = { s3: 'pl-63a5400a', dynamodb: 'pl-02cd2c6b' } as const;

export const defaultPolicy = JSON.stringify({
  Statement: [{ Action: '*', Effect: 'Allow', Principal: '*', Resource: '*' }],
});

interface Wanted {
  readonly RouteTableIds?: readonly string[] | undefined;
  readonly SubnetIds?: readonly string[] | undefined;
  readonly SecurityGroupIds?: readonly string[] | undefined;
}

/** Brings routes (gateway) or network interfaces (interface endpoints) to what is wanted and stores the endpoint. */
export function endpointState(state: Ec2State, place: Place, endpoint: StoredEndpoint, wanted: Wanted): void {
  const changed =
    endpoint.VpcEndpointType === 'Gateway'
      ? routes(state, endpoint, wanted)
      : interfaces(state, place, endpoint, wanted);
  state.vpcEndpoints.set(endpoint.VpcEndpointId, { ...endpoint, ...changed });
}

function routes(state: Ec2State, endpoint: StoredEndpoint, { RouteTableIds = [] }: Wanted): Partial<StoredEndpoint> {
  const service = gatewayServices.find((name) => endpoint.ServiceName.endsWith(`.${name}`)) ?? 's3';
  const DestinationPrefixListId = prefixListIds[service];
  for (const id of RouteTableIds) {
    const table = found(state.routeTables, id, 'route-table');
    const existing = table.Routes.find((route) => route.DestinationPrefixListId === DestinationPrefixListId);
    if (table.VpcId !== endpoint.VpcId) {
      throw ec2Error('InvalidParameter', `Route table ${id} does not belong to ${endpoint.VpcId}`);
    }
    if (existing && existing.GatewayId !== endpoint.VpcEndpointId) {
      throw ec2Error(
        'RouteAlreadyExists',
        `route table ${id} already has a route with destination-prefix-list-id ${DestinationPrefixListId}`,
      );
    }
  }
  for (const table of state.routeTables.values()) {
    const index = table.Routes.findIndex((route) => route.GatewayId === endpoint.VpcEndpointId);
    const isWanted = RouteTableIds.includes(table.RouteTableId);
    if (index >= 0 && !isWanted) table.Routes.splice(index, 1);
    if (index < 0 && isWanted) {
      const GatewayId = endpoint.VpcEndpointId;
      table.Routes.push({ DestinationPrefixListId, GatewayId, Origin: 'CreateRoute', State: 'active' });
    }
  }
  return { RouteTableIds: [...RouteTableIds] };
}

function interfaces(
  state: Ec2State,
  place: Place,
  endpoint: StoredEndpoint,
  { SubnetIds = [], SecurityGroupIds }: Wanted,
): Partial<StoredEndpoint> {
  const groups = groupsIn(state, endpoint.VpcId, SecurityGroupIds).map(({ GroupId, GroupName }) => ({
    GroupId,
    GroupName,
  }));
  const subnets = SubnetIds.map((id) => found(state.subnets, id, 'subnet'));
  const own = [...state.networkInterfaces.values()].filter((one) =>
    endpoint.NetworkInterfaceIds?.includes(one.NetworkInterfaceId),
  );
  for (const one of own) {
    if (SubnetIds.includes(one.SubnetId))
      state.networkInterfaces.set(one.NetworkInterfaceId, { ...one, Groups: groups });
    else state.networkInterfaces.delete(one.NetworkInterfaceId);
  }
  const kept = own.filter((one) => SubnetIds.includes(one.SubnetId));
  const fresh = subnets
    .filter(({ SubnetId }) => !kept.some((one) => one.SubnetId === SubnetId))
    .map((subnet) =>
      addInterface(state, place, {
        subnet,
        groups,
        description: `VPC Endpoint Interface ${endpoint.VpcEndpointId}`,
        type: 'vpc_endpoint',
        requester: 'amazon-aws',
      }),
    );
  const name = endpoint.ServiceName.split('.').at(-1) ?? '';
  const DnsName = `${endpoint.VpcEndpointId}-${endpoint.VpcEndpointId.slice(-8)}.${name}.${place.region}.vpce.amazonaws.com`;
  return {
    SubnetIds: [...SubnetIds],
    Groups: groups,
    NetworkInterfaceIds: [...kept, ...fresh].map(({ NetworkInterfaceId }) => NetworkInterfaceId),
    DnsEntries: [{ DnsName, HostedZoneId: 'Z7HUB22UULQXV' }],
  };
}

/** The addresses of the services' lists: they stand for no host here, so each list is a documentation block (RFC 5737). */
const listCidr = '192.0.2.0/24';

const describePrefixLists = ec2Operation<DescribePrefixListsCommandInput, DescribePrefixListsCommandOutput>(
  'DescribePrefixLists',
  onAll,
  ({ PrefixListIds, Filters }, { region }) => {
    const all = gatewayServices
      .map((service) => ({
        PrefixListId: prefixListIds[service] as string,
        PrefixListName: `com.amazonaws.${region}.${service}`,
        Cidrs: [listCidr],
      }))
      .filter(({ PrefixListId }) => !PrefixListIds || PrefixListIds.includes(PrefixListId));
    return {
      PrefixLists: [
        ...filtered(all, Filters, {
          'prefix-list-id': (list) => list.PrefixListId,
          'prefix-list-name': (list) => list.PrefixListName,
        }),
      ],
    };
  },
);

const describeManagedPrefixLists = ec2Operation<
  DescribeManagedPrefixListsCommandInput,
  DescribeManagedPrefixListsCommandOutput
>('DescribeManagedPrefixLists', onAll, ({ PrefixListIds, Filters }, { region }) => {
  const all = gatewayServices
    .map((service) => ({
      PrefixListId: prefixListIds[service] as string,
      PrefixListName: `com.amazonaws.${region}.${service}`,
      PrefixListArn: ec2Arn({ account: 'aws', region }, `prefix-list/${prefixListIds[service]}`),
      AddressFamily: 'IPv4',
      OwnerId: 'AWS',
    }))
    .filter(({ PrefixListId }) => !PrefixListIds || PrefixListIds.includes(PrefixListId));
  return {
    PrefixLists: [
      ...filtered(all, Filters, {
        'owner-id': (list) => list.OwnerId,
        'prefix-list-id': (list) => list.PrefixListId,
        'prefix-list-name': (list) => list.PrefixListName,
      }),
    ],
  };
});

export const prefixListOperations = {
  DescribePrefixLists: describePrefixLists,
  DescribeManagedPrefixLists: describeManagedPrefixLists,
};
