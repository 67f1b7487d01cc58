import type { PolicyDocument } from '../../iam/policy-document.ts';
import { badRequest } from './errors.ts';

/**
 * A resource policy as it is kept: AWS takes the short forms `execute-api:/stage/METHOD/path` and `execute-api:/*` for
 * resources and writes them out when the policy is set ("Access policy language overview for Amazon API Gateway").
 * Throws BadRequestException.
 */
export function checkedPolicy(
  text: string,
  { region, account, id }: { readonly region: string; readonly account: string; readonly id: string },
): string {
  // The API answers policies with escaped quotes, and takes them back like that.
  const plain = text.startsWith('{\\"') ? text.replaceAll('\\"', '"') : text;
  const document = parsePolicyText(plain);
  if (!document)
    throw badRequest('Invalid policy document. Please check the policy syntax and ensure that Principals are valid.');
  const whole = (resource: string) =>
    resource.startsWith('execute-api:')
      ? `arn:aws:execute-api:${region}:${account}:${id}/${resource.slice('execute-api:'.length).replace(/^\//, '')}`
      : resource;
  const Statement = [document.Statement].flat().map((statement) => ({
    ...statement,
    ...(statement.Resource !== undefined && { Resource: [statement.Resource].flat().map(whole) }),
    ...(statement.NotResource !== undefined && { NotResource: [statement.NotResource].flat().map(whole) }),
  }));
  return JSON.stringify({ ...document, Statement });
}

/** `undefined` when it is no policy document. */
export function parsePolicyText(text: string): PolicyDocument | undefined {
  try {
    const document = JSON.parse(text) as PolicyDocument;
    const statements = [document.Statement].flat();
    const valid = statements.every((one) => one?.Effect === 'Allow' || one?.Effect === 'Deny');
    return valid ? document : undefined;
  } catch {
    return undefined;
  }
}
