import type { Route } from '@aws-sdk/client-apigatewayv2';
import { oneOf } from '../../constraints.ts';
import { badRequest, conflict, unsupported, validate } from '../apigateway/errors.ts';
import { childOperations } from './children.ts';
import type { HttpApi } from './state.ts';

export const routes = childOperations<Route>({
  id: 'RouteId',
  kind: 'Resource',
  in: (api) => api.routes,
  defaults: () => ({ ApiKeyRequired: false, AuthorizationType: 'NONE' }),
  check: checkRoute,
});

/** "Create routes for HTTP APIs": a method and a path, or `$default`. */
const routeKey = /^(\$default|(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|ANY) \/\S*)$/;

function checkRoute(route: Route, { routes, integrations, authorizers }: HttpApi): void {
  const { RouteKey = '', Target, AuthorizationType, AuthorizerId, AuthorizationScopes } = route;
  validate(oneOf('authorizationType', AuthorizationType, ['NONE', 'AWS_IAM', 'CUSTOM', 'JWT']));
  if (!routeKey.test(RouteKey)) {
    throw badRequest(
      'The provided route key is not formatted properly for HTTP protocol. Format should be "<HTTP METHOD> /<RESOURCE PATH>" or "$default"',
    );
  }
  if ([...routes.values()].some((one) => one.RouteKey === RouteKey && one.RouteId !== route.RouteId)) {
    throw conflict(`Route with key ${RouteKey} already exists for this API`);
  }
  if (route.ApiKeyRequired) throw badRequest('ApiKeyRequired is not currently supported for HTTP APIs');
  if (route.RequestParameters) throw unsupported('request parameters of routes (WebSocket APIs only)');
  const [, integration] = /^integrations\/(\w+)$/.exec(Target ?? '') ?? [];
  if (Target !== undefined && !integrations.has(integration ?? ''))
    throw badRequest(`Invalid Integration identifier specified in target ${Target}`);
  const wanted = AuthorizationType === 'JWT' ? 'JWT' : AuthorizationType === 'CUSTOM' ? 'REQUEST' : undefined;
  if (wanted && authorizers.get(AuthorizerId ?? '')?.AuthorizerType !== wanted) {
    throw badRequest(`Authorizer ${AuthorizerId} is no ${wanted} authorizer of this API`);
  }
  if (AuthorizationScopes?.length && AuthorizationType !== 'JWT') {
    throw badRequest('AuthorizationScopes are only allowed with JWT authorization');
  }
}
