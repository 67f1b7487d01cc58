import { AwsError } from '../../errors.ts';

/** Codes and texts as "Error codes for the Amazon EC2 API" and the service give them; all client errors have status 400. */
function notFound(code: string, text: (id: string) => string) {
  return (id: string) => new AwsError(code, text(id), { status: 400 });
}

const idDoesNotExist = (kind: string) => (id: string) => `The ${kind} ID '${id}' does not exist`;

/** What a call answers that names something which is not there, by the resource part of its ARN. */
export const missing = {
  vpc: notFound('InvalidVpcID.NotFound', idDoesNotExist('vpc')),
  subnet: notFound('InvalidSubnetID.NotFound', idDoesNotExist('subnet')),
  'internet-gateway': notFound('InvalidInternetGatewayID.NotFound', idDoesNotExist('internetGateway')),
  'route-table': notFound('InvalidRouteTableID.NotFound', idDoesNotExist('routeTable')),
  'network-acl': notFound('InvalidNetworkAclID.NotFound', idDoesNotExist('networkAcl')),
  'security-group': notFound('InvalidGroup.NotFound', (id) => `The security group '${id}' does not exist`),
  'security-group-rule': notFound(
    'InvalidSecurityGroupRuleId.NotFound',
    (id) => `The security group rule ID '${id}' does not exist`,
  ),
  'network-interface': notFound('InvalidNetworkInterfaceID.NotFound', idDoesNotExist('networkInterface')),
  'elastic-ip': notFound('InvalidAllocationID.NotFound', idDoesNotExist('allocation')),
  natgateway: notFound('NatGatewayNotFound', (id) => `NAT gateway ${id} was not found`),
  'vpc-endpoint': notFound('InvalidVpcEndpointId.NotFound', (id) => `The Vpc Endpoint Id '${id}' does not exist`),
  'vpc-flow-log': notFound('InvalidFlowLogId.NotFound', (id) => `The specified flow log ID '${id}' does not exist`),
} as const;

export type ResourceKind = keyof typeof missing;

export function ec2Error(code: string, message: string): AwsError {
  return new AwsError(code, message, { status: 400 });
}

export function invalidValue(value: unknown, parameter: string, why: string): AwsError {
  return ec2Error('InvalidParameterValue', `Value (${value}) for parameter ${parameter} is invalid. ${why}`);
}

export function missingParameter(name: string): AwsError {
  return ec2Error('MissingParameter', `The request must contain the parameter ${name}`);
}

export function dependencyViolation(what: string): AwsError {
  return ec2Error('DependencyViolation', `${what} has dependencies and cannot be deleted.`);
}

/** An option that AWS has and this cloud does not carry out. */
export function unsupported(option: string): AwsError {
  return ec2Error('UnsupportedOperation', `The embedded cloud does not support ${option}.`);
}
