import {
  ApiGatewayV2Client,
  CreateApiCommand,
  type CreateApiCommandInput,
  CreateIntegrationCommand,
  CreateRouteCommand,
  DeleteApiCommand,
} from '@aws-sdk/client-apigatewayv2';
import type { Target } from './contract.ts';

export const reference = (operation: string) => `Amazon API Gateway V2 API Reference, ${operation}`;
export const guide = (page: string) => `Amazon API Gateway Developer Guide, ${page}`;

/** An HTTP API of its own with one route to a function. */
export async function httpApi(target: Target, settings: Partial<CreateApiCommandInput> = {}) {
  const client = target.client(ApiGatewayV2Client);
  const { ApiId = '', ApiEndpoint } = await client.send(
    new CreateApiCommand({ Name: target.name(), ProtocolType: 'HTTP', ...settings }),
  );
  target.afterwards(() => client.send(new DeleteApiCommand({ ApiId })));
  const IntegrationUri = `arn:aws:lambda:${target.region}:${target.account}:function:shop`;
  const { IntegrationId = '' } = await client.send(
    new CreateIntegrationCommand({ ApiId, IntegrationType: 'AWS_PROXY', IntegrationUri, PayloadFormatVersion: '2.0' }),
  );
  const Target = `integrations/${IntegrationId}`;
  const { RouteId = '' } = await client.send(new CreateRouteCommand({ ApiId, RouteKey: 'GET /orders', Target }));
  return { client, ApiId, ApiEndpoint, IntegrationId, IntegrationUri, RouteId, Target };
}

/** What a request to the API's default stage is answered. */
export async function get(
  target: Target,
  { client, ApiId }: { client: ApiGatewayV2Client; ApiId: string },
  path: string,
  init: RequestInit = {},
) {
  const endpoint = await client.config.endpoint?.();
  const host =
    target.kind === 'aws'
      ? `https://${ApiId}.execute-api.${target.region}.amazonaws.com`
      : `http://${endpoint?.hostname}:${endpoint?.port}/execute-api/${ApiId}`;
  return fetch(host + path, init);
}
