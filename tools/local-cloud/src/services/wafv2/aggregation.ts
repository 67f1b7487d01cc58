import { isIP } from 'node:net';
import type { RateBasedStatement } from '@aws-sdk/client-wafv2';
import type { RawRequest } from '../../service.ts';

type Forwarded = RateBasedStatement['ForwardedIPConfig'];

/**
 * By what a rate-based rule counts a request ("Aggregating rate-based rules in AWS WAF").
 *
 * @returns `undefined` when the request lacks part of the key: the rule has nothing to say of it then.
 */
export function aggregationKey(
  { AggregateKeyType, CustomKeys = [], ForwardedIPConfig }: RateBasedStatement,
  { raw, path }: { readonly raw: RawRequest; readonly path: string },
): string | undefined {
  if (AggregateKeyType === 'CONSTANT') return '';
  if (AggregateKeyType === 'IP') return raw.sourceIp;
  if (AggregateKeyType === 'FORWARDED_IP') return forwardedIp(raw, ForwardedIPConfig);
  const parts = CustomKeys.map(({ Header, HTTPMethod, UriPath, ForwardedIP }) => {
    if (Header) return raw.headers[Header.Name?.toLowerCase() ?? ''];
    if (HTTPMethod) return raw.method;
    if (ForwardedIP) return forwardedIp(raw, ForwardedIPConfig);
    return UriPath ? path : raw.sourceIp;
  });
  return parts.every((part) => part !== undefined) ? JSON.stringify(parts) : undefined;
}

/**
 * The first address in the header that the rule names. What is none is, by the fallback MATCH, counted together with all others that
 * are none, else not at all ("ForwardedIPConfig").
 */
function forwardedIp(raw: RawRequest, config: Forwarded): string | undefined {
  const header = raw.headers[config?.HeaderName?.toLowerCase() ?? ''];
  const first = header === undefined ? undefined : [header].flat().join(',').split(',')[0]?.trim();
  if (first === undefined || isIP(first) > 0) return first;
  return config?.FallbackBehavior === 'MATCH' ? 'no address' : undefined;
}
