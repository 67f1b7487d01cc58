import { acknowledge, contextVariablesOf, type EnforcedFunction } from '@stackyard/cdk-core';
import { Aws, type CfnElement, Duration, Stack } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, HttpMethod, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Settings } from './settings.ts';

/** What a request may take, at most 30 s ("Quotas for configuring and running an HTTP API"), less what the gateway itself needs. */
export const longestRequest = Duration.seconds(29);

/** The door that callers use: an HTTP API whose routes take requests signed by those whom IAM allows. */
export class Api extends Construct {
  readonly url: string;
  /** For the roles of callers. */
  readonly callers: ManagedPolicy;

  constructor(scope: Construct, id: string, controller: EnforcedFunction, { requestsPerSecond }: Settings) {
    super(scope, id);
    const { context, stage } = contextVariablesOf(this);
    const api = new HttpApi(this, 'Http', {
      apiName: `${stage}-${context}`,
      createDefaultStage: false,
      defaultAuthorizer: new HttpIamAuthorizer(),
    });
    const accessLogs = new LogGroup(this, 'AccessLogs', { retention: RetentionDays.ONE_MONTH });
    new HttpStage(this, 'Stage', {
      httpApi: api,
      autoDeploy: true,
      // Who waits keeps an execution environment: more than these can't be the ones that are served.
      throttle: { rateLimit: requestsPerSecond, burstLimit: requestsPerSecond },
      accessLogSettings: {
        destination: new LogGroupLogDestination(accessLogs),
        format: AccessLogFormat.custom(JSON.stringify(accessLog)),
      },
    });
    const integration = new HttpLambdaIntegration('Controller', controller, { timeout: longestRequest });
    api.addRoutes({ path: '/calls', methods: [HttpMethod.POST], integration });
    api.addRoutes({ path: '/quotes/{category}', methods: [HttpMethod.GET], integration });
    this.url = `https://${api.apiId}.execute-api.${Aws.REGION}.${Aws.URL_SUFFIX}/`;
    this.callers = new ManagedPolicy(this, 'Callers', {
      description: 'May call the partner by the rate controller',
      statements: [
        new PolicyStatement({
          actions: ['execute-api:Invoke'],
          resources: [
            api.arnForExecuteApi('POST', '/calls', '$default'),
            api.arnForExecuteApi('GET', '/quotes/*', '$default'),
          ],
        }),
      ],
    });
    const apiId = Stack.of(this).getLogicalId(api.node.defaultChild as CfnElement);
    acknowledge(
      this.callers,
      `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:<${apiId}>/$default/GET/quotes/*]`,
      'The category is part of the path, and callers may ask for each',
    );
  }
}

/** One line a request, also of those that never came as far as the controller. */
const accessLog = {
  requestId: '$context.requestId',
  time: '$context.requestTime',
  route: '$context.routeKey',
  status: '$context.status',
  latencyMs: '$context.responseLatency',
  caller: '$context.identity.userArn',
  error: '$context.error.message',
};
