import { randomInt } from 'node:crypto';
import type {
  CreateLoadBalancerCommandInput,
  CreateLoadBalancerCommandOutput,
  DeleteLoadBalancerCommandInput,
  DeleteLoadBalancerCommandOutput,
  DescribeLoadBalancersCommandInput,
  DescribeLoadBalancersCommandOutput,
  LoadBalancer,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { type Call, operation } from '../../service.ts';
import { attributeOf, loadBalancerAttributes } from './attributes.ts';
import { creating, demand, onAll } from './demands.ts';
import { elbError, noLoadBalancer, page, unsupported, validationError } from './errors.ts';
import { reconcile } from './health-checks.ts';
import { createInterfaces, deleteInterfaces, securityGroupsIn, subnetsOf } from './network.ts';
import { loadBalancerPath } from './path.ts';
import { type ElbState, elbArn, elbState, newId, pathOf, type StoredLoadBalancer } from './state.ts';
import { checkTags, setTags } from './tags.ts';

/** "Name", CreateLoadBalancer and CreateTargetGroup, Elastic Load Balancing API Reference. */
export function checkName(name: string | undefined, what: string): string {
  if (!name) throw validationError(`A ${what} name must be specified`);
  if (name.length > 32) throw validationError(`${capital(what)} name '${name}' cannot be longer than '32' characters`);
  if (!/^[A-Za-z0-9-]+$/.test(name)) {
    throw validationError(
      `${capital(what)} name '${name}' can only contain characters that are alphanumeric characters and hyphens(-)`,
    );
  }
  if (name.startsWith('-') || name.endsWith('-')) {
    throw validationError(`${capital(what)} name '${name}' cannot begin or end with a hyphen(-)`);
  }
  if (name.startsWith('internal-'))
    throw validationError(`${capital(what)} name '${name}' cannot begin with 'internal-'`);
  return name;
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** AWS's zone for load balancers in us-east-1 ("Elastic Load Balancing endpoints and quotas"). */
const hostedZone = 'Z35SXDOTRQ7X7K';

export function loadBalancerOf(state: ElbState, arn = ''): StoredLoadBalancer {
  const found = state.loadBalancers.get(arn);
  if (!found) throw noLoadBalancer(arn);
  return found;
}

const createLoadBalancer = operation<CreateLoadBalancerCommandInput, CreateLoadBalancerCommandOutput>({
  demands: ({ Name, Type = 'application', Tags }, call) =>
    creating('CreateLoadBalancer', `loadbalancer/${Type === 'network' ? 'net' : 'app'}/${Name}/*`, Tags, call),
  async run(input, call) {
    const { Type = 'application', Scheme = 'internet-facing', Tags } = input;
    if (Type !== 'application') throw unsupported(`load balancers of the type ${Type}`);
    if (input.IpAddressType !== undefined && input.IpAddressType !== 'ipv4')
      throw unsupported('IPv6 on load balancers');
    if (input.CustomerOwnedIpv4Pool ?? input.IpamPools) throw unsupported('address pools of one’s own');
    const name = checkName(input.Name, 'load balancer');
    checkTags(Tags);
    const state = elbState(call.cloud, call);
    if ([...state.loadBalancers.values()].some((one) => one.name === name)) {
      throw elbError('DuplicateLoadBalancerName', `A load balancer with the name '${name}' already exists`);
    }
    const wanted = input.Subnets ?? input.SubnetMappings?.map(({ SubnetId = '' }) => SubnetId) ?? [];
    const subnets = await subnetsOf(call.cloud, call, wanted);
    const vpcId = subnets[0]?.VpcId ?? '';
    const groups = await securityGroupsIn(call.cloud, call, vpcId, input.SecurityGroups);
    const arn = elbArn(call, `loadbalancer/app/${name}/${newId()}`);
    const interfaces = await createInterfaces(call.cloud, call, { path: pathOf(arn), subnets: wanted, groups });
    const created: StoredLoadBalancer = {
      arn,
      name,
      dnsLabel: `${Scheme === 'internal' ? 'internal-' : ''}${name}-${randomInt(1_000_000_000, 2_000_000_000)}`,
      scheme: Scheme,
      vpcId,
      created: new Date(call.cloud.clock.now()),
      zones: subnets.map(({ SubnetId, AvailabilityZone: ZoneName }) => ({
        SubnetId,
        ZoneName,
        LoadBalancerAddresses: [],
      })),
      interfaces,
      securityGroups: groups,
      attributes: new Map(),
    };
    state.loadBalancers.set(arn, created);
    setTags(state, arn, Tags);
    return { LoadBalancers: [{ ...described(created, call), State: { Code: 'provisioning' } }] };
  },
});

/** A load balancer that is not there is gone: no error ("DeleteLoadBalancer"). */
const deleteLoadBalancer = operation<DeleteLoadBalancerCommandInput, DeleteLoadBalancerCommandOutput>({
  demands: ({ LoadBalancerArn }) => demand('DeleteLoadBalancer', LoadBalancerArn),
  async run({ LoadBalancerArn = '' }, call) {
    const state = elbState(call.cloud, call);
    const found = state.loadBalancers.get(LoadBalancerArn);
    if (!found) return {};
    if (attributeOf(loadBalancerAttributes, found.attributes, 'deletion_protection.enabled') === 'true') {
      throw elbError(
        'OperationNotPermitted',
        `Load balancer '${LoadBalancerArn}' cannot be deleted because deletion protection is enabled`,
      );
    }
    state.loadBalancers.delete(LoadBalancerArn);
    const listeners = [...state.listeners.values()].filter((one) => one.loadBalancerArn === LoadBalancerArn);
    const rules = [...state.rules.values()].filter((rule) => listeners.some(({ arn }) => arn === rule.listenerArn));
    for (const { arn } of rules) state.rules.delete(arn);
    for (const { arn } of listeners) state.listeners.delete(arn);
    for (const arn of [LoadBalancerArn, ...[...listeners, ...rules].map((one) => one.arn)]) state.tags.delete(arn);
    reconcile(call.cloud, call);
    await deleteInterfaces(call.cloud, call, found.interfaces);
    return {};
  },
});

const describeLoadBalancers = operation<DescribeLoadBalancersCommandInput, DescribeLoadBalancersCommandOutput>({
  demands: onAll('DescribeLoadBalancers'),
  run({ LoadBalancerArns, Names, ...paging }, call) {
    const state = elbState(call.cloud, call);
    const all = [...state.loadBalancers.values()];
    for (const arn of LoadBalancerArns ?? []) loadBalancerOf(state, arn);
    const unknown = Names?.find((name) => !all.some((one) => one.name === name));
    if (unknown !== undefined) throw elbError('LoadBalancerNotFound', `Load balancers '[${unknown}]' not found`);
    const chosen = all
      .filter(({ arn }) => !LoadBalancerArns || LoadBalancerArns.includes(arn))
      .filter(({ name }) => !Names || Names.includes(name));
    const { items, NextMarker } = page(chosen, paging);
    return { LoadBalancers: items.map((one) => described(one, call)), NextMarker };
  },
});

/**
 * AWS gives a load balancer a host name. One port serves everything here, so its name is that host with the beginning of a
 * path: `http://<DNSName>/orders` works, and so does `http://<DNSName>:8080/orders` for another listener.
 */
export function dnsNameOf({ dnsLabel }: StoredLoadBalancer, endpoint: string): string {
  return `${new URL(endpoint).host}${loadBalancerPath}${dnsLabel}`;
}

function described(one: StoredLoadBalancer, { cloud }: Call): LoadBalancer {
  return {
    LoadBalancerArn: one.arn,
    LoadBalancerName: one.name,
    DNSName: dnsNameOf(one, cloud.endpoint),
    CanonicalHostedZoneId: hostedZone,
    CreatedTime: one.created,
    Scheme: one.scheme,
    VpcId: one.vpcId,
    State: { Code: 'active' },
    Type: 'application',
    AvailabilityZones: [...one.zones],
    SecurityGroups: [...one.securityGroups],
    IpAddressType: 'ipv4',
  };
}

export const loadBalancerOperations = {
  CreateLoadBalancer: createLoadBalancer,
  DeleteLoadBalancer: deleteLoadBalancer,
  DescribeLoadBalancers: describeLoadBalancers,
};
