import type {
  AttachInternetGatewayCommandInput,
  AttachInternetGatewayCommandOutput,
  CreateInternetGatewayCommandInput,
  CreateInternetGatewayCommandOutput,
  DeleteInternetGatewayCommandInput,
  DeleteInternetGatewayCommandOutput,
  DescribeVpnGatewaysCommandInput,
  DescribeVpnGatewaysCommandOutput,
  DetachInternetGatewayCommandInput,
  DetachInternetGatewayCommandOutput,
} from '@aws-sdk/client-ec2';
import { describeOperation, found } from './describe.ts';
import { dependencyViolation, ec2Error } from './errors.ts';
import { ec2Operation, onAll } from './operation.ts';
import { newId } from './state.ts';
import { ec2State } from './store.ts';
import { added } from './tags.ts';

const createInternetGateway = ec2Operation<CreateInternetGatewayCommandInput, CreateInternetGatewayCommandOutput>(
  'CreateInternetGateway',
  () => [['internet-gateway']],
  (input, call) => {
    const id = newId('igw');
    const gateway = { InternetGatewayId: id, OwnerId: call.account, Attachments: [] };
    return {
      InternetGateway: added({ call, kind: 'internet-gateway', id, input }, (state) => state.internetGateways, gateway),
    };
  },
);

const deleteInternetGateway = ec2Operation<DeleteInternetGatewayCommandInput, DeleteInternetGatewayCommandOutput>(
  'DeleteInternetGateway',
  ({ InternetGatewayId }) => [['internet-gateway', InternetGatewayId]],
  ({ InternetGatewayId = '' }, call) => {
    const { internetGateways, tags } = ec2State(call.cloud, call);
    const { Attachments } = found(internetGateways, InternetGatewayId, 'internet-gateway');
    if (Attachments.length > 0) throw dependencyViolation(`The internetGateway '${InternetGatewayId}'`);
    internetGateways.delete(InternetGatewayId);
    tags.delete(InternetGatewayId);
    return {};
  },
);

const attachInternetGateway = ec2Operation<AttachInternetGatewayCommandInput, AttachInternetGatewayCommandOutput>(
  'AttachInternetGateway',
  ({ InternetGatewayId, VpcId }) => [
    ['internet-gateway', InternetGatewayId],
    ['vpc', VpcId],
  ],
  ({ InternetGatewayId, VpcId }, call) => {
    const { internetGateways, vpcs } = ec2State(call.cloud, call);
    const gateway = found(internetGateways, InternetGatewayId, 'internet-gateway');
    const vpc = found(vpcs, VpcId, 'vpc');
    const [attached] = gateway.Attachments;
    if (attached) {
      throw ec2Error(
        'Resource.AlreadyAssociated',
        `resource ${InternetGatewayId} is already attached to network ${attached.VpcId}`,
      );
    }
    for (const other of internetGateways.values()) {
      if (!other.Attachments.some((one) => one.VpcId === VpcId)) continue;
      throw ec2Error('InvalidParameterValue', `Network ${VpcId} already has an internet gateway attached`);
    }
    // What EC2 answers of an attachment is `available`, which the SDK's enum leaves out.
    const Attachments = [{ VpcId: vpc.VpcId, State: 'available' as 'attached' }];
    internetGateways.set(gateway.InternetGatewayId, { ...gateway, Attachments });
    return {};
  },
);

const detachInternetGateway = ec2Operation<DetachInternetGatewayCommandInput, DetachInternetGatewayCommandOutput>(
  'DetachInternetGateway',
  ({ InternetGatewayId, VpcId }) => [
    ['internet-gateway', InternetGatewayId],
    ['vpc', VpcId],
  ],
  ({ InternetGatewayId, VpcId }, call) => {
    const { internetGateways, natGateways } = ec2State(call.cloud, call);
    const gateway = found(internetGateways, InternetGatewayId, 'internet-gateway');
    if (!gateway.Attachments.some((one) => one.VpcId === VpcId)) {
      throw ec2Error('Gateway.NotAttached', `resource ${InternetGatewayId} is not attached to network ${VpcId}`);
    }
    const mapped = [...natGateways.values()].some(
      (nat) => nat.VpcId === VpcId && nat.State === 'available' && nat.ConnectivityType === 'public',
    );
    if (mapped) {
      throw ec2Error(
        'DependencyViolation',
        `Network ${VpcId} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.`,
      );
    }
    internetGateways.set(gateway.InternetGatewayId, { ...gateway, Attachments: [] });
    return {};
  },
);

/** Nobody can create a VPN gateway here, so there is none; the CDK CLI asks when it looks up a VPC. */
const describeVpnGateways = ec2Operation<DescribeVpnGatewaysCommandInput, DescribeVpnGatewaysCommandOutput>(
  'DescribeVpnGateways',
  onAll,
  () => ({ VpnGateways: [] }),
);

export const internetGatewayOperations = {
  CreateInternetGateway: createInternetGateway,
  DeleteInternetGateway: deleteInternetGateway,
  AttachInternetGateway: attachInternetGateway,
  DetachInternetGateway: detachInternetGateway,
  DescribeVpnGateways: describeVpnGateways,
  DescribeInternetGateways: describeOperation({
    name: 'DescribeInternetGateways',
    kind: 'internet-gateway',
    store: ({ internetGateways }) => internetGateways,
    members: ['InternetGatewayIds', 'InternetGateways'],
    id: ({ InternetGatewayId }) => InternetGatewayId,
    filters: {
      'attachment.state': (gateway) => gateway.Attachments.map(({ State }) => State),
      'attachment.vpc-id': (gateway) => gateway.Attachments.map(({ VpcId }) => VpcId),
      'internet-gateway-id': (gateway) => gateway.InternetGatewayId,
      'owner-id': (gateway) => gateway.OwnerId,
    },
  }),
};
