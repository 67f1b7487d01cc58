import { logTime } from '../../lambda/function-url-event.ts';
import { domainName, type GatewayRequest, headerOf } from './gateway-request.ts';

/** `requestContext` of what functions are given ("Input format of a Lambda function for proxy integration"). */
export function requestContext(request: GatewayRequest): Record<string, unknown> {
  const { api, stage, raw, route, path, time, caller, apiKey } = request;
  return {
    resourceId: route?.resource.id,
    resourcePath: route?.resource.path,
    httpMethod: raw.method,
    extendedRequestId: request.extendedRequestId,
    requestTime: logTime(time),
    path: `/${stage.stageName}${path === '/' ? '' : path}`,
    accountId: api.account,
    protocol: 'HTTP/1.1',
    stage: stage.stageName,
    domainPrefix: api.id,
    requestTimeEpoch: time,
    requestId: request.requestId,
    identity: {
      cognitoIdentityPoolId: null,
      accountId: caller?.account ?? null,
      cognitoIdentityId: null,
      caller: caller?.userId ?? null,
      sourceIp: raw.sourceIp,
      principalOrgId: null,
      accessKey: caller?.accessKeyId ?? null,
      cognitoAuthenticationType: null,
      cognitoAuthenticationProvider: null,
      userArn: caller?.arn ?? null,
      userAgent: headerOf(request, 'user-agent') ?? null,
      user: caller?.userId ?? null,
      ...(apiKey && { apiKey: apiKey.value, apiKeyId: apiKey.id }),
    },
    domainName: domainName(api),
    deploymentId: stage.deploymentId,
    apiId: api.id,
    ...(request.authorizer && { authorizer: request.authorizer }),
  };
}
