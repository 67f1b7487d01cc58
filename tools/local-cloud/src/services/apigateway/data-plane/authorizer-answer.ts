import type { PolicyDocument } from '../../../iam/policy-document.ts';
import { parsePolicyText } from '../resource-policy.ts';

/** What a Lambda authorizer says, read and checked. */
export interface AuthorizerAnswer {
  readonly principalId: string;
  readonly policy: PolicyDocument;
  /** Texts, numbers and truth values only; they reach templates and functions as texts. */
  readonly context: Readonly<Record<string, string>>;
  /** The API key's value, where the API takes keys from its authorizer. */
  readonly usageIdentifierKey?: string;
}

/**
 * "Output from an API Gateway Lambda authorizer": `undefined` when it is not of that form, which is a configuration error:
 * `principalId` and `policyDocument` must be there, and no value of `context` may be a list, an object or null.
 */
export function authorizerAnswer(payload: Uint8Array): AuthorizerAnswer | undefined {
  const answer = parse(payload);
  const { principalId, policyDocument, context = {}, usageIdentifierKey } = answer ?? {};
  if (typeof principalId !== 'string' && typeof principalId !== 'number') return undefined;
  const policy = parsePolicyText(JSON.stringify(policyDocument) ?? '');
  if (!policy || !isObject(context)) return undefined;
  const values = Object.entries(context);
  if (!values.every(([, value]) => ['string', 'number', 'boolean'].includes(typeof value))) return undefined;
  return {
    principalId: String(principalId),
    policy,
    context: Object.fromEntries(values.map(([name, value]) => [name, String(value)])),
    ...(typeof usageIdentifierKey === 'string' && { usageIdentifierKey }),
  };
}

function parse(payload: Uint8Array): Record<string, unknown> | undefined {
  try {
    const answer: unknown = JSON.parse(Buffer.from(payload).toString());
    return isObject(answer) ? answer : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
