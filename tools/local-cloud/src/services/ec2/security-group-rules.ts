import type {
  AuthorizeSecurityGroupIngressCommandInput,
  AuthorizeSecurityGroupIngressCommandOutput,
  IpPermission,
  RevokeSecurityGroupIngressCommandInput,
  RevokeSecurityGroupIngressCommandOutput,
  SecurityGroupRuleDescription,
} from '@aws-sdk/client-ec2';
import type { AnyOperation } from '../../service.ts';
import { describeOperation, found } from './describe.ts';
import { ec2Error, missing } from './errors.ts';
import { type PermissionsInput, readRules } from './ip-permissions.ts';
import { type Ec2Input, ec2Operation, type Subject } from './operation.ts';
import { addRule, peerText, type RuleDraft, rulesOf, sameRule } from './security-group-rule.ts';
import { groupOf } from './security-groups.ts';
import type { Ec2State, StoredGroup, StoredRule } from './state.ts';
import { ec2State } from './store.ts';
import { setTags, tagsOf, tagsOnCreation } from './tags.ts';

const onGroup = ({ GroupId }: { GroupId?: string | undefined }): Subject[] => [['security-group', GroupId]];

/** "Amazon VPC quotas": rules of one direction per security group, for IPv4. */
const mostRules = 60;

/** AuthorizeSecurityGroupIngress and -Egress: all rules of a call, or none. */
function authorize(name: string, isEgress: boolean) {
  return ec2Operation<AuthorizeSecurityGroupIngressCommandInput, AuthorizeSecurityGroupIngressCommandOutput>(
    name,
    onGroup,
    (input, call) => {
      const state = ec2State(call.cloud, call);
      const group = groupOf(state, input);
      const drafts = readRules(state, group, isEgress, input);
      const existing = rulesOf(state, group.GroupId);
      for (const [i, draft] of drafts.entries()) {
        if ([...existing, ...drafts.slice(0, i)].some((one) => sameRule(one, draft))) throw duplicate(draft);
      }
      if (existing.filter((rule) => rule.IsEgress === isEgress).length + drafts.length > mostRules) {
        throw ec2Error(
          'RulesPerSecurityGroupLimitExceeded',
          'The maximum number of rules per security group has been reached.',
        );
      }
      const tags = tagsOnCreation('security-group-rule', input);
      const rules = drafts.map((draft) => addRule(state, group.GroupId, call.account, draft));
      for (const { SecurityGroupRuleId } of rules) setTags(state, SecurityGroupRuleId, tags);
      return { Return: true, SecurityGroupRules: rules.map((rule) => ({ ...rule, Tags: [...tags] })) };
    },
  );
}

function duplicate(draft: RuleDraft) {
  const { IpProtocol, FromPort, ToPort } = draft;
  const ports = IpProtocol === '-1' ? 'ALL' : `${IpProtocol.toUpperCase()}, from port: ${FromPort}, to port: ${ToPort}`;
  return ec2Error(
    'InvalidPermission.Duplicate',
    `the specified rule "peer: ${peerText(draft)}, ${ports}, ALLOW" already exists`,
  );
}

function revoke(name: string, isEgress: boolean) {
  return ec2Operation<RevokeSecurityGroupIngressCommandInput, RevokeSecurityGroupIngressCommandOutput>(
    name,
    onGroup,
    (input, call) => {
      const state = ec2State(call.cloud, call);
      const rules = rulesNamed(state, groupOf(state, input), isEgress, input);
      for (const { SecurityGroupRuleId } of rules) {
        state.securityGroupRules.delete(SecurityGroupRuleId);
        state.tags.delete(SecurityGroupRuleId);
      }
      return { Return: true };
    },
  );
}

interface NamedRules extends PermissionsInput {
  readonly SecurityGroupRuleIds?: string[] | undefined;
}

/** The rules a call names, by ID or by what they let through. Throws when one of them is not in the group. */
function rulesNamed(state: Ec2State, group: StoredGroup, isEgress: boolean, input: NamedRules): readonly StoredRule[] {
  const own = rulesOf(state, group.GroupId).filter((rule) => rule.IsEgress === isEgress);
  if (input.SecurityGroupRuleIds) {
    return input.SecurityGroupRuleIds.map((id) => {
      const rule = own.find((one) => one.SecurityGroupRuleId === id);
      if (!rule) throw missing['security-group-rule'](id);
      return rule;
    });
  }
  return readRules(state, group, isEgress, input).map((draft) => {
    const rule = own.find((one) => sameRule(one, draft));
    if (rule) return rule;
    throw ec2Error('InvalidPermission.NotFound', 'The specified rule does not exist in this security group.');
  });
}

interface DescriptionsInput extends Ec2Input {
  readonly GroupId?: string;
  readonly IpPermissions?: IpPermission[];
  readonly SecurityGroupRuleDescriptions?: SecurityGroupRuleDescription[];
}

function updateDescriptions(name: string, isEgress: boolean): AnyOperation {
  return ec2Operation<DescriptionsInput, { Return: boolean }>(name, onGroup, (input, call) => {
    const state = ec2State(call.cloud, call);
    const group = groupOf(state, input);
    const changed = (input.SecurityGroupRuleDescriptions ?? []).map(({ SecurityGroupRuleId, Description }) => ({
      rule: found(state.securityGroupRules, SecurityGroupRuleId, 'security-group-rule'),
      Description,
    }));
    for (const draft of input.IpPermissions ? readRules(state, group, isEgress, input) : []) {
      const [rule] = rulesOf(state, group.GroupId).filter((one) => sameRule(one, draft));
      if (!rule) {
        throw ec2Error('InvalidPermission.NotFound', 'The specified rule does not exist in this security group.');
      }
      changed.push({ rule, Description: draft.Description });
    }
    for (const { rule, Description } of changed) {
      state.securityGroupRules.set(rule.SecurityGroupRuleId, { ...rule, Description });
    }
    return { Return: true };
  });
}

export const securityGroupRuleOperations = {
  AuthorizeSecurityGroupIngress: authorize('AuthorizeSecurityGroupIngress', false),
  AuthorizeSecurityGroupEgress: authorize('AuthorizeSecurityGroupEgress', true),
  RevokeSecurityGroupIngress: revoke('RevokeSecurityGroupIngress', false),
  RevokeSecurityGroupEgress: revoke('RevokeSecurityGroupEgress', true),
  UpdateSecurityGroupRuleDescriptionsIngress: updateDescriptions('UpdateSecurityGroupRuleDescriptionsIngress', false),
  UpdateSecurityGroupRuleDescriptionsEgress: updateDescriptions('UpdateSecurityGroupRuleDescriptionsEgress', true),
  DescribeSecurityGroupRules: describeOperation<StoredRule>({
    name: 'DescribeSecurityGroupRules',
    kind: 'security-group-rule',
    store: ({ securityGroupRules }) => securityGroupRules,
    members: ['SecurityGroupRuleIds', 'SecurityGroupRules'],
    id: ({ SecurityGroupRuleId }) => SecurityGroupRuleId,
    show: (rule, state) => ({ ...rule, Tags: tagsOf(state, rule.SecurityGroupRuleId) }),
    filters: {
      'group-id': (rule) => rule.GroupId,
      'security-group-rule-id': (rule) => rule.SecurityGroupRuleId,
    },
  }),
};
