import type { Api, Authorizer, Deployment, Integration, Route, Stage } from '@aws-sdk/client-apigatewayv2';
import type { Call, Cloud } from '../../service.ts';
import { found } from '../apigateway/errors.ts';

/** What a deployment takes a snapshot of. */
export interface HttpApiDefinition {
  readonly settings: Api;
  readonly routes: Map<string, Route>;
  readonly integrations: Map<string, Integration>;
  readonly authorizers: Map<string, Authorizer>;
}

export interface HttpApi extends HttpApiDefinition {
  readonly id: string;
  readonly account: string;
  readonly region: string;
  readonly deployments: Map<string, { readonly description: Deployment; readonly snapshot: HttpApiDefinition }>;
  readonly stages: Map<string, Stage>;
}

export interface HttpApiState {
  readonly apis: Map<string, HttpApi>;
}

export function httpApiState(cloud: Cloud, account: string, region: string): HttpApiState {
  return cloud.store<HttpApiState>('apigatewayv2', account, region, () => ({ apis: new Map() }));
}

/** The API an input names. Throws NotFoundException. */
export function httpApiOf({ ApiId }: { ApiId?: string | undefined }, { cloud, account, region }: Call): HttpApi {
  return found(httpApiState(cloud, account, region).apis, ApiId, 'RestApi');
}
