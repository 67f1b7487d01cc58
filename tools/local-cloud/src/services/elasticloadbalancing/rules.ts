import type {
  CreateRuleCommandInput,
  CreateRuleCommandOutput,
  DeleteRuleCommandInput,
  DeleteRuleCommandOutput,
  DescribeRulesCommandInput,
  DescribeRulesCommandOutput,
  ModifyRuleCommandInput,
  ModifyRuleCommandOutput,
  Rule,
  SetRulePrioritiesCommandInput,
  SetRulePrioritiesCommandOutput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { operation } from '../../service.ts';
import { checkActions } from './actions.ts';
import { checkConditions } from './conditions.ts';
import { creating, demand, onAll } from './demands.ts';
import { elbError, noRule, page, unsupported, validationError } from './errors.ts';
import { reconcile } from './health-checks.ts';
import { listenerOf } from './listeners.ts';
import { loadBalancerOf } from './load-balancers.ts';
import { type ElbState, elbArn, elbState, newId, pathOf, type StoredListener, type StoredRule } from './state.ts';
import { checkTags, setTags } from './tags.ts';

function ruleOf(state: ElbState, arn = ''): StoredRule {
  const found = state.rules.get(arn);
  if (!found) throw noRule(arn);
  return found;
}

export function rulesOf(state: ElbState, listener: StoredListener): StoredRule[] {
  return [...state.rules.values()]
    .filter(({ listenerArn }) => listenerArn === listener.arn)
    .sort((one, other) => one.priority - other.priority);
}

/** "CreateRule": 1 to 50000, each once in a listener. */
function checkPriority(state: ElbState, listenerArn: string, priority: number | undefined): number {
  if (priority === undefined) throw validationError('A rule priority must be specified');
  if (priority < 1 || priority > 50_000)
    throw validationError(`Rule priority '${priority}' must be between 1 and 50000`);
  const taken = [...state.rules.values()].some((one) => one.listenerArn === listenerArn && one.priority === priority);
  if (taken) throw elbError('PriorityInUse', `Priority '${priority}' is currently in use`);
  return priority;
}

const createRule = operation<CreateRuleCommandInput, CreateRuleCommandOutput>({
  demands: ({ ListenerArn = '', Tags }, call) => [
    ...demand('CreateRule', ListenerArn),
    ...creating('CreateRule', `listener-rule/${pathOf(ListenerArn)}/*`, Tags, call).slice(1),
  ],
  run(input, call) {
    const state = elbState(call.cloud, call);
    const listener = listenerOf(state, input.ListenerArn);
    if (input.Transforms?.length) throw unsupported('transforms of rules');
    const conditions = checkConditions(input.Conditions);
    const priority = checkPriority(state, listener.arn, input.Priority);
    const actions = checkActions(state, loadBalancerOf(state, listener.loadBalancerArn), input.Actions);
    checkTags(input.Tags);
    const arn = elbArn(call, `listener-rule/${pathOf(listener.arn)}/${newId()}`);
    const created: StoredRule = { arn, listenerArn: listener.arn, priority, conditions, actions };
    state.rules.set(arn, created);
    setTags(state, arn, input.Tags);
    reconcile(call.cloud, call);
    return { Rules: [described(created)] };
  },
});

const modifyRule = operation<ModifyRuleCommandInput, ModifyRuleCommandOutput>({
  demands: ({ RuleArn }) => demand('ModifyRule', RuleArn),
  run(input, call) {
    const state = elbState(call.cloud, call);
    const rule = ruleOf(state, input.RuleArn);
    if (input.Transforms?.length) throw unsupported('transforms of rules');
    const loadBalancer = loadBalancerOf(state, listenerOf(state, rule.listenerArn).loadBalancerArn);
    const conditions = input.Conditions ? checkConditions(input.Conditions) : rule.conditions;
    const actions = input.Actions ? checkActions(state, loadBalancer, input.Actions) : rule.actions;
    Object.assign(rule, { conditions, actions });
    reconcile(call.cloud, call);
    return { Rules: [described(rule)] };
  },
});

const deleteRule = operation<DeleteRuleCommandInput, DeleteRuleCommandOutput>({
  demands: ({ RuleArn }) => demand('DeleteRule', RuleArn),
  run({ RuleArn }, call) {
    const state = elbState(call.cloud, call);
    const { arn } = ruleOf(state, RuleArn);
    state.rules.delete(arn);
    state.tags.delete(arn);
    reconcile(call.cloud, call);
    return {};
  },
});

const describeRules = operation<DescribeRulesCommandInput, DescribeRulesCommandOutput>({
  demands: onAll('DescribeRules'),
  run({ ListenerArn, RuleArns, ...paging }, call) {
    const state = elbState(call.cloud, call);
    if (ListenerArn === undefined && !RuleArns) {
      throw validationError('Either a listener ARN or rule ARNs must be specified');
    }
    const listed =
      ListenerArn === undefined
        ? (RuleArns ?? []).map((arn) => described(ruleOf(state, arn)))
        : everyRule(state, listenerOf(state, ListenerArn));
    const { items, NextMarker } = page(listed, paging);
    return { Rules: items, NextMarker };
  },
});

/** All rules of a listener, the default rule last. */
function everyRule(state: ElbState, listener: StoredListener): Rule[] {
  const last: Rule = {
    RuleArn: listener.arn.replace(':listener/', ':listener-rule/').concat('/default'),
    Priority: 'default',
    Conditions: [],
    Actions: [...listener.actions],
    IsDefault: true,
  };
  return [...rulesOf(state, listener).map(described), last];
}

const setRulePriorities = operation<SetRulePrioritiesCommandInput, SetRulePrioritiesCommandOutput>({
  demands: ({ RulePriorities = [] }) => demand('SetRulePriorities', ...RulePriorities.map(({ RuleArn }) => RuleArn)),
  run({ RulePriorities = [] }, call) {
    const state = elbState(call.cloud, call);
    const rules = RulePriorities.map(({ RuleArn, Priority }) => ({ rule: ruleOf(state, RuleArn), Priority }));
    const before = rules.map(({ rule }) => rule.priority);
    // They may change places among themselves, so all leave theirs first.
    for (const { rule } of rules) rule.priority = 0;
    try {
      for (const { rule, Priority } of rules) rule.priority = checkPriority(state, rule.listenerArn, Priority);
    } catch (error) {
      for (const [i, { rule }] of rules.entries()) rule.priority = before[i] ?? 0;
      throw error;
    }
    return { Rules: rules.map(({ rule }) => described(rule)) };
  },
});

function described({ arn, priority, conditions, actions }: StoredRule): Rule {
  return {
    RuleArn: arn,
    Priority: String(priority),
    Conditions: [...conditions],
    Actions: [...actions],
    IsDefault: false,
  };
}

export const ruleOperations = {
  CreateRule: createRule,
  ModifyRule: modifyRule,
  DeleteRule: deleteRule,
  DescribeRules: describeRules,
  SetRulePriorities: setRulePriorities,
};
