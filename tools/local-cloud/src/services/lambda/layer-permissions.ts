import type {
  AddLayerVersionPermissionCommandInput,
  AddLayerVersionPermissionCommandOutput,
  GetLayerVersionPolicyCommandInput,
  GetLayerVersionPolicyCommandOutput,
  RemoveLayerVersionPermissionCommandInput,
  RemoveLayerVersionPermissionCommandOutput,
} from '@aws-sdk/client-lambda';
import { matches } from '../../constraints.ts';
import type { PolicyStatement } from '../../iam/policy-document.ts';
import { type Call, operation } from '../../service.ts';
import { notFound, resourceNotFound, validate } from './errors.ts';
import { findLayerVersion, layerArn } from './layer-reference.ts';
import { onLayerVersion, versionReference } from './layers.ts';
import { conditionsOf, policyText, principalOf, withoutStatement, withStatement } from './resource-policy.ts';
import type { LayerVersion } from './state.ts';

export const addLayerVersionPermission = operation<
  AddLayerVersionPermissionCommandInput,
  AddLayerVersionPermissionCommandOutput
>({
  demands: onLayerVersion('AddLayerVersionPermission'),
  run(input, call) {
    validate(
      matches('statementId', input.StatementId, '([a-zA-Z0-9-_]+)'),
      matches('action', input.Action, 'lambda:GetLayerVersion'),
      matches('principal', input.Principal, '\\d{12}|\\*|arn:(aws[a-zA-Z-]*):iam::\\d{12}:root'),
    );
    const version = layerVersionNamed(input, call);
    const Condition = conditionsOf([['StringEquals', 'aws:PrincipalOrgID', input.OrganizationId]]);
    const statement: PolicyStatement = {
      Sid: input.StatementId as string,
      Effect: 'Allow',
      Principal: principalOf(input.Principal ?? ''),
      Action: input.Action as string,
      Resource: version.arn,
      ...(Object.keys(Condition).length > 0 && { Condition }),
    };
    const options = { revisionId: input.RevisionId, api: 'GetLayerVersionPolicy' };
    version.policy = withStatement(version.policy, statement, options);
    return { Statement: JSON.stringify(statement), RevisionId: version.policy.revisionId };
  },
});

export const removeLayerVersionPermission = operation<
  RemoveLayerVersionPermissionCommandInput,
  RemoveLayerVersionPermissionCommandOutput
>({
  demands: onLayerVersion('RemoveLayerVersionPermission'),
  run(input, call) {
    const version = layerVersionNamed(input, call);
    const options = { revisionId: input.RevisionId, api: 'GetLayerVersionPolicy' };
    version.policy = withoutStatement(version.policy, input.StatementId, options);
    return {};
  },
});

export const getLayerVersionPolicy = operation<GetLayerVersionPolicyCommandInput, GetLayerVersionPolicyCommandOutput>({
  demands: onLayerVersion('GetLayerVersionPolicy'),
  run(input, call) {
    const { policy } = layerVersionNamed(input, call);
    if (!policy) throw resourceNotFound();
    return { Policy: policyText(policy.statements), RevisionId: policy.revisionId };
  },
});

function layerVersionNamed(
  input: { LayerName?: string | undefined; VersionNumber?: number | undefined },
  call: Call,
): LayerVersion {
  const reference = versionReference(input, call);
  const found = findLayerVersion(call.cloud, reference);
  if (!found) throw notFound(`Layer version ${layerArn(reference)}:${reference.version} does not exist.`);
  return found;
}
