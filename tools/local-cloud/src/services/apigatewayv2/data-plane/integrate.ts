import type { HttpAnswer } from '../../apigateway/data-plane/gateway-response.ts';
import { invokeWithin, reasonOf, TimedOut, within } from '../../apigateway/data-plane/invoke-function.ts';
import { eventVersion1, eventVersion2 } from './events.ts';
import { functionOf } from './function-of.ts';
import { HttpError } from './http-error.ts';
import { httpProxy } from './http-proxy.ts';
import { type HttpRequest, sourceArn } from './http-request.ts';
import { functionAnswer } from './responses.ts';

/** Hands a request to the route's integration. Throws 500, and 503 when it takes too long. */
export async function integrate(request: HttpRequest): Promise<HttpAnswer> {
  const { cloud, api, found } = request;
  const { TimeoutInMillis = 30_000, IntegrationType } = found?.integration ?? {};
  try {
    return await within(
      cloud,
      TimeoutInMillis,
      IntegrationType === 'HTTP_PROXY' ? httpProxy(request) : lambdaProxy(request),
    );
  } catch (error) {
    if (error instanceof HttpError) throw error;
    if (error instanceof TimedOut) throw new HttpError(503, 'Service Unavailable');
    cloud.log(`API ${api.id}: integration of ${found?.route.RouteKey}: ${reasonOf(error)}`);
    throw new HttpError(500, 'Internal Server Error');
  }
}

async function lambdaProxy(request: HttpRequest): Promise<HttpAnswer> {
  const { IntegrationUri, CredentialsArn, PayloadFormatVersion = '1.0' } = request.found?.integration ?? {};
  const event = PayloadFormatVersion === '2.0' ? eventVersion2(request) : eventVersion1(request);
  const arn = functionOf(IntegrationUri, request);
  const { payload, failed } = await invokeWithin(request.cloud, request.api, {
    arn,
    credentials: CredentialsArn,
    sourceArn: sourceArn(request),
    event: JSON.stringify(event),
  });
  const answer = failed ? undefined : functionAnswer(payload, PayloadFormatVersion);
  if (answer) return answer;
  const text = Buffer.from(payload).toString();
  const reason = failed ? `failed: ${text}` : 'answered a response of another form than its payload format version has';
  request.cloud.log(`API ${request.api.id}: integration of ${request.found?.route.RouteKey}: ${arn} ${reason}`);
  throw new HttpError(500, 'Internal Server Error');
}
