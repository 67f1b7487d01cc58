import type {
  ListRuleNamesByTargetCommandInput,
  ListRuleNamesByTargetCommandOutput,
  ListTargetsByRuleCommandInput,
  ListTargetsByRuleCommandOutput,
  PutTargetsCommandInput,
  PutTargetsCommandOutput,
  RemoveTargetsCommandInput,
  RemoveTargetsCommandOutput,
} from '@aws-sdk/client-eventbridge';
import { sizeBetween } from '../../constraints.ts';
import { passRoleDemand } from '../../iam/pass-role.ts';
import { operation } from '../../service.ts';
import { checkTarget } from './check-target.ts';
import { onBus, onRule } from './demands.ts';
import { limitExceeded, validate } from './errors.ts';
import { pageOf } from './page.ts';
import { busOf, requireOwn, ruleOf } from './references.ts';

/** "Targets per rule", EventBridge quotas. */
const mostTargets = 5;

const putTargets = operation<PutTargetsCommandInput, PutTargetsCommandOutput>({
  demands: (input, call) => [
    ...onRule('PutTargets')(input, call),
    ...(input.Targets ?? []).flatMap(({ RoleArn }) =>
      RoleArn ? [passRoleDemand(RoleArn, 'events.amazonaws.com')] : [],
    ),
  ],
  run(input, call) {
    const { Targets = [] } = input;
    validate(sizeBetween('targets', Targets.length, 1, 100));
    const { rule } = ruleOf(input.Rule, input.EventBusName, call);
    requireOwn(rule);
    for (const target of Targets) checkTarget(target);
    if (new Set([...rule.targets.keys(), ...Targets.map(({ Id }) => Id)]).size > mostTargets) throw limitExceeded();
    for (const target of Targets) rule.targets.set(target.Id ?? '', target);
    return { FailedEntryCount: 0, FailedEntries: [] };
  },
});

const removeTargets = operation<RemoveTargetsCommandInput, RemoveTargetsCommandOutput>({
  demands: onRule('RemoveTargets'),
  run(input, call) {
    const { Ids = [] } = input;
    validate(sizeBetween('ids', Ids.length, 1, 100));
    const { rule } = ruleOf(input.Rule, input.EventBusName, call);
    if (!input.Force) requireOwn(rule);
    for (const id of Ids) rule.targets.delete(id);
    return { FailedEntryCount: 0, FailedEntries: [] };
  },
});

const listTargetsByRule = operation<ListTargetsByRuleCommandInput, ListTargetsByRuleCommandOutput>({
  demands: onRule('ListTargetsByRule'),
  run(input, call) {
    const { rule } = ruleOf(input.Rule, input.EventBusName, call);
    const targets = [...rule.targets].map(([name, target]) => ({ name, target }));
    const { page, next } = pageOf(targets, input);
    return { Targets: page.map(({ target }) => target), ...next };
  },
});

const listRuleNamesByTarget = operation<ListRuleNamesByTargetCommandInput, ListRuleNamesByTargetCommandOutput>({
  demands: (input, call) => onBus('ListRuleNamesByTarget')({ EventBusName: input.EventBusName }, call),
  run(input, call) {
    const rules = [...busOf(input.EventBusName, call).rules.values()];
    const { page, next } = pageOf(
      rules.filter(({ targets }) => [...targets.values()].some(({ Arn }) => Arn === input.TargetArn)),
      input,
    );
    return { RuleNames: page.map(({ name }) => name), ...next };
  },
});

export const targetOperations = {
  ListRuleNamesByTarget: listRuleNamesByTarget,
  ListTargetsByRule: listTargetsByRule,
  PutTargets: putTargets,
  RemoveTargets: removeTargets,
};
