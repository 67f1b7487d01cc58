import type {
  AssociateRouteTableCommandInput,
  AssociateRouteTableCommandOutput,
  CreateRouteTableCommandInput,
  CreateRouteTableCommandOutput,
  DeleteRouteTableCommandInput,
  DeleteRouteTableCommandOutput,
  DisassociateRouteTableCommandInput,
  DisassociateRouteTableCommandOutput,
  ReplaceRouteTableAssociationCommandInput,
  ReplaceRouteTableAssociationCommandOutput,
  RouteTableAssociation,
} from '@aws-sdk/client-ec2';
import { describeOperation, found } from './describe.ts';
import { dependencyViolation, ec2Error, missingParameter, unsupported } from './errors.ts';
import { localRoute } from './new-vpc.ts';
import { ec2Operation } from './operation.ts';
import { type Ec2State, newId, type StoredRouteTable } from './state.ts';
import { ec2State } from './store.ts';
import { added } from './tags.ts';

const createRouteTable = ec2Operation<CreateRouteTableCommandInput, CreateRouteTableCommandOutput>(
  'CreateRouteTable',
  ({ VpcId }) => [['route-table'], ['vpc', VpcId]],
  (input, call) => {
    const { VpcId, CidrBlock } = found(ec2State(call.cloud, call).vpcs, input.VpcId, 'vpc');
    const id = newId('rtb');
    const table: StoredRouteTable = {
      RouteTableId: id,
      VpcId,
      OwnerId: call.account,
      Routes: [localRoute(CidrBlock)],
      Associations: [],
      PropagatingVgws: [],
    };
    return { RouteTable: added({ call, kind: 'route-table', id, input }, ({ routeTables }) => routeTables, table) };
  },
);

const deleteRouteTable = ec2Operation<DeleteRouteTableCommandInput, DeleteRouteTableCommandOutput>(
  'DeleteRouteTable',
  ({ RouteTableId }) => [['route-table', RouteTableId]],
  ({ RouteTableId = '' }, call) => {
    const state = ec2State(call.cloud, call);
    const table = found(state.routeTables, RouteTableId, 'route-table');
    if (table.Associations.length > 0) throw dependencyViolation(`The routeTable '${RouteTableId}'`);
    state.routeTables.delete(RouteTableId);
    state.tags.delete(RouteTableId);
    return {};
  },
);

const associateRouteTable = ec2Operation<AssociateRouteTableCommandInput, AssociateRouteTableCommandOutput>(
  'AssociateRouteTable',
  ({ RouteTableId, SubnetId }) => [
    ['route-table', RouteTableId],
    ['subnet', SubnetId],
  ],
  ({ RouteTableId, SubnetId, GatewayId }, call) => {
    const state = ec2State(call.cloud, call);
    const table = found(state.routeTables, RouteTableId, 'route-table');
    if (GatewayId !== undefined) throw unsupported('route tables of gateways');
    if (SubnetId === undefined) throw missingParameter('subnetId');
    const subnet = found(state.subnets, SubnetId, 'subnet');
    if (subnet.VpcId !== table.VpcId) {
      throw ec2Error(
        'InvalidParameterValue',
        `Route table ${RouteTableId} and subnet ${SubnetId} belong to different networks`,
      );
    }
    const existing = associations(state).find((one) => one.SubnetId === SubnetId);
    if (existing && existing.RouteTableId !== RouteTableId) {
      throw ec2Error(
        'Resource.AlreadyAssociated',
        `the specified association for route table ${RouteTableId} conflicts with an existing association`,
      );
    }
    const association = existing ?? newAssociation(table.RouteTableId, { Main: false, SubnetId });
    if (!existing) table.Associations.push(association);
    return { AssociationId: association.RouteTableAssociationId, AssociationState: { State: 'associated' } };
  },
);

const disassociateRouteTable = ec2Operation<DisassociateRouteTableCommandInput, DisassociateRouteTableCommandOutput>(
  'DisassociateRouteTable',
  () => [['route-table']],
  ({ AssociationId }, call) => {
    const state = ec2State(call.cloud, call);
    const association = associationOf(state, AssociationId);
    if (association.Main) {
      throw ec2Error('InvalidParameterValue', 'cannot disassociate the main route table association');
    }
    remove(state, association);
    return {};
  },
);

/** Gives a subnet another table, or the VPC another main table. The association has a new ID then. */
const replaceRouteTableAssociation = ec2Operation<
  ReplaceRouteTableAssociationCommandInput,
  ReplaceRouteTableAssociationCommandOutput
>(
  'ReplaceRouteTableAssociation',
  ({ RouteTableId }) => [['route-table', RouteTableId]],
  ({ AssociationId, RouteTableId }, call) => {
    const state = ec2State(call.cloud, call);
    const old = associationOf(state, AssociationId);
    const table = found(state.routeTables, RouteTableId, 'route-table');
    remove(state, old);
    const { Main, SubnetId } = old;
    const association = newAssociation(table.RouteTableId, { Main, ...(SubnetId !== undefined && { SubnetId }) });
    table.Associations.push(association);
    return { NewAssociationId: association.RouteTableAssociationId, AssociationState: { State: 'associated' } };
  },
);

function newAssociation(RouteTableId: string, of: { Main?: boolean | undefined; SubnetId?: string }) {
  return {
    ...of,
    RouteTableId,
    RouteTableAssociationId: newId('rtbassoc'),
    AssociationState: { State: 'associated' as const },
  };
}

function associations(state: Ec2State): RouteTableAssociation[] {
  return [...state.routeTables.values()].flatMap(({ Associations }) => Associations);
}

function associationOf(state: Ec2State, id: string | undefined): RouteTableAssociation {
  const association = associations(state).find((one) => one.RouteTableAssociationId === id);
  if (association) return association;
  throw ec2Error('InvalidAssociationID.NotFound', `The association ID '${id}' does not exist`);
}

function remove(state: Ec2State, association: RouteTableAssociation): void {
  const table = found(state.routeTables, association.RouteTableId, 'route-table');
  table.Associations.splice(table.Associations.indexOf(association), 1);
}

export const routeTableOperations = {
  CreateRouteTable: createRouteTable,
  DeleteRouteTable: deleteRouteTable,
  AssociateRouteTable: associateRouteTable,
  DisassociateRouteTable: disassociateRouteTable,
  ReplaceRouteTableAssociation: replaceRouteTableAssociation,
  DescribeRouteTables: describeOperation({
    name: 'DescribeRouteTables',
    kind: 'route-table',
    store: ({ routeTables }) => routeTables,
    members: ['RouteTableIds', 'RouteTables'],
    id: ({ RouteTableId }) => RouteTableId,
    filters: {
      'association.gateway-id': (table) => table.Associations.map((one) => one.GatewayId),
      'association.main': (table) => table.Associations.map((one) => String(one.Main ?? false)),
      'association.route-table-association-id': (table) => table.Associations.map((one) => one.RouteTableAssociationId),
      'association.route-table-id': (table) => table.Associations.map((one) => one.RouteTableId),
      'association.subnet-id': (table) => table.Associations.map((one) => one.SubnetId),
      'owner-id': (table) => table.OwnerId,
      'route-table-id': (table) => table.RouteTableId,
      'route.destination-cidr-block': (table) => table.Routes.map((one) => one.DestinationCidrBlock),
      'route.destination-prefix-list-id': (table) => table.Routes.map((one) => one.DestinationPrefixListId),
      'route.gateway-id': (table) => table.Routes.map((one) => one.GatewayId),
      'route.nat-gateway-id': (table) => table.Routes.map((one) => one.NatGatewayId),
      'route.origin': (table) => table.Routes.map((one) => one.Origin),
      'route.state': (table) => table.Routes.map((one) => one.State),
      'vpc-id': (table) => table.VpcId,
    },
  }),
};
