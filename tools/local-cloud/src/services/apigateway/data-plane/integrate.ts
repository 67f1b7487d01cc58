import { awsService } from './aws-service.ts';
import { GatewayError, internalError } from './gateway-error.ts';
import { complain, type GatewayRequest } from './gateway-request.ts';
import type { HttpAnswer } from './gateway-response.ts';
import { httpBackend, httpProxy } from './http-backend.ts';
import { integrationRequest } from './integration-request.ts';
import { integrationResponse } from './integration-response.ts';
import { reasonOf, TimedOut, within } from './invoke-function.ts';
import { lambdaFunction } from './lambda-function.ts';
import { lambdaProxy } from './lambda-proxy.ts';
import { mock } from './mock.ts';

/** What a backend said, before the integration responses turn it into what the client gets. */
export interface BackendAnswer {
  /** What the selection patterns are compared with: a status, or a function's error message. */
  readonly selection: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Hands a request to the method's integration. Throws INTEGRATION_TIMEOUT, INTEGRATION_FAILURE, API_CONFIGURATION_ERROR. */
export async function integrate(request: GatewayRequest): Promise<HttpAnswer> {
  const { cloud } = request;
  const { timeoutInMillis = 29_000, type } = request.route?.method.methodIntegration ?? {};
  const began = cloud.clock.now();
  try {
    return await within(cloud, timeoutInMillis, answerOf(request));
  } catch (error) {
    if (error instanceof GatewayError) throw error;
    if (error instanceof TimedOut) throw new GatewayError('INTEGRATION_TIMEOUT', 'Endpoint request timed out');
    complain(request, `integration ${type} of ${request.raw.method} ${request.path}: ${reasonOf(error)}`);
    throw internalError('DEFAULT_5XX', 500);
  } finally {
    request.integrationLatency = cloud.clock.now() - began;
  }
}

async function answerOf(request: GatewayRequest): Promise<HttpAnswer> {
  const { type, uri = '' } = request.route?.method.methodIntegration ?? {};
  if (type === 'AWS_PROXY') return lambdaProxy(request);
  if (type === 'HTTP_PROXY') return httpProxy(request);
  const mapped = integrationRequest(request);
  if (type === 'MOCK') return integrationResponse(request, mock(request, mapped));
  if (type === 'HTTP') return integrationResponse(request, await httpBackend(request, mapped));
  const backend = uri.includes(':lambda:path/2015-03-31/functions/') ? lambdaFunction : awsService;
  return integrationResponse(request, await backend(request, mapped));
}
