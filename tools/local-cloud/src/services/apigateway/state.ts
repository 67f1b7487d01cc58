import { randomInt } from 'node:crypto';
import type {
  ApiKey,
  Authorizer,
  Deployment,
  GatewayResponse,
  Method,
  Model,
  RequestValidator,
  RestApi,
  Stage,
  UsagePlan,
} from '@aws-sdk/client-api-gateway';
import type { Call, Cloud } from '../../service.ts';

/** One path of an API. Methods have their integration in `methodIntegration`, as the API answers them. */
export interface ApiResource {
  readonly id: string;
  readonly parentId?: string;
  readonly pathPart?: string;
  /** From the root: `/orders/{id}`. */
  readonly path: string;
  readonly methods: Map<string, Method>;
}

/** What a deployment takes a snapshot of: the API as its author left it. */
export interface ApiDefinition {
  readonly settings: RestApi;
  readonly resources: Map<string, ApiResource>;
  readonly authorizers: Map<string, Authorizer>;
  /** By name. */
  readonly models: Map<string, Model>;
  readonly requestValidators: Map<string, RequestValidator>;
  /** By response type; those that were changed only. */
  readonly gatewayResponses: Map<string, GatewayResponse>;
}

export interface ApiDeployment {
  readonly description: Deployment;
  readonly snapshot: ApiDefinition;
}

export interface Api extends ApiDefinition {
  readonly id: string;
  readonly account: string;
  readonly region: string;
  readonly rootResourceId: string;
  readonly deployments: Map<string, ApiDeployment>;
  readonly stages: Map<string, Stage>;
}

/** How much of a plan one key has used. */
export interface KeyUsage {
  /** When the period that is counted began, milliseconds since the epoch. */
  periodStart: number;
  used: number;
  /** Requests granted or taken in this period by UpdateUsage. */
  extension: number;
  /** Used and remaining at the end of each day, by `YYYY-MM-DD`. */
  readonly days: Map<string, readonly [used: number, remaining: number]>;
}

export interface Plan {
  readonly settings: UsagePlan;
  /** Milliseconds since the epoch: an offset counts in the period the plan was made in. */
  readonly created: number;
  /** Ids of the keys in the plan, with what they used. */
  readonly keys: Map<string, KeyUsage>;
}

export interface ApiGatewayState {
  readonly apis: Map<string, Api>;
  readonly apiKeys: Map<string, ApiKey>;
  readonly usagePlans: Map<string, Plan>;
  cloudwatchRoleArn?: string;
}

export function apiGatewayState(cloud: Cloud, account: string, region: string): ApiGatewayState {
  return cloud.store<ApiGatewayState>('apigateway', account, region, () => ({
    apis: new Map(),
    apiKeys: new Map(),
    usagePlans: new Map(),
  }));
}

export function stateOf({ cloud, account, region }: Call): ApiGatewayState {
  return apiGatewayState(cloud, account, region);
}

const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** Ids as API Gateway makes them: 10 characters for APIs and keys, 6 for what is inside an API. */
export function newId(length: 6 | 10 | 40): string {
  return Array.from({ length }, () => letters.charAt(randomInt(letters.length))).join('');
}
