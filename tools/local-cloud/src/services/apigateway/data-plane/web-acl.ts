import { inspect } from '../../wafv2/inspect.ts';
import { GatewayError } from './gateway-error.ts';
import type { GatewayRequest } from './gateway-request.ts';
import type { HttpAnswer } from './gateway-response.ts';

/**
 * The stage's web ACL has the first word, before keys and authorizers ("Use AWS WAF to protect your REST APIs in API
 * Gateway"). Answers its own response, where it has one; throws WAF_FILTERED for what it blocks without.
 */
export function blockedByWebAcl({ cloud, raw, api, stage, path }: GatewayRequest): HttpAnswer | undefined {
  const { webAclArn } = stage;
  if (!webAclArn) return undefined;
  const { account, region } = api;
  const verdict = inspect(cloud, { account, region, webAclArn, path: `/${stage.stageName}${path}` }, raw);
  if (!verdict.blocked) return undefined;
  const { custom, body } = verdict;
  if (!custom) throw new GatewayError('WAF_FILTERED', 'Forbidden');
  const headers = Object.fromEntries(
    (custom.ResponseHeaders ?? []).map(({ Name = '', Value = '' }) => [Name.toLowerCase(), Value]),
  );
  return {
    status: custom.ResponseCode ?? 403,
    headers: { ...headers, ...(body && { 'content-type': body.type }) },
    body: body?.content ?? '',
  };
}
