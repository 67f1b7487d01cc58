import type { Authorizer } from '@aws-sdk/client-apigatewayv2';
import { between, oneOf } from '../../constraints.ts';
import { badRequest, conflict, validate } from '../apigateway/errors.ts';
import { childOperations } from './children.ts';
import type { HttpApi } from './state.ts';

export const authorizers = childOperations<Authorizer>({
  id: 'AuthorizerId',
  kind: 'Authorizer',
  in: (api) => api.authorizers,
  // "CreateAuthorizer": unlike REST APIs' authorizers, these are not cached unless they say so.
  defaults: ({ AuthorizerType }) => (AuthorizerType === 'REQUEST' ? { AuthorizerResultTtlInSeconds: 0 } : {}),
  check: checkAuthorizer,
  checkDelete({ AuthorizerId }: Authorizer, { routes }: HttpApi) {
    const route = [...routes.values()].find((one) => one.AuthorizerId === AuthorizerId);
    if (route) throw conflict(`Cannot delete authorizer '${AuthorizerId}', is referenced in route: ${route.RouteKey}`);
  },
});

/** "Control access to HTTP APIs with JWT authorizers", "Control access to HTTP APIs with AWS Lambda authorizers". */
function checkAuthorizer(authorizer: Authorizer): void {
  const { AuthorizerType, IdentitySource = [], JwtConfiguration, AuthorizerResultTtlInSeconds: ttl } = authorizer;
  validate(
    oneOf('authorizerType', AuthorizerType, ['JWT', 'REQUEST']),
    oneOf('authorizerPayloadFormatVersion', authorizer.AuthorizerPayloadFormatVersion, ['1.0', '2.0']),
    between('authorizerResultTtlInSeconds', ttl, 0, 3600),
  );
  const wrong = IdentitySource.find(
    (one) => !/^\$(request\.(header|querystring)\.[\w.-]+|context\.[\w.]+|stageVariables\.\w+)$/.test(one),
  );
  if (wrong !== undefined) throw badRequest(`Invalid identity source: ${wrong}`);
  if (AuthorizerType === 'JWT') {
    if (!JwtConfiguration?.Issuer) throw badRequest('JWT authorizers need JwtConfiguration with an Issuer');
    if (!JwtConfiguration.Audience?.length) throw badRequest('JWT authorizers need JwtConfiguration with an Audience');
    if (IdentitySource.length !== 1)
      throw badRequest('JWT authorizers need one identity source: $request.header.Authorization');
    return;
  }
  if (!authorizer.AuthorizerUri) throw badRequest('REQUEST authorizers need an AuthorizerUri');
  if (!authorizer.AuthorizerPayloadFormatVersion)
    throw badRequest('REQUEST authorizers of HTTP APIs need an AuthorizerPayloadFormatVersion');
  if (authorizer.EnableSimpleResponses && authorizer.AuthorizerPayloadFormatVersion !== '2.0') {
    throw badRequest('EnableSimpleResponses needs AuthorizerPayloadFormatVersion 2.0');
  }
  if (ttl && IdentitySource.length === 0)
    throw badRequest('Caching (AuthorizerResultTtlInSeconds) needs identity sources');
}
