import { requestContext } from './context.ts';
import type { GatewayRequest } from './gateway-request.ts';
import { parameter } from './gateway-response.ts';

/**
 * The values of an authorizer's identity sources, `method.request.header.Authorization, context.identity.sourceIp`;
 * `undefined` when one of them is missing or empty.
 */
export function identityOf(request: GatewayRequest, identitySource: string | undefined): readonly string[] | undefined {
  const sources = (identitySource ?? '').split(',').map((one) => one.trim());
  const context = requestContext(request);
  const values = sources.filter(Boolean).map((source) => parameter(source, request, context));
  return values.every((value): value is string => value !== undefined && value !== '') ? values : undefined;
}
