import type { Integration } from '@aws-sdk/client-apigatewayv2';
import { oneOf } from '../../constraints.ts';
import { badRequest, conflict, unsupported, validate } from '../apigateway/errors.ts';
import { childOperations } from './children.ts';
import type { HttpApi } from './state.ts';

export const integrations = childOperations<Integration>({
  id: 'IntegrationId',
  kind: 'Integration',
  in: (api) => api.integrations,
  defaults: () => ({ ConnectionType: 'INTERNET', TimeoutInMillis: longest, PayloadFormatVersion: '1.0' }),
  check: checkIntegration,
  checkDelete(integration: Integration, { routes }: HttpApi) {
    const target = `integrations/${integration.IntegrationId}`;
    const route = [...routes.values()].find(({ Target }) => Target === target);
    if (route) throw conflict(`Cannot delete Integration, Routes are targeting it: ${route.RouteKey}`);
  },
});

/** "Amazon API Gateway quotas": an integration of an HTTP API has at most 30 seconds. */
const longest = 30_000;

function checkIntegration(integration: Integration): void {
  const { IntegrationType, IntegrationUri = '', PayloadFormatVersion, TimeoutInMillis = longest } = integration;
  validate(oneOf('payloadFormatVersion', PayloadFormatVersion, ['1.0', '2.0']));
  if (IntegrationType !== 'AWS_PROXY' && IntegrationType !== 'HTTP_PROXY') {
    throw badRequest('HTTP APIs take integrations of the types AWS_PROXY and HTTP_PROXY');
  }
  if (TimeoutInMillis < 50 || TimeoutInMillis > longest)
    throw badRequest(`Timeout should be between 50 ms and ${longest} ms`);
  if (integration.IntegrationSubtype)
    throw unsupported('integrations of HTTP APIs with other services (IntegrationSubtype)');
  if (integration.ConnectionType === 'VPC_LINK') throw unsupported('VPC links');
  if (integration.RequestParameters || integration.ResponseParameters)
    throw unsupported('parameter mapping of HTTP APIs');
  const isFunction = /^arn:[\w-]+:(lambda|apigateway):/.test(IntegrationUri);
  if (IntegrationType === 'AWS_PROXY' && !isFunction)
    throw badRequest('Invalid integration URI specified: the ARN of a function is wanted');
  if (IntegrationType === 'HTTP_PROXY') {
    if (!/^https?:\/\/\S+$/.test(IntegrationUri)) throw badRequest('Invalid HTTP endpoint specified for URI');
    if (!integration.IntegrationMethod)
      throw badRequest('HttpMethod must be specified for integrations of the type HTTP_PROXY');
    if (PayloadFormatVersion !== '1.0') throw badRequest('PayloadFormatVersion 1.0 is the only one of HTTP_PROXY');
  }
}
