import type { Authorizer } from '@aws-sdk/client-api-gateway';
import { AwsError } from '../../../errors.ts';
import type { PolicyDocument } from '../../../iam/policy-document.ts';
import { anonymous } from '../../../iam/service-caller.ts';
import type { Caller, Demand } from '../../../service.ts';
import { parsePolicyText } from '../resource-policy.ts';
import { GatewayError } from './gateway-error.ts';
import { type GatewayRequest, headerOf, methodArn } from './gateway-request.ts';
import { lambdaAuthorizer } from './lambda-authorizer.ts';
import { userPoolAuthorizer } from './user-pool-authorizer.ts';

/**
 * Lets a request through or throws, by the method's authorization and the API's resource policy ("API Gateway resource
 * policies affect authorization workflow"): with IAM either may allow within the account; with anything else the policy,
 * where there is one, must allow, and the authorizer too.
 *
 * Throws ACCESS_DENIED, UNAUTHORIZED, MISSING_AUTHENTICATION_TOKEN, INVALID_SIGNATURE, EXPIRED_TOKEN, AUTHORIZER_….
 */
export async function authorize(request: GatewayRequest): Promise<void> {
  const { settings, authorizers } = request.definition;
  const policy = settings.policy ? parsePolicyText(settings.policy) : undefined;
  const { authorizationType = 'NONE', authorizerId = '' } = request.route?.method ?? {};
  if (authorizationType === 'AWS_IAM') return authorizeSigned(request, policy);
  if (policy) demand(request, anonymous, policy);
  if (authorizationType === 'NONE') return;
  const authorizer = authorizers.get(authorizerId) as Authorizer;
  if (authorizer.type === 'COGNITO_USER_POOLS') return userPoolAuthorizer(request, authorizer);
  return lambdaAuthorizer(request, authorizer);
}

async function authorizeSigned(request: GatewayRequest, policy: PolicyDocument | undefined): Promise<void> {
  const signed = await request.cloud.authenticate(request.raw).catch((error: unknown) => {
    throw error instanceof AwsError ? signatureError(error) : error;
  });
  if (!signed) throw new GatewayError('MISSING_AUTHENTICATION_TOKEN', 'Missing Authentication Token');
  if (signed.service !== 'execute-api' || signed.region !== request.api.region) {
    const wanted = `'${request.api.region}/execute-api/aws4_request'`;
    throw new GatewayError('INVALID_SIGNATURE', `Credential should be scoped to ${wanted}`);
  }
  demand(request, signed.caller, policy);
  request.caller = signed.caller;
}

function demand(request: GatewayRequest, caller: Caller, resourcePolicy: PolicyDocument | undefined): void {
  const { cloud, api, raw } = request;
  const demands: readonly Demand[] = [
    {
      action: 'execute-api:Invoke',
      resource: methodArn(request),
      resourcePolicy,
      context: { 'aws:SourceIp': raw.sourceIp, 'aws:UserAgent': headerOf(request, 'user-agent') ?? '' },
    },
  ];
  try {
    cloud.authorize(caller, demands, { region: api.region, service: 'execute-api' });
  } catch (error) {
    if (error instanceof AwsError) throw new GatewayError('ACCESS_DENIED', error.message);
    throw error;
  }
}

function signatureError({ code, message }: AwsError): GatewayError {
  if (code.startsWith('ExpiredToken')) return new GatewayError('EXPIRED_TOKEN', message);
  return new GatewayError('INVALID_SIGNATURE', message);
}
