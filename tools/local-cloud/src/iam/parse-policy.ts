import { AwsError } from '../errors.ts';
import { isConditionOperator } from './conditions.ts';
import type { PolicyDocument } from './policy-document.ts';

/** What a policy is attached to decides which elements it must and must not have. */
export type PolicyKind = 'identity' | 'trust';

/**
 * Reads a policy document and checks it against IAM's grammar ("Grammar of the IAM JSON policy language", IAM User
 * Guide). Throws MalformedPolicyDocument in IAM's words.
 */
export function parsePolicy(text: string, kind: PolicyKind): PolicyDocument {
  const document = parseJson(text);
  if (!isObject(document)) throw malformed(syntaxError);
  checkKeys(document, ['Version', 'Id', 'Statement']);
  const { Version, Statement } = document;
  if (Version !== undefined && Version !== '2012-10-17' && Version !== '2008-10-17') throw malformed(syntaxError);
  const statements = Array.isArray(Statement) ? Statement : [Statement];
  if (Statement === undefined || statements.length === 0) throw malformed(syntaxError);
  for (const statement of statements) checkStatement(statement, kind);
  checkSids(statements);
  return document as unknown as PolicyDocument;
}

const syntaxError = 'Syntax errors in policy.';

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw malformed(text.trimStart().startsWith('{') ? 'This policy contains invalid Json' : syntaxError);
  }
}

const elements = [
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
];

function checkStatement(statement: unknown, kind: PolicyKind): void {
  if (!isObject(statement)) throw malformed(syntaxError);
  checkKeys(statement, elements);
  if (statement['Effect'] !== 'Allow' && statement['Effect'] !== 'Deny') throw malformed(syntaxError);
  checkActions(statement);
  checkResources(statement, kind);
  checkPrincipals(statement, kind);
  checkConditions(statement['Condition']);
}

function checkActions(statement: Record<string, unknown>): void {
  const actions = oneOf(statement, 'Action', 'NotAction');
  if (actions === undefined) throw malformed('Policy statement must contain actions.');
  for (const action of actions) {
    if (action === '*') continue;
    const [vendor, name] = action.split(':');
    if (name === undefined)
      throw malformed('Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.');
    if (!/^[a-zA-Z0-9-]+$/.test(vendor as string)) throw malformed(`Vendor ${vendor} is not valid`);
    if (name === '') throw malformed(syntaxError);
  }
}

function checkResources(statement: Record<string, unknown>, kind: PolicyKind): void {
  const resources = oneOf(statement, 'Resource', 'NotResource');
  if (kind === 'trust') {
    if (resources) throw malformed('Has prohibited field Resource');
    return;
  }
  if (resources === undefined) throw malformed('Policy statement must contain resources.');
  for (const resource of resources) {
    if (resource === '*' || resource.startsWith('arn:') || resource.startsWith('${')) continue;
    throw malformed(`Resource ${resource} must be in ARN format or "*".`);
  }
}

function checkPrincipals(statement: Record<string, unknown>, kind: PolicyKind): void {
  const { Principal, NotPrincipal } = statement;
  const given = Principal ?? NotPrincipal;
  if (kind === 'identity') {
    if (given !== undefined) throw malformed('Policy document should not specify a principal.');
    return;
  }
  if (given === undefined) throw malformed('Missing required field Principal');
  if (NotPrincipal !== undefined) throw malformed('Has prohibited field NotPrincipal');
  if (given === '*') return;
  if (!isObject(given)) throw malformed(syntaxError);
  for (const [type, value] of Object.entries(given)) {
    const values = texts(value);
    if (!['AWS', 'Service', 'Federated', 'CanonicalUser'].includes(type) || !values) throw malformed(syntaxError);
    const wrong = type === 'AWS' ? values.find((one) => !awsPrincipal.test(one)) : undefined;
    if (wrong !== undefined) throw malformed(`Invalid principal in policy: "AWS":"${wrong}"`);
  }
}

/** An account, an ARN, a unique id, or everybody. */
const awsPrincipal = /^(\*|\d{12}|arn:aws:(iam|sts)::\d{12}:.+|A[A-Z]{3}[A-Z0-9]{12,})$/;

function checkConditions(condition: unknown): void {
  if (condition === undefined) return;
  if (!isObject(condition)) throw malformed(syntaxError);
  for (const [operator, keys] of Object.entries(condition)) {
    if (!isConditionOperator(operator)) throw malformed(`Invalid Condition type : ${operator}.`);
    if (!isObject(keys)) throw malformed(syntaxError);
    for (const [key, value] of Object.entries(keys)) {
      if (!key.includes(':')) throw malformed(`Invalid condition key : ${key}`);
      const values = Array.isArray(value) ? value : [value];
      if (!values.every((one) => ['string', 'number', 'boolean'].includes(typeof one))) throw malformed(syntaxError);
    }
  }
}

function checkSids(statements: readonly unknown[]): void {
  const seen = new Set<unknown>();
  for (const { Sid } of statements as readonly Record<string, unknown>[]) {
    if (Sid === undefined || Sid === '') continue;
    if (seen.has(Sid)) throw malformed('Statement IDs (SID) in a single policy must be unique.');
    seen.add(Sid);
  }
}

/** The values of whichever of two exclusive elements is there. */
function oneOf(statement: Record<string, unknown>, name: string, notName: string): readonly string[] | undefined {
  const [value, notValue] = [statement[name], statement[notName]];
  if (value !== undefined && notValue !== undefined) throw malformed(syntaxError);
  const given = value ?? notValue;
  if (given === undefined) return undefined;
  const values = texts(given);
  if (!values || values.length === 0) throw malformed(syntaxError);
  return values;
}

function texts(value: unknown): readonly string[] | undefined {
  const values = Array.isArray(value) ? value : [value];
  return values.every((one) => typeof one === 'string') ? values : undefined;
}

function checkKeys(object: Record<string, unknown>, known: readonly string[]): void {
  if (Object.keys(object).some((key) => !known.includes(key))) throw malformed(syntaxError);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function malformed(message: string): AwsError {
  return new AwsError('MalformedPolicyDocument', message, { status: 400 });
}
