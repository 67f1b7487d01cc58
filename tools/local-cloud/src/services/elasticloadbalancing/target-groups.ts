import type {
  CreateTargetGroupCommandInput,
  CreateTargetGroupCommandOutput,
  DeleteTargetGroupCommandInput,
  DeleteTargetGroupCommandOutput,
  DescribeTargetGroupAttributesCommandInput,
  DescribeTargetGroupAttributesCommandOutput,
  DescribeTargetGroupsCommandInput,
  DescribeTargetGroupsCommandOutput,
  ModifyTargetGroupAttributesCommandInput,
  ModifyTargetGroupAttributesCommandOutput,
  ModifyTargetGroupCommandInput,
  ModifyTargetGroupCommandOutput,
  TargetGroup,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { operation } from '../../service.ts';
import { listAttributes, readAttributes, targetGroupAttributes } from './attributes.ts';
import { creating, demand, onAll } from './demands.ts';
import { elbError, noTargetGroup, page, unsupported, validationError } from './errors.ts';
import { healthCheckSettings } from './health-check-settings.ts';
import { reconcile } from './health-checks.ts';
import { checkName } from './load-balancers.ts';
import { checkVpc } from './network.ts';
import { type ElbState, elbArn, elbState, loadBalancersOf, newId, type StoredTargetGroup } from './state.ts';
import { checkTags, setTags } from './tags.ts';

export function targetGroupOf(state: ElbState, arn = ''): StoredTargetGroup {
  const found = state.targetGroups.get(arn);
  if (!found) throw noTargetGroup(arn);
  return found;
}

const createTargetGroup = operation<CreateTargetGroupCommandInput, CreateTargetGroupCommandOutput>({
  demands: ({ Name, Tags }, call) => creating('CreateTargetGroup', `targetgroup/${Name}/*`, Tags, call),
  async run(input, call) {
    const { Protocol, Port, VpcId, TargetType = 'instance', ProtocolVersion = 'HTTP1' } = input;
    const name = checkName(input.Name, 'target group');
    if (TargetType !== 'ip' && TargetType !== 'instance') throw unsupported(`targets of the type ${TargetType}`);
    if (Protocol !== 'HTTP') {
      if (Protocol === undefined) throw validationError('A protocol must be specified');
      throw unsupported(`target groups with the protocol ${Protocol}`);
    }
    if (ProtocolVersion !== 'HTTP1') throw unsupported(`target groups with the protocol version ${ProtocolVersion}`);
    if (input.IpAddressType !== undefined && input.IpAddressType !== 'ipv4') throw unsupported('IPv6 targets');
    if (Port === undefined) throw validationError('A port must be specified');
    if (Port < 1 || Port > 65_535) throw validationError(`Port '${Port}' must be between 1 and 65535 inclusive`);
    if (VpcId === undefined) throw validationError('A VPC ID must be specified');
    checkTags(input.Tags);
    const health = healthCheckSettings(input);
    await checkVpc(call.cloud, call, VpcId);
    const state = elbState(call.cloud, call);
    if ([...state.targetGroups.values()].some((one) => one.name === name)) {
      throw elbError(
        'DuplicateTargetGroupName',
        `A target group with the same name '${name}' exists, but with different settings`,
      );
    }
    const arn = elbArn(call, `targetgroup/${name}/${newId()}`);
    const settings = { Protocol, Port, VpcId, TargetType, ProtocolVersion, IpAddressType: 'ipv4' as const, ...health };
    const created: StoredTargetGroup = { arn, name, settings, attributes: new Map(), targets: new Map() };
    state.targetGroups.set(arn, created);
    setTags(state, arn, input.Tags);
    return { TargetGroups: [described(state, created)] };
  },
});

const modifyTargetGroup = operation<ModifyTargetGroupCommandInput, ModifyTargetGroupCommandOutput>({
  demands: ({ TargetGroupArn }) => demand('ModifyTargetGroup', TargetGroupArn),
  run({ TargetGroupArn, ...changes }, call) {
    const state = elbState(call.cloud, call);
    const found = targetGroupOf(state, TargetGroupArn);
    const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
    found.settings = { ...found.settings, ...healthCheckSettings({ ...found.settings, ...given }) };
    reconcile(call.cloud, call);
    return { TargetGroups: [described(state, found)] };
  },
});

/** A target group that is not there is gone: no error ("DeleteTargetGroup"). */
const deleteTargetGroup = operation<DeleteTargetGroupCommandInput, DeleteTargetGroupCommandOutput>({
  demands: ({ TargetGroupArn }) => demand('DeleteTargetGroup', TargetGroupArn),
  run({ TargetGroupArn = '' }, call) {
    const state = elbState(call.cloud, call);
    if (loadBalancersOf(state, TargetGroupArn).length > 0) {
      throw elbError('ResourceInUse', `Target group '${TargetGroupArn}' is currently in use by a listener or a rule`);
    }
    state.targetGroups.delete(TargetGroupArn);
    state.tags.delete(TargetGroupArn);
    reconcile(call.cloud, call);
    return {};
  },
});

const describeTargetGroups = operation<DescribeTargetGroupsCommandInput, DescribeTargetGroupsCommandOutput>({
  demands: onAll('DescribeTargetGroups'),
  run({ TargetGroupArns, Names, LoadBalancerArn, ...paging }, call) {
    const state = elbState(call.cloud, call);
    const all = [...state.targetGroups.values()];
    for (const arn of TargetGroupArns ?? []) targetGroupOf(state, arn);
    const unknown = Names?.find((name) => !all.some((one) => one.name === name));
    if (unknown !== undefined) throw elbError('TargetGroupNotFound', `One or more target groups not found`);
    const chosen = all
      .filter(({ arn }) => !TargetGroupArns || TargetGroupArns.includes(arn))
      .filter(({ name }) => !Names || Names.includes(name))
      .filter(({ arn }) => LoadBalancerArn === undefined || loadBalancersOf(state, arn).includes(LoadBalancerArn));
    const { items, NextMarker } = page(chosen, paging);
    return { TargetGroups: items.map((one) => described(state, one)), NextMarker };
  },
});

const modifyTargetGroupAttributes = operation<
  ModifyTargetGroupAttributesCommandInput,
  ModifyTargetGroupAttributesCommandOutput
>({
  demands: ({ TargetGroupArn }) => demand('ModifyTargetGroupAttributes', TargetGroupArn),
  run({ TargetGroupArn, Attributes }, call) {
    const { attributes } = targetGroupOf(elbState(call.cloud, call), TargetGroupArn);
    for (const [key, value] of readAttributes(targetGroupAttributes, Attributes)) attributes.set(key, value);
    return { Attributes: listAttributes(targetGroupAttributes, attributes) };
  },
});

const describeTargetGroupAttributes = operation<
  DescribeTargetGroupAttributesCommandInput,
  DescribeTargetGroupAttributesCommandOutput
>({
  demands: () => demand('DescribeTargetGroupAttributes', '*'),
  run({ TargetGroupArn }, call) {
    const { attributes } = targetGroupOf(elbState(call.cloud, call), TargetGroupArn);
    return { Attributes: listAttributes(targetGroupAttributes, attributes) };
  },
});

function described(state: ElbState, { arn, name, settings }: StoredTargetGroup): TargetGroup {
  return {
    TargetGroupArn: arn,
    TargetGroupName: name,
    ...settings,
    LoadBalancerArns: loadBalancersOf(state, arn),
  };
}

export const targetGroupOperations = {
  CreateTargetGroup: createTargetGroup,
  ModifyTargetGroup: modifyTargetGroup,
  DeleteTargetGroup: deleteTargetGroup,
  DescribeTargetGroups: describeTargetGroups,
  ModifyTargetGroupAttributes: modifyTargetGroupAttributes,
  DescribeTargetGroupAttributes: describeTargetGroupAttributes,
};
