import type { GatewayRequest } from './gateway-request.ts';
import { sourceArn } from './gateway-request.ts';
import type { BackendAnswer } from './integrate.ts';
import type { IntegrationRequest } from './integration-request.ts';
import { functionArnOf, invokeWithin } from './invoke-function.ts';
import { withStageVariables } from './stage-variables.ts';

/** Integration type AWS with a function: it is given what the template makes, and its error message selects the response. */
export async function lambdaFunction(request: GatewayRequest, { body }: IntegrationRequest): Promise<BackendAnswer> {
  const { uri, credentials } = request.route?.method.methodIntegration ?? {};
  const { payload, failed } = await invokeWithin(request.cloud, request.api, {
    arn: functionArnOf(withStageVariables(uri, request)),
    credentials,
    sourceArn: sourceArn(request),
    event: body.length === 0 ? '{}' : body,
  });
  const text = Buffer.from(payload).toString();
  return { selection: failed ? errorMessage(text) : '', headers: {}, body: text };
}

function errorMessage(text: string): string {
  try {
    return String(JSON.parse(text).errorMessage ?? '');
  } catch {
    return text;
  }
}
