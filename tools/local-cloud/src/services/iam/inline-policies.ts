import { parsePolicy } from '../../iam/parse-policy.ts';
import { type Identity, iamState } from '../../iam/state.ts';
import { type AnyOperation, type Call, operation } from '../../service.ts';
import { demand } from './demands.ts';
import { limitExceeded, noSuchEntity } from './errors.ts';
import { type IdentityInput, type IdentityKind, identityKinds } from './identity-kinds.ts';
import { checkName } from './names.ts';
import { page } from './paging.ts';

interface InlineInput extends IdentityInput {
  readonly PolicyName?: string;
  readonly PolicyDocument?: string;
  readonly Marker?: string;
  readonly MaxItems?: number;
}

/** PutRolePolicy, GetRolePolicy, DeleteRolePolicy, ListRolePolicies, and the same of users and groups. */
export const inlinePolicyOperations: Record<string, AnyOperation> = Object.assign(
  {},
  ...identityKinds.map(operationsOf),
);

function operationsOf(kind: IdentityKind): Record<string, AnyOperation> {
  const { name, nameMember } = kind;
  const lowered = name.toLowerCase();
  const demands = (operationName: string) => (input: InlineInput, call: Call) => [
    demand(operationName, kind.arn(call, input[nameMember] ?? ''), {
      'iam:PermissionsBoundary': kind.boundaryArn(iamState(call.cloud, call.account), input[nameMember] ?? ''),
    }),
  ];
  const identityIn = (input: InlineInput, call: Call): Identity =>
    kind.find(iamState(call.cloud, call.account), input[nameMember] ?? '');
  const storedIn = (identity: Identity, policyName: string) => {
    const stored = identity.inline.get(policyName);
    if (!stored) throw noSuchEntity(`The ${lowered} policy with name ${policyName} cannot be found.`);
    return stored;
  };

  return {
    [`Put${name}Policy`]: operation<InlineInput, object>({
      demands: demands(`Put${name}Policy`),
      run(input, call) {
        const { PolicyName = '', PolicyDocument: text = '' } = input;
        const identity = identityIn(input, call);
        checkName('policyName', PolicyName);
        const document = parsePolicy(text, 'identity');
        const others = [...identity.inline].filter(([other]) => other !== PolicyName).map(([, stored]) => stored.text);
        checkSize(kind, identity.name, [...others, text]);
        identity.inline.set(PolicyName, { text, document });
        return {};
      },
    }),
    [`Get${name}Policy`]: operation<InlineInput, object>({
      demands: demands(`Get${name}Policy`),
      run(input, call) {
        const identity = identityIn(input, call);
        const { PolicyName = '' } = input;
        const { text } = storedIn(identity, PolicyName);
        return { [nameMember]: identity.name, PolicyName, PolicyDocument: encodeURIComponent(text) };
      },
    }),
    [`Delete${name}Policy`]: operation<InlineInput, object>({
      demands: demands(`Delete${name}Policy`),
      run(input, call) {
        const identity = identityIn(input, call);
        storedIn(identity, input.PolicyName ?? '');
        identity.inline.delete(input.PolicyName ?? '');
        return {};
      },
    }),
    [`List${name}Policies`]: operation<InlineInput, object>({
      demands: demands(`List${name}Policies`),
      run(input, call) {
        const { items, ...rest } = page([...identityIn(input, call).inline.keys()].sort(), input);
        return { PolicyNames: items, ...rest };
      },
    }),
  };
}

/** "IAM and AWS STS quotas": all inline policies together, white space not counted. */
function checkSize(kind: IdentityKind, name: string, texts: readonly string[]): void {
  const size = texts.join('').replace(/\s/g, '').length;
  if (size <= kind.inlineCharacters) return;
  throw limitExceeded(
    `Maximum policy size of ${kind.inlineCharacters} bytes exceeded for ${kind.name.toLowerCase()} ${name}`,
  );
}
