import { acknowledge, contextVariablesOf, type EnforcedFunction } from '@stackyard/cdk-core';
import { Aws, Duration, Stack } from 'aws-cdk-lib';
import {
  AccessLogFormat,
  ApiKeySourceType,
  AuthorizationType,
  JsonSchemaType,
  LambdaIntegration,
  LogGroupLogDestination,
  type Method,
  MethodLoggingLevel,
  Period,
  ResponseType,
  RestApi,
  TokenAuthorizer,
  type UsagePlan,
} from 'aws-cdk-lib/aws-apigateway';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { type PlanName, planNames, plans } from '../src/plans.ts';
import { authorizerCacheSeconds } from '../src/tenants/lifecycle.ts';
import { AddressGuard } from './address-guard.ts';

export interface Handlers {
  readonly authorizer: EnforcedFunction;
  readonly products: EnforcedFunction;
  readonly admin: EnforcedFunction;
  readonly dashboard: EnforcedFunction;
}

/** `/products` and `/usage` for tenants, counted by their plan; `/admin` for whoever IAM allows. */
export class Api extends Construct {
  readonly api: RestApi;
  /** Where the dashboard is: what the stage's own URL is, but known before there are methods. */
  readonly home: string;

  constructor(scope: Construct, id: string, requestsPerAddress: number) {
    super(scope, id);
    const { stage } = contextVariablesOf(this);
    const accessLogs = new LogGroup(this, 'AccessLogs', { retention: RetentionDays.ONE_MONTH });
    this.api = new RestApi(this, 'ProductRestApi', {
      apiKeySourceType: ApiKeySourceType.AUTHORIZER,
      cloudWatchRole: true,
      deployOptions: {
        stageName: stage,
        // What all tenants together get: the account's limit is shared with every other API in it.
        throttlingRateLimit: 2000,
        throttlingBurstLimit: 1000,
        loggingLevel: MethodLoggingLevel.ERROR,
        accessLogDestination: new LogGroupLogDestination(accessLogs),
        accessLogFormat: AccessLogFormat.custom(JSON.stringify(accessLog)),
      },
    });
    this.home = `https://${this.api.restApiId}.execute-api.${Aws.REGION}.${Aws.URL_SUFFIX}/${stage}/`;
    new AddressGuard(this, 'Guard', { stage: this.api.deploymentStage, requestsPerAddress });
    this.#problems();
    acknowledge(
      this.api,
      'AwsSolutions-COG4',
      'API Gateway’s own check knows no tenants: the authorizer verifies the token and names the tenant',
    );
    acknowledge(
      this.api,
      'AwsSolutions-APIG2',
      'The one body tenants send is validated by its method; the admin API says what is wrong with all of a body',
    );
    acknowledge(
      this.api,
      'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
      'What API Gateway writes its logs with is one role for the account, by AWS’s managed policy',
    );
  }

  /** Adds the methods, and the plans by which those of tenants are counted; answers the plans and the methods of the admin API. */
  serve(handlers: Handlers) {
    this.#dashboard(handlers.dashboard);
    const writes = this.#tenantMethods(handlers);
    return { plans: this.#usagePlans(writes), adminMethods: this.#adminMethods(handlers.admin) };
  }

  #dashboard(dashboard: EnforcedFunction): void {
    const { root } = this.api;
    const places = [root, root.addResource('dashboard.css'), root.addResource('dashboard.js')];
    for (const place of places) {
      const toDashboard = new LambdaIntegration(dashboard, { allowTestInvoke: false });
      const method = place.addMethod('GET', toDashboard, { authorizationType: AuthorizationType.NONE });
      acknowledge(method, 'AwsSolutions-APIG4', 'The page that people sign in from holds nothing of anybody');
    }
  }

  #tenantMethods({ authorizer, products }: Handlers): Method {
    const tenants = {
      authorizationType: AuthorizationType.CUSTOM,
      authorizer: new TokenAuthorizer(this, 'Authorizer', {
        handler: authorizer,
        validationRegex: '^Bearer [-0-9a-zA-Z_]+\\.[-0-9a-zA-Z_]+\\.[-0-9a-zA-Z_]+$',
        resultsCacheTtl: Duration.seconds(authorizerCacheSeconds),
      }),
    };
    const counted = { ...tenants, apiKeyRequired: true };
    const toProducts = new LambdaIntegration(products, { allowTestInvoke: false });
    const collection = this.api.root.addResource('products');
    collection.addMethod('GET', toProducts, counted);
    const writes = collection.addMethod('POST', toProducts, {
      ...counted,
      requestModels: { 'application/json': this.#productModel() },
      requestValidatorOptions: { requestValidatorName: 'body', validateRequestBody: true },
    });
    collection.addResource('{productId}').addMethod('GET', toProducts, counted);
    // Looking at the quota uses none of it.
    this.api.root.addResource('usage').addMethod('GET', toProducts, tenants);
    return writes;
  }

  #adminMethods(admin: EnforcedFunction): readonly Method[] {
    const signed = { authorizationType: AuthorizationType.IAM };
    const toAdmin = new LambdaIntegration(admin, { allowTestInvoke: false });
    const root = this.api.root.addResource('admin');
    const all = root.addResource('tenants');
    const one = all.addResource('{tenantId}');
    return [
      ...['GET', 'POST'].map((method) => all.addMethod(method, toAdmin, signed)),
      ...['GET', 'PATCH', 'DELETE'].map((method) => one.addMethod(method, toAdmin, signed)),
      one.addResource('key').addMethod('POST', toAdmin, signed),
      one.addResource('users').addMethod('POST', toAdmin, signed),
      root.addResource('reconciliations').addMethod('POST', toAdmin, signed),
    ];
  }

  #productModel() {
    return this.api.addModel('Product', {
      contentType: 'application/json',
      schema: {
        type: JsonSchemaType.OBJECT,
        required: ['name'],
        additionalProperties: false,
        properties: { name: { type: JsonSchemaType.STRING, minLength: 1, maxLength: 200 } },
      },
    });
  }

  #usagePlans(writes: Method): Readonly<Record<PlanName, UsagePlan>> {
    const { api } = this;
    const made = planNames.map((name) => {
      const plan = plans[name];
      const usagePlan = api.addUsagePlan(`${name}Plan`, {
        name: `${Stack.of(this).stackName}-${name}`,
        quota: { limit: plan.requestsPerDay, period: Period.DAY },
        throttle: { rateLimit: plan.requestsPerSecond, burstLimit: plan.burst },
        apiStages: [
          {
            api,
            stage: api.deploymentStage,
            throttle: [{ method: writes, throttle: { rateLimit: plan.writesPerSecond, burstLimit: plan.writeBurst } }],
          },
        ],
      });
      return [name, usagePlan] as const;
    });
    return Object.fromEntries(made) as Record<PlanName, UsagePlan>;
  }

  /** What API Gateway answers by itself, as problem details (RFC 9457). */
  #problems(): void {
    const retryAfter = (seconds: number) => ({ 'Retry-After': `'${seconds}'` });
    const answers: readonly [string, ResponseType, number, Record<string, string>?][] = [
      ['Unauthorized', ResponseType.UNAUTHORIZED, 401, { 'WWW-Authenticate': "'Bearer'" }],
      ['Denied', ResponseType.ACCESS_DENIED, 403],
      ['NoKey', ResponseType.INVALID_API_KEY, 403],
      ['Blocked', ResponseType.WAF_FILTERED, 403],
      ['BadBody', ResponseType.BAD_REQUEST_BODY, 400],
      ['Throttled', ResponseType.THROTTLED, 429, retryAfter(1)],
      // The day ends at midnight UTC; until then it is worth asking once an hour, as the plan may have changed.
      ['QuotaExceeded', ResponseType.QUOTA_EXCEEDED, 429, retryAfter(3600)],
    ];
    for (const [id, type, status, headers] of answers) {
      const title = id === 'QuotaExceeded' ? 'Limit Exceeded' : undefined;
      const text = title === undefined ? '$context.error.messageString' : JSON.stringify(title);
      this.api.addGatewayResponse(id, {
        type,
        statusCode: String(status),
        responseHeaders: { 'Content-Type': "'application/problem+json'", ...headers },
        templates: { 'application/json': `{"title":${text},"status":${status},"requestId":"$context.requestId"}` },
      });
    }
  }
}

/** One line a request, also of those that were throttled: who, by which plan, and what became of it. */
const accessLog = {
  requestId: '$context.requestId',
  time: '$context.requestTime',
  method: '$context.httpMethod',
  resource: '$context.resourcePath',
  status: '$context.status',
  latencyMs: '$context.responseLatency',
  tenantId: '$context.authorizer.tenantId',
  plan: '$context.authorizer.plan',
  userId: '$context.authorizer.userId',
  caller: '$context.identity.userArn',
  error: '$context.error.responseType',
};
