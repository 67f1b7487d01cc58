import type {
  CreatePolicyCommandInput,
  CreatePolicyCommandOutput,
  DeletePolicyCommandInput,
  DeletePolicyCommandOutput,
  GetPolicyCommandInput,
  GetPolicyCommandOutput,
  ListEntitiesForPolicyCommandInput,
  ListEntitiesForPolicyCommandOutput,
  ListPoliciesCommandInput,
  ListPoliciesCommandOutput,
  Policy,
} from '@aws-sdk/client-iam';
import { type AwsManagedPolicy, awsManagedPolicies } from '../../iam/managed-policies.ts';
import { type IamState, type Identity, iamState, type ManagedPolicy, uniqueId } from '../../iam/state.ts';
import { operation } from '../../service.ts';
import { tagList } from '../../tag-list.ts';
import { demand, policyArn, withTags } from './demands.ts';
import { alreadyExists, constraint, deleteConflict, noSuchEntity } from './errors.ts';
import { checkAttachable, policyOfArn } from './find.ts';
import { checkedPath, checkName } from './names.ts';
import { wholeSeconds } from './outputs.ts';
import { page } from './paging.ts';
import { readManagedDocument } from './policy-versions.ts';
import { readTags } from './tags.ts';

export const managedPolicyOperations = {
  CreatePolicy: operation<CreatePolicyCommandInput, CreatePolicyCommandOutput>({
    demands: (input, call) => [
      withTags(demand('CreatePolicy', policyArn(call, input.PolicyName ?? '', input.Path)), input.Tags),
    ],
    run(input, call) {
      const { policies } = iamState(call.cloud, call.account);
      const { PolicyName: name = '' } = input;
      checkName('policyName', name);
      const path = checkedPath(input.Path);
      if ([...policies.values()].some((policy) => policy.name.toLowerCase() === name.toLowerCase())) {
        throw alreadyExists(`A policy called ${name} already exists. Duplicate names are not allowed.`);
      }
      const stored = readManagedDocument(input.PolicyDocument ?? '');
      const now = wholeSeconds(call);
      const policy: ManagedPolicy = {
        name,
        id: uniqueId('ANPA'),
        arn: policyArn(call, name, path),
        path,
        description: input.Description,
        createDate: now,
        updateDate: now,
        defaultVersionId: 'v1',
        versionsMade: 1,
        versions: new Map([['v1', { ...stored, createDate: now }]]),
        tags: readTags(input.Tags),
      };
      policies.set(policy.arn, policy);
      const { Description: _, ...created } = policyOutput(iamState(call.cloud, call.account), policy);
      return { Policy: created };
    },
  }),

  GetPolicy: operation<GetPolicyCommandInput, GetPolicyCommandOutput>({
    demands: (input) => [demand('GetPolicy', input.PolicyArn ?? '')],
    run({ PolicyArn: arn = '' }, call) {
      const state = iamState(call.cloud, call.account);
      const aws = awsManagedPolicies.get(arn);
      return { Policy: aws ? awsPolicyOutput(state, aws) : policyOutput(state, policyOfArn(state, arn)) };
    },
  }),

  ListPolicies: operation<ListPoliciesCommandInput, ListPoliciesCommandOutput>({
    run(input, call) {
      const state = iamState(call.cloud, call.account);
      const aws = [...awsManagedPolicies.values()].map((policy) => awsPolicyOutput(state, policy));
      const own = [...state.policies.values()].map((policy) => policyOutput(state, policy));
      const scopes = { AWS: aws, Local: own, All: [...own, ...aws] };
      const { Scope = 'All' } = input;
      if (!Object.hasOwn(scopes, Scope)) throw constraint('scope', Scope, 'satisfy enum value set: [All, AWS, Local]');
      const found = scopes[Scope]
        .filter((policy) => policy.Path?.startsWith(input.PathPrefix ?? '/'))
        .filter((policy) => !input.OnlyAttached || (policy.AttachmentCount ?? 0) > 0)
        .map(({ Tags: _, Description: __, ...listed }) => listed);
      const { items, ...rest } = page(found, input);
      return { Policies: items, ...rest };
    },
  }),

  ListEntitiesForPolicy: operation<ListEntitiesForPolicyCommandInput, ListEntitiesForPolicyCommandOutput>({
    demands: (input) => [demand('ListEntitiesForPolicy', input.PolicyArn ?? '')],
    run({ PolicyArn: arn = '', EntityFilter }, call) {
      const state = iamState(call.cloud, call.account);
      if (!awsManagedPolicies.has(arn)) policyOfArn(state, arn);
      checkAttachable(state, arn);
      const attached = <Kind extends Identity>(type: string, map: ReadonlyMap<string, Kind>) =>
        EntityFilter === undefined || EntityFilter === type
          ? [...map.values()].filter((identity) => identity.attached.has(arn))
          : [];
      return {
        PolicyRoles: attached('Role', state.roles).map(({ name, id }) => ({ RoleName: name, RoleId: id })),
        PolicyUsers: attached('User', state.users).map(({ name, id }) => ({ UserName: name, UserId: id })),
        PolicyGroups: attached('Group', state.groups).map(({ name, id }) => ({ GroupName: name, GroupId: id })),
        IsTruncated: false,
      };
    },
  }),

  DeletePolicy: operation<DeletePolicyCommandInput, DeletePolicyCommandOutput>({
    demands: (input) => [demand('DeletePolicy', input.PolicyArn ?? '')],
    run({ PolicyArn: arn = '' }, call) {
      const state = iamState(call.cloud, call.account);
      const policy = state.policies.get(arn);
      if (!policy) throw noSuchEntity(`Policy ${arn} was not found.`);
      if (uses(state, arn).attached > 0 || uses(state, arn).boundary > 0) {
        throw deleteConflict('Cannot delete a policy attached to entities.');
      }
      if (policy.versions.size > 1) {
        throw deleteConflict(
          "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
        );
      }
      state.policies.delete(arn);
      return {};
    },
  }),
};

function uses(state: IamState, arn: string): { attached: number; boundary: number } {
  const bounded = [...state.roles.values(), ...state.users.values()];
  return {
    attached: [...bounded, ...state.groups.values()].filter((identity) => identity.attached.has(arn)).length,
    boundary: bounded.filter((identity) => identity.boundaryArn === arn).length,
  };
}

function policyOutput(state: IamState, policy: ManagedPolicy): Policy {
  const { attached, boundary } = uses(state, policy.arn);
  return {
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: policy.defaultVersionId,
    AttachmentCount: attached,
    PermissionsBoundaryUsageCount: boundary,
    IsAttachable: true,
    Description: policy.description,
    CreateDate: policy.createDate,
    UpdateDate: policy.updateDate,
    ...(policy.tags.size > 0 ? { Tags: tagList(policy.tags) } : {}),
  };
}

function awsPolicyOutput(state: IamState, policy: AwsManagedPolicy): Policy {
  const { attached, boundary } = uses(state, policy.arn);
  return {
    PolicyName: policy.name,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: policy.defaultVersionId,
    AttachmentCount: attached,
    PermissionsBoundaryUsageCount: boundary,
    IsAttachable: true,
    CreateDate: policy.createDate,
    UpdateDate: policy.createDate,
  };
}
