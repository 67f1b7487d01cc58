import { AwsError } from '../../errors.ts';
import { parsePolicy } from '../../iam/parse-policy.ts';
import type { PolicyStatement } from '../../iam/policy-document.ts';
import { iamState, roleOfArn, type StoredDocument } from '../../iam/state.ts';
import type { Cloud } from '../../service.ts';
import { limitExceeded } from './errors.ts';

/** "IAM and AWS STS quotas": characters of a trust policy, white space not counted. */
const longestTrustPolicy = 2048;

/**
 * Reads a role's trust policy. Users and roles it trusts must exist, as on AWS. Throws MalformedPolicyDocument and
 * LimitExceeded.
 */
export function readTrustPolicy(cloud: Cloud, text: string): StoredDocument {
  const document = parsePolicy(text, 'trust');
  const statements = [document.Statement].flat() as readonly PolicyStatement[];
  for (const { Action, Principal } of statements) {
    const actions = [Action].flat();
    if (!actions.every((action) => action?.startsWith('sts:'))) {
      throw malformed('AssumeRole policy may only specify STS AssumeRole actions.');
    }
    const principals = typeof Principal === 'object' ? [Principal['AWS'] ?? []].flat() : [];
    const missing = principals.find((principal) => !exists(cloud, principal));
    if (missing !== undefined) throw malformed(`Invalid principal in policy: "AWS":"${missing}"`);
  }
  if (text.replace(/\s/g, '').length > longestTrustPolicy) {
    throw limitExceeded(`Cannot exceed quota for ACLSizePerRole: ${longestTrustPolicy}`);
  }
  return { text, document };
}

function exists(cloud: Cloud, principal: string): boolean {
  const [, account, type, name] = /^arn:aws:iam::(\d{12}):(role|user)\/(?:.*\/)?([^/]+)$/.exec(principal) ?? [];
  if (!account || !name) return true;
  if (type === 'role') return roleOfArn(cloud, principal) !== undefined;
  return iamState(cloud, account).users.get(name.toLowerCase())?.arn === principal;
}

function malformed(message: string): AwsError {
  return new AwsError('MalformedPolicyDocument', message, { status: 400 });
}
