import type { CreateListenerCommandOutput, CreateRuleCommandOutput } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Properties, ResourceProvider } from '../provider.ts';
import { unlessGone } from './calls.ts';
import { changeElbTags } from './elb-tags.ts';

const service = 'elasticloadbalancing';

export const elbListener: ResourceProvider = {
  type: 'AWS::ElasticLoadBalancingV2::Listener',
  properties: ['Certificates', 'DefaultActions', 'LoadBalancerArn', 'Port', 'Protocol', 'Tags'],
  async create(request) {
    const { DefaultActions, ...own } = request.properties;
    const input = { ...own, DefaultActions: DefaultActions.map(action) };
    const { Listeners } = await request.call<CreateListenerCommandOutput>(service, 'CreateListener', input);
    return listenerResult(Listeners?.[0]?.ListenerArn ?? '');
  },
  async update(request) {
    const { physicalId: ListenerArn, properties, previous } = request;
    const { DefaultActions, Port, Protocol, Certificates } = properties;
    await request.call(service, 'ModifyListener', {
      ListenerArn,
      DefaultActions: DefaultActions.map(action),
      ...(Port !== undefined && { Port }),
      ...(Protocol !== undefined && { Protocol }),
      ...(Certificates && { Certificates }),
    });
    await changeElbTags(request, ListenerArn, previous);
    return listenerResult(ListenerArn);
  },
  async delete(request) {
    await unlessGone(['ListenerNotFound'], () =>
      request.call(service, 'DeleteListener', { ListenerArn: request.physicalId }),
    );
  },
};

const listenerResult = (physicalId: string) => ({ physicalId, attributes: { ListenerArn: physicalId } });

export const elbListenerRule: ResourceProvider = {
  type: 'AWS::ElasticLoadBalancingV2::ListenerRule',
  properties: ['Actions', 'Conditions', 'ListenerArn', 'Priority', 'Tags'],
  async create(request) {
    const { Actions, ...own } = request.properties;
    const input = { ...own, Actions: Actions.map(action) };
    const { Rules } = await request.call<CreateRuleCommandOutput>(service, 'CreateRule', input);
    return ruleResult(Rules?.[0]?.RuleArn ?? '');
  },
  async update(request) {
    const { physicalId: RuleArn, properties, previous } = request;
    const { Actions, Conditions, Priority } = properties;
    await request.call(service, 'ModifyRule', { RuleArn, Conditions, Actions: Actions.map(action) });
    if (Priority !== previous['Priority']) {
      await request.call(service, 'SetRulePriorities', { RulePriorities: [{ RuleArn, Priority }] });
    }
    await changeElbTags(request, RuleArn, previous);
    return ruleResult(RuleArn);
  },
  async delete(request) {
    await unlessGone(['RuleNotFound'], () => request.call(service, 'DeleteRule', { RuleArn: request.physicalId }));
  },
};

const ruleResult = (physicalId: string) => ({ physicalId, attributes: { RuleArn: physicalId, IsDefault: false } });

/** A template's action as the API takes it: the same, authentication apart, which is refused there by its type. */
const action = ({ Type, Order, TargetGroupArn, ForwardConfig, FixedResponseConfig, RedirectConfig }: Properties) => ({
  Type,
  ...(Order !== undefined && { Order }),
  ...(TargetGroupArn && { TargetGroupArn }),
  ...(ForwardConfig && { ForwardConfig }),
  ...(FixedResponseConfig && { FixedResponseConfig }),
  ...(RedirectConfig && { RedirectConfig }),
});
