import type {
  CreatePolicyVersionCommandInput,
  CreatePolicyVersionCommandOutput,
  DeletePolicyVersionCommandInput,
  DeletePolicyVersionCommandOutput,
  GetPolicyVersionCommandInput,
  GetPolicyVersionCommandOutput,
  ListPolicyVersionsCommandInput,
  ListPolicyVersionsCommandOutput,
  SetDefaultPolicyVersionCommandInput,
  SetDefaultPolicyVersionCommandOutput,
} from '@aws-sdk/client-iam';
import { awsManagedPolicies } from '../../iam/managed-policies.ts';
import { parsePolicy } from '../../iam/parse-policy.ts';
import { iamState, type ManagedPolicy, type StoredDocument } from '../../iam/state.ts';
import { type Call, operation } from '../../service.ts';
import { demand } from './demands.ts';
import { deleteConflict, limitExceeded, noSuchEntity } from './errors.ts';
import { policyOfArn } from './find.ts';
import { wholeSeconds } from './outputs.ts';
import { page } from './paging.ts';

/** "IAM and AWS STS quotas": versions of a managed policy, and characters of each, white space not counted. */
const mostVersions = 5;
const longestDocument = 6144;

const onPolicy = (name: string) => (input: { PolicyArn: string | undefined }) => [demand(name, input.PolicyArn ?? '')];

const policyIn = (input: { PolicyArn: string | undefined }, call: Call): ManagedPolicy =>
  policyOfArn(iamState(call.cloud, call.account), input.PolicyArn ?? '');

export const policyVersionOperations = {
  CreatePolicyVersion: operation<CreatePolicyVersionCommandInput, CreatePolicyVersionCommandOutput>({
    demands: onPolicy('CreatePolicyVersion'),
    run(input, call) {
      const policy = policyIn(input, call);
      const stored = readManagedDocument(input.PolicyDocument ?? '');
      if (policy.versions.size >= mostVersions) {
        throw limitExceeded(
          `A managed policy can have up to ${mostVersions} versions. Before you create a new version, you must delete an existing version.`,
        );
      }
      policy.versionsMade += 1;
      const versionId = `v${policy.versionsMade}`;
      const createDate = wholeSeconds(call);
      policy.versions.set(versionId, { ...stored, createDate });
      policy.updateDate = createDate;
      if (input.SetAsDefault) policy.defaultVersionId = versionId;
      const IsDefaultVersion = policy.defaultVersionId === versionId;
      return { PolicyVersion: { VersionId: versionId, IsDefaultVersion, CreateDate: createDate } };
    },
  }),

  GetPolicyVersion: operation<GetPolicyVersionCommandInput, GetPolicyVersionCommandOutput>({
    demands: onPolicy('GetPolicyVersion'),
    run(input, call) {
      const { PolicyArn: arn = '', VersionId: id = '' } = input;
      const version = versionsOf(arn, call).find((one) => one.VersionId === id);
      if (!version) throw noVersion(arn, id);
      return { PolicyVersion: version };
    },
  }),

  ListPolicyVersions: operation<ListPolicyVersionsCommandInput, ListPolicyVersionsCommandOutput>({
    demands: onPolicy('ListPolicyVersions'),
    run(input, call) {
      const versions = versionsOf(input.PolicyArn ?? '', call).map(({ Document: _, ...listed }) => listed);
      const { items, ...rest } = page(versions.reverse(), input);
      return { Versions: items, ...rest };
    },
  }),

  DeletePolicyVersion: operation<DeletePolicyVersionCommandInput, DeletePolicyVersionCommandOutput>({
    demands: onPolicy('DeletePolicyVersion'),
    run(input, call) {
      const policy = policyIn(input, call);
      const { VersionId: id = '' } = input;
      if (!policy.versions.has(id)) throw noVersion(policy.arn, id);
      if (policy.defaultVersionId === id) throw deleteConflict('Cannot delete the default version of a policy.');
      policy.versions.delete(id);
      return {};
    },
  }),

  SetDefaultPolicyVersion: operation<SetDefaultPolicyVersionCommandInput, SetDefaultPolicyVersionCommandOutput>({
    demands: onPolicy('SetDefaultPolicyVersion'),
    run(input, call) {
      const policy = policyIn(input, call);
      const { VersionId: id = '' } = input;
      if (!policy.versions.has(id)) throw noVersion(policy.arn, id);
      policy.defaultVersionId = id;
      policy.updateDate = wholeSeconds(call);
      return {};
    },
  }),
};

/** Reads a managed policy's document. Throws MalformedPolicyDocument and LimitExceeded. */
export function readManagedDocument(text: string): StoredDocument {
  const document = parsePolicy(text, 'identity');
  if (text.replace(/\s/g, '').length > longestDocument) {
    throw limitExceeded(`Cannot exceed quota for PolicySize: ${longestDocument}`);
  }
  return { text, document };
}

/** Oldest first. Of AWS's own policies only the default version is known here. */
function versionsOf(arn: string, call: Call) {
  const aws = awsManagedPolicies.get(arn);
  if (aws) {
    return [
      {
        VersionId: aws.defaultVersionId,
        IsDefaultVersion: true,
        CreateDate: aws.createDate,
        Document: encodeURIComponent(JSON.stringify(aws.document, undefined, 4)),
      },
    ];
  }
  const policy = policyIn({ PolicyArn: arn }, call);
  return [...policy.versions].map(([id, { text, createDate }]) => ({
    VersionId: id,
    IsDefaultVersion: id === policy.defaultVersionId,
    CreateDate: createDate,
    Document: encodeURIComponent(text),
  }));
}

function noVersion(arn: string, id: string) {
  return noSuchEntity(`Policy ${arn} version ${id} does not exist or is not attachable.`);
}
