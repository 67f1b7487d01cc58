import type {
  DeleteRuleCommandInput,
  DeleteRuleCommandOutput,
  DescribeRuleCommandInput,
  DescribeRuleCommandOutput,
  DisableRuleCommandInput,
  DisableRuleCommandOutput,
  EnableRuleCommandInput,
  EnableRuleCommandOutput,
  ListRulesCommandInput,
  ListRulesCommandOutput,
  PutRuleCommandInput,
  PutRuleCommandOutput,
} from '@aws-sdk/client-eventbridge';
import { lengthBetween, matches, oneOf } from '../../constraints.ts';
import { validationError } from '../../errors.ts';
import { passRoleDemand } from '../../iam/pass-role.ts';
import { type Call, operation } from '../../service.ts';
import { onBus, onRule } from './demands.ts';
import { limitExceeded, validate } from './errors.ts';
import { pageOf } from './page.ts';
import { busOf, requireOwn, ruleOf } from './references.ts';
import { arm, disarm, readSchedule } from './rule-timers.ts';
import { type Bus, defaultBus, type Rule, ruleArn } from './state.ts';
import { addTags } from './tags.ts';
import { readPattern } from './test-event-pattern.ts';

/** "Number of rules" of a bus, EventBridge quotas. */
const mostRules = 300;

const putRule = operation<PutRuleCommandInput, PutRuleCommandOutput>({
  demands: (input, call) => [
    ...onRule('PutRule')(input, call),
    ...(input.RoleArn ? [passRoleDemand(input.RoleArn, 'events.amazonaws.com')] : []),
  ],
  run(input, call) {
    check(input);
    const bus = busOf(input.EventBusName, call);
    if (input.ScheduleExpression && bus.name !== defaultBus) {
      throw validationError('ScheduleExpression is supported only on the default event bus.');
    }
    const before = bus.rules.get(input.Name ?? '');
    if (before) requireOwn(before);
    else if (bus.rules.size >= mostRules) throw limitExceeded();
    const rule = ruleFrom(input, bus, before, call);
    // "If you are updating an existing rule, any tags you specify in the PutRule operation are ignored."
    if (!before) addTags(rule, input.Tags);
    replace(bus, rule, call);
    return { RuleArn: rule.arn };
  },
});

function check({ Name = '', Description, EventPattern, ScheduleExpression, State }: PutRuleCommandInput): void {
  validate(
    lengthBetween('name', Name, 1, 64),
    matches('name', Name, '[\\.\\-_A-Za-z0-9]+'),
    lengthBetween('description', Description, 0, 512),
    lengthBetween('eventPattern', EventPattern, 0, 4096),
    lengthBetween('scheduleExpression', ScheduleExpression, 0, 256),
    oneOf('state', State, ['ENABLED', 'DISABLED', 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS']),
  );
  if (!EventPattern && !ScheduleExpression) {
    throw validationError('Parameter(s) EventPattern or ScheduleExpression must be specified.');
  }
  if (EventPattern) readPattern(EventPattern);
  if (ScheduleExpression && !readSchedule(ScheduleExpression)) {
    throw validationError('Parameter ScheduleExpression is not valid.');
  }
}

/** "If you omit arguments in PutRule, the old values for those arguments are not kept." Targets and tags are. */
function ruleFrom(input: PutRuleCommandInput, bus: Bus, before: Rule | undefined, call: Call): Rule {
  const { Name = '' } = input;
  return {
    name: Name,
    busName: bus.name,
    account: bus.account,
    region: bus.region,
    arn: ruleArn(Name, bus.name, bus),
    eventPattern: input.EventPattern || undefined,
    scheduleExpression: input.ScheduleExpression || undefined,
    description: input.Description || undefined,
    roleArn: input.RoleArn,
    state: input.State ?? 'ENABLED',
    managedBy: undefined,
    scheduledFrom: call.cloud.clock.now(),
    targets: before?.targets ?? new Map(),
    tags: before?.tags ?? new Map(),
  };
}

function replace(bus: Bus, rule: Rule, { cloud }: Call): void {
  bus.rules.set(rule.name, rule);
  arm(rule, cloud);
}

const enableRule = operation<EnableRuleCommandInput, EnableRuleCommandOutput>({
  demands: onRule('EnableRule'),
  run: (input, call) => setState(input, 'ENABLED', call),
});

const disableRule = operation<DisableRuleCommandInput, DisableRuleCommandOutput>({
  demands: onRule('DisableRule'),
  run: (input, call) => setState(input, 'DISABLED', call),
});

function setState(input: EnableRuleCommandInput, state: Rule['state'], call: Call) {
  const { bus, rule } = ruleOf(input.Name, input.EventBusName, call);
  requireOwn(rule);
  replace(bus, { ...rule, state, scheduledFrom: call.cloud.clock.now() }, call);
  return {};
}

/** One that is not there is success, as it is in AWS. */
const deleteRule = operation<DeleteRuleCommandInput, DeleteRuleCommandOutput>({
  demands: onRule('DeleteRule'),
  run(input, call) {
    const bus = busOf(input.EventBusName, call);
    const rule = bus.rules.get(input.Name ?? '');
    if (!rule) return {};
    if (!input.Force) requireOwn(rule);
    if (rule.targets.size > 0) throw validationError("Rule can't be deleted since it has targets.");
    disarm(rule, call.cloud);
    bus.rules.delete(rule.name);
    return {};
  },
});

const describeRule = operation<DescribeRuleCommandInput, DescribeRuleCommandOutput>({
  demands: onRule('DescribeRule'),
  run(input, call) {
    const { rule } = ruleOf(input.Name, input.EventBusName, call);
    return { ...summary(rule), CreatedBy: rule.account };
  },
});

const listRules = operation<ListRulesCommandInput, ListRulesCommandOutput>({
  demands: (input, call) => onBus('ListRules')({ EventBusName: input.EventBusName }, call),
  run(input, call) {
    const rules = [...busOf(input.EventBusName, call).rules.values()];
    const { page, next } = pageOf(
      rules.filter(({ name }) => name.startsWith(input.NamePrefix ?? '')),
      input,
    );
    return { Rules: page.map(summary), ...next };
  },
});

function summary(rule: Rule) {
  return {
    Name: rule.name,
    Arn: rule.arn,
    EventBusName: rule.busName,
    State: rule.state,
    ...(rule.eventPattern !== undefined && { EventPattern: rule.eventPattern }),
    ...(rule.scheduleExpression !== undefined && { ScheduleExpression: rule.scheduleExpression }),
    ...(rule.description !== undefined && { Description: rule.description }),
    ...(rule.roleArn !== undefined && { RoleArn: rule.roleArn }),
    ...(rule.managedBy !== undefined && { ManagedBy: rule.managedBy }),
  };
}

export const ruleOperations = {
  DeleteRule: deleteRule,
  DescribeRule: describeRule,
  DisableRule: disableRule,
  EnableRule: enableRule,
  ListRules: listRules,
  PutRule: putRule,
};
