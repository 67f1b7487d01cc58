import type { Authorizer } from '@aws-sdk/client-apigatewayv2';
import { AwsError } from '../../../errors.ts';
import { HttpError } from './http-error.ts';
import { type HttpRequest, routeArn } from './http-request.ts';
import { jwtAuthorizer } from './jwt-authorizer.ts';
import { lambdaAuthorizer } from './lambda-authorizer.ts';

/** Lets a request through, or throws 401, 403 or 500. */
export async function authorize(request: HttpRequest): Promise<void> {
  const { AuthorizationType = 'NONE', AuthorizerId = '' } = request.found?.route ?? {};
  const authorizer = request.definition.authorizers.get(AuthorizerId) as Authorizer;
  if (AuthorizationType === 'JWT') return jwtAuthorizer(request, authorizer);
  if (AuthorizationType === 'CUSTOM') return lambdaAuthorizer(request, authorizer);
  if (AuthorizationType === 'AWS_IAM') return signed(request);
}

async function signed(request: HttpRequest): Promise<void> {
  const { cloud, api, raw } = request;
  try {
    const signature = await cloud.authenticate(raw);
    if (signature?.service !== 'execute-api') throw new HttpError(403, 'Forbidden');
    const demand = { action: 'execute-api:Invoke', resource: routeArn(request) };
    cloud.authorize(signature.caller, [demand], { region: api.region, service: 'execute-api' });
    request.caller = signature.caller;
  } catch (error) {
    if (error instanceof AwsError) throw new HttpError(403, 'Forbidden');
    throw error;
  }
}
