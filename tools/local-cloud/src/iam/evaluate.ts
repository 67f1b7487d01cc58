import type { Caller } from '../service.ts';
import { conditionsHold } from './conditions.ts';
import { matches } from './pattern.ts';
import type { PolicyDocument, PolicyStatement } from './policy-document.ts';
import { type Naming, naming } from './principal.ts';
import type { RequestContext } from './request-context.ts';

/** All policies that have a say in one request. */
export interface ApplicablePolicies {
  readonly identity: readonly PolicyDocument[];
  readonly boundary?: PolicyDocument | undefined;
  /** `undefined` when the session was made without session policies, which is not the same as with none that allow. */
  readonly session?: readonly PolicyDocument[] | undefined;
  readonly resource?: PolicyDocument | undefined;
}

export interface AccessRequest {
  readonly caller: Caller;
  readonly action: string;
  readonly resource: string;
  readonly resourceAccount: string;
  readonly context: RequestContext;
  /** For actions that need the resource's policy even within the account: taking a role. */
  readonly needsResourcePolicy?: boolean;
}

export type PolicyType = 'identity-based policy' | 'resource-based policy' | 'permissions boundary' | 'session policy';

export type Decision =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly explicit: boolean; readonly by: PolicyType };

/**
 * "Policy evaluation logic", IAM User Guide. Pure.
 *
 * An explicit deny in any policy wins. Within an account, identity and resource policies add up, and boundary and session
 * policies narrow them, except for what a resource policy grants to the user or session itself. Across accounts both
 * sides must allow. The account's root needs no identity policy.
 */
export function evaluate(policies: ApplicablePolicies, request: AccessRequest): Decision {
  const denying = explicitDeny(policies, request);
  if (denying) return { allowed: false, explicit: true, by: denying };

  const { caller } = request;
  const granted = grantedByResource(policies.resource, request);
  if (caller.type === 'service' || caller.type === 'federated')
    return granted ? allowed : implicitDeny('resource-based policy');

  const sameAccount = caller.account === request.resourceAccount;
  if (!granted && (request.needsResourcePolicy || !sameAccount)) return implicitDeny('resource-based policy');
  if (sameAccount && granted === 'direct') return allowed;
  const byResource = sameAccount && granted === 'role';
  const byIdentity = caller.type === 'root' || allows(policies.identity, request);
  if (!byIdentity && !byResource) return implicitDeny('identity-based policy');
  if (policies.boundary && !allows([policies.boundary], request)) return implicitDeny('permissions boundary');
  if (policies.session && !allows(policies.session, request)) return implicitDeny('session policy');
  return allowed;
}

const allowed: Decision = { allowed: true };

function implicitDeny(by: PolicyType): Decision {
  return { allowed: false, explicit: false, by };
}

function explicitDeny(policies: ApplicablePolicies, request: AccessRequest): PolicyType | undefined {
  const denies = (documents: readonly PolicyDocument[]) =>
    documents.some((document) =>
      statements(document).some((one) => one.Effect === 'Deny' && applies(one, document, request)),
    );
  if (denies(policies.identity)) return 'identity-based policy';
  if (policies.resource && resourceDenies(policies.resource, request)) return 'resource-based policy';
  if (policies.boundary && denies([policies.boundary])) return 'permissions boundary';
  if (policies.session && denies(policies.session)) return 'session policy';
  return undefined;
}

function allows(documents: readonly PolicyDocument[], request: AccessRequest): boolean {
  return documents.some((document) =>
    statements(document).some((one) => one.Effect === 'Allow' && applies(one, document, request)),
  );
}

function resourceDenies(document: PolicyDocument, request: AccessRequest): boolean {
  return statements(document).some(
    (one) => one.Effect === 'Deny' && isNamed(one, request.caller) && applies(one, document, request),
  );
}

function isNamed(statement: PolicyStatement, caller: Caller): boolean {
  if (statement.NotPrincipal !== undefined) return naming(statement.NotPrincipal, caller) === undefined;
  return naming(statement.Principal, caller) !== undefined;
}

function grantedByResource(document: PolicyDocument | undefined, request: AccessRequest): Naming | undefined {
  if (!document) return undefined;
  const found = statements(document)
    .filter((one) => one.Effect === 'Allow' && applies(one, document, request))
    .map((one) => naming(one.Principal, request.caller));
  return (['direct', 'role', 'account'] as const).find((kind) => found.includes(kind));
}

function applies(statement: PolicyStatement, document: PolicyDocument, request: AccessRequest): boolean {
  // Policy variables came with 2012-10-17; in older documents `${…}` is text ("IAM JSON policy elements: Version").
  const context = document.Version === '2012-10-17' ? request.context : undefined;
  if (!actionApplies(statement, request.action)) return false;
  if (!resourceApplies(statement, request.resource, context)) return false;
  // A condition nobody can evaluate must not open anything, nor switch off a Deny.
  return conditionsHold(statement.Condition, request.context) ?? statement.Effect === 'Deny';
}

function actionApplies({ Action, NotAction }: PolicyStatement, action: string): boolean {
  const isListed = (patterns: readonly string[]) =>
    patterns.some((pattern) => matches(pattern.toLowerCase(), action.toLowerCase()));
  return NotAction === undefined ? isListed(list(Action)) : !isListed(list(NotAction));
}

function resourceApplies(
  { Resource, NotResource }: PolicyStatement,
  resource: string,
  context: RequestContext | undefined,
): boolean {
  const isListed = (patterns: readonly string[]) => patterns.some((pattern) => matches(pattern, resource, context));
  if (NotResource !== undefined) return !isListed(list(NotResource));
  // A trust policy names no resource: it is about the role it belongs to.
  return Resource === undefined || isListed(list(Resource));
}

function statements({ Statement }: PolicyDocument): readonly PolicyStatement[] {
  return Array.isArray(Statement) ? Statement : [Statement as PolicyStatement];
}

function list(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return [];
  return typeof value === 'string' ? [value] : value;
}
