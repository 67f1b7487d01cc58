import { AwsClient } from 'aws4fetch';
import { internalError } from './gateway-error.ts';
import { complain, type GatewayRequest, sourceArn } from './gateway-request.ts';
import { gatewaySession } from './gateway-session.ts';
import type { BackendAnswer } from './integrate.ts';
import type { IntegrationRequest } from './integration-request.ts';
import { withStageVariables } from './stage-variables.ts';

/**
 * Integration type AWS with a service's action, `arn:aws:apigateway:us-east-1:dynamodb:action/PutItem`, or its HTTP path,
 * `arn:aws:apigateway:us-east-1:sqs:path/000000000000/orders`. The request is sent, signed with the integration's role,
 * as it would be to AWS ("PutIntegration", uri).
 */
export async function awsService(request: GatewayRequest, mapped: IntegrationRequest): Promise<BackendAnswer> {
  const { cloud, api, route } = request;
  const { uri, credentials, httpMethod: method = 'POST' } = route?.method.methodIntegration ?? {};
  const [, region = '', service = '', kind, rest = ''] =
    /^arn:[\w-]+:apigateway:([\w-]+):([\w.-]+):(path|action)\/(.*)$/.exec(withStageVariables(uri, request)) ?? [];
  if (!credentials) {
    complain(request, `the integration with ${service} has no role (credentials)`);
    throw internalError('API_CONFIGURATION_ERROR');
  }
  const context = { 'aws:SourceArn': sourceArn(request), 'aws:SourceAccount': api.account };
  const { credentials: keys } = await gatewaySession(cloud, credentials, context);
  const isAction = kind === 'action';
  const jsonType = isAction ? jsonTypes[service] : undefined;
  const url = new URL(isAction ? '/' : `/${filled(rest, mapped.path)}`, cloud.endpoint);
  if (isAction && !jsonType) url.searchParams.set('Action', rest);
  for (const [name, value] of Object.entries(mapped.querystring)) url.searchParams.set(name, value);
  const signer = new AwsClient({ ...keys, service: service.split('.').at(-1) ?? service, region, retries: 0 });
  const response = await signer.fetch(url.href, {
    method,
    headers: {
      'content-type': jsonType ?? mapped.contentType,
      ...(jsonType && { 'x-amz-target': `${service}.${rest}` }),
      ...mapped.header,
    },
    ...(method !== 'GET' && method !== 'HEAD' && { body: mapped.body.toString() }),
    aws: { datetime: new Date(cloud.clock.now()).toISOString().replace(/[:-]|\.\d{3}/g, '') },
  });
  const body = await response.text();
  if (response.status === 501) {
    complain(request, `integration with ${service}: ${body}`);
    throw internalError('API_CONFIGURATION_ERROR');
  }
  return { selection: String(response.status), headers: Object.fromEntries(response.headers), body };
}

/** Content types of the services that take JSON and name the action in a header; the others take it in their query. */
const jsonTypes: Readonly<Record<string, string>> = {
  dynamodb: 'application/x-amz-json-1.0',
  events: 'application/x-amz-json-1.1',
  kinesis: 'application/x-amz-json-1.1',
  ssm: 'application/x-amz-json-1.1',
  states: 'application/x-amz-json-1.0',
};

function filled(path: string, parameters: Readonly<Record<string, string>>): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(parameters[name] ?? ''));
}
