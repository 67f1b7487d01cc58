import type {
  CreateRouteCommandInput,
  CreateRouteCommandOutput,
  DeleteRouteCommandInput,
  DeleteRouteCommandOutput,
  ReplaceRouteCommandInput,
  ReplaceRouteCommandOutput,
  Route,
} from '@aws-sdk/client-ec2';
import { blockText, readBlock } from '../../ipv4.ts';
import { found } from './describe.ts';
import { ec2Error, invalidValue, missingParameter, unsupported } from './errors.ts';
import { ec2Operation } from './operation.ts';
import type { Ec2State, StoredRouteTable } from './state.ts';
import { ec2State } from './store.ts';

interface RouteInput {
  readonly RouteTableId?: string | undefined;
  readonly DestinationCidrBlock?: string | undefined;
  readonly DestinationIpv6CidrBlock?: string | undefined;
  readonly DestinationPrefixListId?: string | undefined;
}

const onTable = ({ RouteTableId }: RouteInput) => [['route-table', RouteTableId] as const];

/** Through which kinds of target traffic can be sent here, each with how to find the VPC it is in. */
const targets = {
  GatewayId: (state: Ec2State, id: string) =>
    found(state.internetGateways, id, 'internet-gateway').Attachments[0]?.VpcId,
  NatGatewayId: (state: Ec2State, id: string) => found(state.natGateways, id, 'natgateway').VpcId,
  NetworkInterfaceId: (state: Ec2State, id: string) => found(state.networkInterfaces, id, 'network-interface').VpcId,
} as const;
const targetNames = Object.keys(targets) as (keyof typeof targets)[];

/** Targets that AWS has and nothing here stands behind. */
const otherTargets = [
  'CarrierGatewayId',
  'CoreNetworkArn',
  'EgressOnlyInternetGatewayId',
  'InstanceId',
  'LocalGatewayId',
  'OdbNetworkArn',
  'TransitGatewayId',
  'VpcEndpointId',
  'VpcPeeringConnectionId',
] as const;

function targetOf(state: Ec2State, table: StoredRouteTable, input: CreateRouteCommandInput): Partial<Route> {
  const other = otherTargets.find((name) => input[name] !== undefined);
  if (other) throw unsupported(`routes with the target ${other}`);
  const given = targetNames.filter((name) => input[name] !== undefined);
  const [name] = given;
  if (!name || given.length > 1) {
    throw ec2Error('InvalidParameterCombination', 'Exactly one target of a route must be specified');
  }
  const id = input[name] ?? '';
  if (targets[name](state, id) !== table.VpcId) {
    throw ec2Error(
      'InvalidParameterValue',
      `route table ${table.RouteTableId} and network gateway ${id} belong to different networks`,
    );
  }
  return { [name]: id };
}

function destinationOf(input: RouteInput): string {
  if (input.DestinationIpv6CidrBlock !== undefined) throw unsupported('IPv6 routes');
  if (input.DestinationPrefixListId !== undefined) throw unsupported('routes to prefix lists of one’s own');
  const text = input.DestinationCidrBlock;
  if (text === undefined) throw missingParameter('destinationCidrBlock');
  const block = readBlock(text);
  if (!block) throw invalidValue(text, 'destinationCidrBlock', 'This is not a valid CIDR block.');
  return blockText(block);
}

const indexOf = (table: StoredRouteTable, destination: string) =>
  table.Routes.findIndex((route) => route.DestinationCidrBlock === destination);

const createRoute = ec2Operation<CreateRouteCommandInput, CreateRouteCommandOutput>(
  'CreateRoute',
  onTable,
  (input, call) => {
    const state = ec2State(call.cloud, call);
    const table = found(state.routeTables, input.RouteTableId, 'route-table');
    const DestinationCidrBlock = destinationOf(input);
    const target = targetOf(state, table, input);
    const existing = table.Routes[indexOf(table, DestinationCidrBlock)];
    if (existing) {
      // The same call again is no error.
      if (targetNames.every((name) => existing[name] === target[name])) return { Return: true };
      throw ec2Error('RouteAlreadyExists', `The route identified by ${DestinationCidrBlock} already exists.`);
    }
    table.Routes.push({ DestinationCidrBlock, ...target, Origin: 'CreateRoute', State: 'active' });
    return { Return: true };
  },
);

const replaceRoute = ec2Operation<ReplaceRouteCommandInput, ReplaceRouteCommandOutput>(
  'ReplaceRoute',
  onTable,
  (input, call) => {
    const state = ec2State(call.cloud, call);
    const table = found(state.routeTables, input.RouteTableId, 'route-table');
    const DestinationCidrBlock = destinationOf(input);
    const index = indexOf(table, DestinationCidrBlock);
    if (index < 0) throw noSuchRoute(table, DestinationCidrBlock);
    const target = targetOf(state, table, input);
    table.Routes[index] = { DestinationCidrBlock, ...target, Origin: 'CreateRoute', State: 'active' };
    return {};
  },
);

const deleteRoute = ec2Operation<DeleteRouteCommandInput, DeleteRouteCommandOutput>(
  'DeleteRoute',
  onTable,
  (input, call) => {
    const table = found(ec2State(call.cloud, call).routeTables, input.RouteTableId, 'route-table');
    const destination = destinationOf(input);
    const index = indexOf(table, destination);
    if (index < 0) throw noSuchRoute(table, destination);
    if (table.Routes[index]?.GatewayId === 'local') {
      throw ec2Error(
        'InvalidParameterValue',
        `cannot remove local route ${destination} in route table ${table.RouteTableId}`,
      );
    }
    table.Routes.splice(index, 1);
    return {};
  },
);

function noSuchRoute({ RouteTableId }: StoredRouteTable, destination: string) {
  return ec2Error(
    'InvalidRoute.NotFound',
    `no route with destination-cidr-block ${destination} in route table ${RouteTableId}`,
  );
}

export const routeOperations = { CreateRoute: createRoute, ReplaceRoute: replaceRoute, DeleteRoute: deleteRoute };
