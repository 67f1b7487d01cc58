import type {
  AddPermissionCommandInput,
  AddPermissionCommandOutput,
  GetPolicyCommandInput,
  GetPolicyCommandOutput,
  RemovePermissionCommandInput,
  RemovePermissionCommandOutput,
} from '@aws-sdk/client-lambda';
import { lengthBetween, matches, oneOf } from '../../constraints.ts';
import type { PolicyStatement } from '../../iam/policy-document.ts';
import { type Call, operation } from '../../service.ts';
import { onFunction } from './demands.ts';
import { invalidParameter, resourceNotFound, validate } from './errors.ts';
import { arnOf, functionOf, referenceOf, targetOf } from './function-reference.ts';
import { conditionsOf, policyText, principalOf, withoutStatement, withStatement } from './resource-policy.ts';
import type { LambdaFunction } from './state.ts';

export const addPermission = operation<AddPermissionCommandInput, AddPermissionCommandOutput>({
  demands: onFunction('AddPermission', (input) => ({
    ...(input.Principal && { 'lambda:Principal': input.Principal }),
    ...(input.FunctionUrlAuthType && { 'lambda:FunctionUrlAuthType': input.FunctionUrlAuthType }),
  })),
  run(input, call) {
    validate(
      lengthBetween('statementId', input.StatementId, 1, 100),
      matches('statementId', input.StatementId, '([a-zA-Z0-9-_]+)'),
      matches('action', input.Action, '(lambda:[*]|lambda:[a-zA-Z]+|[*])'),
      oneOf('functionUrlAuthType', input.FunctionUrlAuthType, ['NONE', 'AWS_IAM']),
      matches('sourceAccount', input.SourceAccount, '\\d{12}'),
    );
    const { found, qualifier, arn } = policyTarget(input, call);
    const statement = statementOf(input, arn);
    const policy = withStatement(found.policies.get(qualifier), statement, {
      revisionId: input.RevisionId,
      api: 'GetPolicy',
    });
    found.policies.set(qualifier, policy);
    return { Statement: JSON.stringify(statement) };
  },
});

export const removePermission = operation<RemovePermissionCommandInput, RemovePermissionCommandOutput>({
  demands: onFunction('RemovePermission'),
  run(input, call) {
    const { found, qualifier } = policyTarget(input, call);
    const left = withoutStatement(found.policies.get(qualifier), input.StatementId, {
      revisionId: input.RevisionId,
      api: 'GetPolicy',
    });
    if (left) found.policies.set(qualifier, left);
    else found.policies.delete(qualifier);
    return {};
  },
});

export const getPolicy = operation<GetPolicyCommandInput, GetPolicyCommandOutput>({
  demands: onFunction('GetPolicy'),
  run(input, call) {
    const { found, qualifier } = policyTarget(input, call);
    const policy = found.policies.get(qualifier);
    if (!policy) throw resourceNotFound();
    return { Policy: policyText(policy.statements), RevisionId: policy.revisionId };
  },
});

function policyTarget(
  input: { FunctionName?: string | undefined; Qualifier?: string | undefined },
  call: Call,
): { found: LambdaFunction; qualifier: string; arn: string } {
  const reference = referenceOf(input, call);
  if (reference.qualifier === '$LATEST') {
    throw invalidParameter('We currently do not support adding policies for $LATEST.');
  }
  const found = functionOf(call.cloud, reference);
  targetOf(found, reference);
  return { found, qualifier: reference.qualifier ?? '$LATEST', arn: arnOf(reference) };
}

/** "Control access to Lambda function URLs" and "AddPermission": the conditions each member stands for. */
function statementOf(input: AddPermissionCommandInput, arn: string): PolicyStatement {
  const { Action = '', FunctionUrlAuthType, InvokedViaFunctionUrl } = input;
  if (FunctionUrlAuthType !== undefined && Action !== 'lambda:InvokeFunctionUrl') {
    throw invalidParameter('FunctionUrlAuthType is only supported for lambda:InvokeFunctionUrl action');
  }
  if (InvokedViaFunctionUrl !== undefined && Action !== 'lambda:InvokeFunction') {
    throw invalidParameter('InvokedViaFunctionUrl is only supported for lambda:InvokeFunction action');
  }
  const Condition = conditionsOf([
    ['StringEquals', 'lambda:FunctionUrlAuthType', FunctionUrlAuthType],
    [
      'Bool',
      'lambda:InvokedViaFunctionUrl',
      InvokedViaFunctionUrl === undefined ? undefined : String(InvokedViaFunctionUrl),
    ],
    ['StringEquals', 'aws:PrincipalOrgID', input.PrincipalOrgID],
    ['StringEquals', 'AWS:SourceAccount', input.SourceAccount],
    ['StringEquals', 'lambda:EventSourceToken', input.EventSourceToken],
    ['ArnLike', 'AWS:SourceArn', input.SourceArn],
  ]);
  return {
    Sid: input.StatementId as string,
    Effect: 'Allow',
    Principal: principalOf(input.Principal ?? ''),
    Action,
    Resource: arn,
    ...(Object.keys(Condition).length > 0 && { Condition }),
  };
}
