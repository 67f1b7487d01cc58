import { fileURLToPath } from 'node:url';
import { EnforcedFunction, EnforcedStack, type EnforcedStackProps } from '@stackyard/cdk-core';
import { Aws, CfnOutput, Duration } from 'aws-cdk-lib';
import type { Method, UsagePlan } from 'aws-cdk-lib/aws-apigateway';
import { Alarm, ComparisonOperator, type Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { type IRole, ManagedPolicy, Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { type PlanName, planNames } from '../src/plans.ts';
import { acknowledgeWildcards } from './acknowledge-wildcards.ts';
import { Api } from './api.ts';
import { Data } from './data.ts';
import { Identity } from './identity.ts';

const dist = (name: string) => fileURLToPath(new URL(`../dist/${name}`, import.meta.url));

export interface MultiTenantApiStackProps extends EnforcedStackProps {
  /**
   * How many requests an address may send within any five minutes before the web ACL blocks it. Default: 200,000, more than a
   * tenant of the largest plan may send from one office (500 a second), and a third of what the stage takes.
   */
  readonly requestsPerAddress?: number;
}

/** An API that many tenants share: each is known by its token, counted by its plan, and kept to its own rows by IAM. */
export class MultiTenantApiStack extends EnforcedStack {
  readonly #identity: Identity;
  readonly #data: Data;
  readonly #api: Api;
  readonly #plans: Readonly<Record<PlanName, UsagePlan>>;

  constructor(scope: Construct, id: string, props: MultiTenantApiStackProps) {
    super(scope, id, props);
    this.#api = new Api(this, 'Api', props.requestsPerAddress ?? 200_000);
    this.#identity = new Identity(this, 'Identity', this.#api.home);
    this.#data = new Data(this, 'Data');
    const authorizer = this.#function('authorizer', 'Verifies tokens and says whose they are', {
      USER_POOL_ID: this.#identity.pool.userPoolId,
      CLIENT_ID: this.#identity.client.userPoolClientId,
      TENANTS_TABLE: this.#data.tenants.tableName,
    });
    authorizer.addToRolePolicy(
      new PolicyStatement({ actions: ['dynamodb:GetItem'], resources: [this.#data.tenants.tableArn] }),
    );
    const admin = this.#administration('admin', 'Onboards, changes and offboards tenants');
    const reconciler = this.#administration('reconciler', 'Repairs what differs from the table of tenants');
    const products = this.#function('products', 'Products of the tenant that asks', {
      PRODUCTS_TABLE: this.#data.products.tableName,
      STACK_NAME: this.stackName,
    });
    const dashboard = this.#function('dashboard', 'The page on which a tenant sees its quota', {
      SIGN_IN_URL: this.#identity.domain.baseUrl(),
      CLIENT_ID: this.#identity.client.userPoolClientId,
    });
    const { plans, adminMethods } = this.#api.serve({ authorizer, products, admin, dashboard });
    this.#plans = plans;
    this.#letRead(products);
    for (const fn of [admin, reconciler]) this.#letAdminister(fn);
    this.#letCallGateway(
      'ManageKeys',
      [admin, reconciler],
      [
        [['GET'], ['/apikeys', '/usageplans', ...this.#planPaths('/keys')]],
        [['POST'], ['/apikeys', ...this.#planPaths('/keys')]],
        [['PATCH', 'DELETE'], ['/apikeys/*']],
        [['DELETE'], this.#planPaths('/keys/*')],
      ],
    );
    this.#schedule(reconciler);
    this.#alarms(reconciler);
    this.#outputs(adminMethods);
  }

  #planIds() {
    return Object.fromEntries(planNames.map((name) => [name, this.#plans[name].usagePlanId]));
  }

  #function(name: string, description: string, environment: Record<string, string>, file = name): EnforcedFunction {
    return new EnforcedFunction(this, name, {
      description,
      code: dist(file),
      handler: `${name}.handler`,
      memorySize: 512,
      timeout: Duration.seconds(29),
      environment,
    });
  }

  #administration(name: string, description: string): EnforcedFunction {
    const environment = {
      TENANTS_TABLE: this.#data.tenants.tableName,
      USER_POOL_ID: this.#identity.pool.userPoolId,
      STACK_NAME: this.stackName,
    };
    return this.#function(name, description, environment, 'admin');
  }

  /** Products: sessions of the tenant's role, and API Gateway's count of the tenant's requests. */
  #letRead(products: EnforcedFunction): void {
    const role = this.#data.tenantRole(products.role as IRole);
    products.addEnvironment('TENANT_ROLE_ARN', role.roleArn);
    products.addToRolePolicy(
      new PolicyStatement({ actions: ['sts:AssumeRole', 'sts:TagSession'], resources: [role.roleArn] }),
    );
    this.#letCallGateway(
      'ReadUsage',
      [products],
      [[['GET'], ['/apikeys', '/usageplans', ...this.#planPaths('/usage')]]],
    );
  }

  #letAdminister(fn: EnforcedFunction): void {
    const { tenants } = this.#data;
    const actions = ['dynamodb:ConditionCheckItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Scan'];
    fn.addToRolePolicy(new PolicyStatement({ actions, resources: [tenants.tableArn] }));
    const cognito = [
      'AdminAddUserToGroup',
      'AdminCreateUser',
      'AdminDeleteUser',
      'AdminGetUser',
      'AdminUserGlobalSignOut',
      'CreateGroup',
      'DeleteGroup',
      'ListGroups',
      'ListUsersInGroup',
    ].map((name) => `cognito-idp:${name}`);
    fn.addToRolePolicy(new PolicyStatement({ actions: cognito, resources: [this.#identity.pool.userPoolArn] }));
  }

  #planPaths(path: string): readonly string[] {
    return planNames.map((name) => `/usageplans/${this.#plans[name].usagePlanId}${path}`);
  }

  /** A policy of its own: it names the plans, which are of the API, and the API is of the functions. */
  #letCallGateway(
    id: string,
    functions: readonly EnforcedFunction[],
    rights: readonly (readonly [verbs: readonly string[], paths: readonly string[]])[],
  ): void {
    const statements = rights.map(
      ([verbs, paths]) =>
        new PolicyStatement({
          actions: verbs.map((verb) => `apigateway:${verb}`),
          resources: paths.map((path) => `arn:${Aws.PARTITION}:apigateway:${Aws.REGION}::${path}`),
        }),
    );
    const policy = new Policy(this, id, { statements, roles: functions.map((fn) => fn.role as IRole) });
    const reason = 'IDs of API keys are known at run time only; of the plans, those of this stack are named';
    acknowledgeWildcards(policy, statements, reason);
  }

  #schedule(reconciler: EnforcedFunction): void {
    new Rule(this, 'Hourly', {
      description: 'Table, API keys and users agree again',
      schedule: Schedule.rate(Duration.hours(1)),
      targets: [new LambdaFunction(reconciler, { retryAttempts: 2 })],
    });
  }

  #alarms(reconciler: EnforcedFunction): void {
    const alarm = (id: string, alarmDescription: string, metric: Metric, threshold: number) =>
      new Alarm(this, id, {
        alarmDescription,
        metric,
        threshold,
        evaluationPeriods: 1,
        comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
        treatMissingData: TreatMissingData.NOT_BREACHING,
      });
    const period = Duration.minutes(5);
    const { api } = this.#api;
    const refused = api.metricClientError({ statistic: 'Average', period });
    alarm('ManyRefused', 'One request in five was refused: throttled, over quota or unauthorized', refused, 0.2);
    alarm('Failing', 'Requests fail', api.metricServerError({ statistic: 'Sum', period }), 5);
    alarm('Drift', 'Tenants that could not be repaired', reconciler.metricErrors({ statistic: 'Sum', period }), 0);
  }

  #outputs(adminMethods: readonly Method[]): void {
    const { pool, client, domain } = this.#identity;
    const { api, home } = this.#api;
    const statements = [
      new PolicyStatement({ actions: ['execute-api:Invoke'], resources: adminMethods.map((one) => one.methodArn) }),
    ];
    const description = 'May call the admin API';
    const operators = new ManagedPolicy(this, 'TenantOperators', { description, statements });
    acknowledgeWildcards(
      operators,
      statements,
      'A tenant’s ID is part of the path, and operators work for all tenants',
    );
    const outputs: Record<string, string> = {
      ApiUrl: api.url,
      StageArn: api.deploymentStage.stageArn,
      DashboardUrl: home,
      UserPoolId: pool.userPoolId,
      ClientId: client.userPoolClientId,
      SignInUrl: domain.signInUrl(client, { redirectUri: home }),
      TenantsTable: this.#data.tenants.tableName,
      ProductsTable: this.#data.products.tableName,
      UsagePlans: this.toJsonString(this.#planIds()),
      OperatorPolicyArn: operators.managedPolicyArn,
    };
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value });
  }
}
