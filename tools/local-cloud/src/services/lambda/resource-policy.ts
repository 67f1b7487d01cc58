import { randomUUID } from 'node:crypto';
import type { PolicyStatement } from '../../iam/policy-document.ts';
import { conflict, invalidParameter, notFound, resourceNotFound, revisionMismatch } from './errors.ts';
import type { ResourcePolicy } from './state.ts';

/** "Lambda quotas": size of a function's resource-based policy. */
const largestPolicy = 20_480;

type Conditions = Record<string, Record<string, string>>;

/** "Viewing resource-based IAM policies in Lambda": who a principal given to AddPermission is. */
export function principalOf(given: string): PolicyStatement['Principal'] {
  if (given === '*') return '*';
  if (/^\d{12}$/.test(given)) return { AWS: `arn:aws:iam::${given}:root` };
  if (/^arn:aws[a-zA-Z-]*:(iam|sts)::/.test(given)) return { AWS: given };
  if (/^[a-z0-9.-]+\.amazonaws\.com$/.test(given)) return { Service: given };
  throw invalidParameter('The provided principal was invalid. Please check the principal and try again.');
}

/** Condition operators with what they compare; entries without a value fall away. */
export function conditionsOf(
  entries: readonly [operator: string, key: string, value: string | undefined][],
): Conditions {
  const conditions: Conditions = {};
  for (const [operator, key, value] of entries) {
    if (value !== undefined) conditions[operator] = { ...conditions[operator], [key]: value };
  }
  return conditions;
}

/** Throws ResourceConflictException for a statement id that is there, PreconditionFailedException, PolicyLengthExceeded. */
export function withStatement(
  policy: ResourcePolicy | undefined,
  statement: PolicyStatement,
  { revisionId, api }: { revisionId: string | undefined; api: string },
): ResourcePolicy {
  checkRevision(policy, revisionId, api);
  const before = policy?.statements ?? [];
  if (before.some(({ Sid }) => Sid === statement.Sid)) {
    throw conflict(
      `The statement id (${statement.Sid}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
    );
  }
  const statements = [...before, statement];
  const size = Buffer.byteLength(policyText(statements));
  if (size > largestPolicy) {
    throw invalidParameter(`The final policy size (${size}) is bigger than the limit (${largestPolicy}).`);
  }
  return { statements, revisionId: randomUUID() };
}

/** `undefined` when nothing is left. Throws ResourceNotFoundException, PreconditionFailedException. */
export function withoutStatement(
  policy: ResourcePolicy | undefined,
  sid: string | undefined,
  { revisionId, api }: { revisionId: string | undefined; api: string },
): ResourcePolicy | undefined {
  if (!policy) throw resourceNotFound();
  if (!policy.statements.some(({ Sid }) => Sid === sid)) {
    throw notFound(`Statement ${sid} is not found in resource policy.`);
  }
  checkRevision(policy, revisionId, api);
  const statements = policy.statements.filter(({ Sid }) => Sid !== sid);
  return statements.length === 0 ? undefined : { statements, revisionId: randomUUID() };
}

export function policyText(statements: readonly PolicyStatement[]): string {
  return JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement: statements });
}

function checkRevision(policy: ResourcePolicy | undefined, revisionId: string | undefined, api: string): void {
  if (revisionId !== undefined && revisionId !== policy?.revisionId) throw revisionMismatch(api);
}
