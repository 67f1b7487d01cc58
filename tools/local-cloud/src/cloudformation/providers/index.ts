import type { ResourceProvider } from '../provider.ts';
import { apiGatewayAccount } from './apigateway-account.ts';
import { apiGatewayApiKey } from './apigateway-api-key.ts';
import { apiGatewayAuthorizer } from './apigateway-authorizer.ts';
import { apiGatewayDeployment } from './apigateway-deployment.ts';
import { apiGatewayGatewayResponse } from './apigateway-gateway-response.ts';
import { apiGatewayMethod } from './apigateway-method.ts';
import { apiGatewayModel } from './apigateway-model.ts';
import { apiGatewayRequestValidator } from './apigateway-request-validator.ts';
import { apiGatewayResource } from './apigateway-resource.ts';
import { apiGatewayRestApi } from './apigateway-rest-api.ts';
import { apiGatewayStage } from './apigateway-stage.ts';
import { apiGatewayUsagePlan } from './apigateway-usage-plan.ts';
import { apiGatewayUsagePlanKey } from './apigateway-usage-plan-key.ts';
import { apiGatewayV2Api } from './apigatewayv2-api.ts';
import { apiGatewayV2Authorizer, apiGatewayV2Integration, apiGatewayV2Route } from './apigatewayv2-child.ts';
import { apiGatewayV2Deployment, apiGatewayV2Stage } from './apigatewayv2-stage.ts';
import { cdkMetadata } from './cdk-metadata.ts';
import { cloudWatchAlarm } from './cloudwatch-alarm.ts';
import { cloudWatchDashboard } from './cloudwatch-dashboard.ts';
import { cognitoUserPool } from './cognito-user-pool.ts';
import { cognitoUserPoolClient } from './cognito-user-pool-client.ts';
import {
  cognitoUserPoolDomain,
  cognitoUserPoolGroup,
  cognitoUserPoolResourceServer,
  cognitoUserPoolUser,
  cognitoUserPoolUserToGroupAttachment,
} from './cognito-user-pool-parts.ts';
import { customResource } from './custom-resource.ts';
import { dynamodbGlobalTable, dynamodbTable } from './dynamodb-table.ts';
import { ec2Eip } from './ec2-eip.ts';
import { ec2FlowLog } from './ec2-flow-log.ts';
import { ec2InternetGateway } from './ec2-internet-gateway.ts';
import { ec2NatGateway } from './ec2-nat-gateway.ts';
import { ec2Route } from './ec2-route.ts';
import { ec2RouteTable, ec2SubnetRouteTableAssociation } from './ec2-route-table.ts';
import { ec2SecurityGroup } from './ec2-security-group.ts';
import { ec2SecurityGroupEgress, ec2SecurityGroupIngress } from './ec2-security-group-rules.ts';
import { ec2Subnet } from './ec2-subnet.ts';
import { ec2Vpc } from './ec2-vpc.ts';
import { ec2VpcEndpoint } from './ec2-vpc-endpoint.ts';
import { ec2VpcGatewayAttachment } from './ec2-vpc-gateway-attachment.ts';
import { ecrRepository } from './ecr-repository.ts';
import { ecsCluster, ecsClusterCapacityProviderAssociations } from './ecs-cluster.ts';
import { ecsService } from './ecs-service.ts';
import { ecsTaskDefinition } from './ecs-task-definition.ts';
import { elbListener, elbListenerRule } from './elb-listener.ts';
import { elbLoadBalancer } from './elb-load-balancer.ts';
import { elbTargetGroup } from './elb-target-group.ts';
import { eventsApiDestination } from './events-api-destination.ts';
import { eventsArchive } from './events-archive.ts';
import { eventsConnection } from './events-connection.ts';
import { eventsEventBus } from './events-event-bus.ts';
import { eventsEventBusPolicy } from './events-event-bus-policy.ts';
import { eventsRule } from './events-rule.ts';
import { glueDatabase } from './glue-database.ts';
import { glueTable } from './glue-table.ts';
import { iamAccessKey } from './iam-access-key.ts';
import { iamGroup } from './iam-group.ts';
import { iamManagedPolicy } from './iam-managed-policy.ts';
import { iamOidcProvider } from './iam-oidc-provider.ts';
import { iamPolicy } from './iam-policy.ts';
import { iamRole } from './iam-role.ts';
import { iamUser } from './iam-user.ts';
import { kinesisResourcePolicy } from './kinesis-resource-policy.ts';
import { kinesisStream } from './kinesis-stream.ts';
import { kinesisStreamConsumer } from './kinesis-stream-consumer.ts';
import { lambdaAlias } from './lambda-alias.ts';
import { lambdaEventInvokeConfig } from './lambda-event-invoke-config.ts';
import { lambdaEventSourceMapping } from './lambda-event-source-mapping.ts';
import { lambdaFunction } from './lambda-function.ts';
import { lambdaLayerVersion, lambdaLayerVersionPermission } from './lambda-layers.ts';
import { lambdaPermission } from './lambda-permission.ts';
import { lambdaUrl } from './lambda-url.ts';
import { lambdaVersion } from './lambda-version.ts';
import { logsLogGroup } from './logs-log-group.ts';
import { logsLogStream } from './logs-log-stream.ts';
import { logsResourcePolicy } from './logs-resource-policy.ts';
import { logsSubscriptionFilter } from './logs-subscription-filter.ts';
import { nestedStack } from './nested-stack.ts';
import { s3Bucket } from './s3-bucket.ts';
import { s3BucketPolicy } from './s3-bucket-policy.ts';
import { schedulerSchedule } from './scheduler-schedule.ts';
import { schedulerScheduleGroup } from './scheduler-schedule-group.ts';
import { snsSubscription } from './sns-subscription.ts';
import { snsTopic } from './sns-topic.ts';
import { snsTopicInlinePolicy, snsTopicPolicy } from './sns-topic-policy.ts';
import { sqsQueue } from './sqs-queue.ts';
import { sqsQueuePolicy } from './sqs-queue-policy.ts';
import { ssmParameter } from './ssm-parameter.ts';
import { wafWebAcl, wafWebAclAssociation } from './wafv2.ts';
import { waitConditionHandle } from './wait-condition-handle.ts';

/** Every resource type the embedded cloud can deploy. */
const providers: readonly ResourceProvider[] = [
  apiGatewayAccount,
  apiGatewayApiKey,
  apiGatewayAuthorizer,
  apiGatewayDeployment,
  apiGatewayGatewayResponse,
  apiGatewayMethod,
  apiGatewayModel,
  apiGatewayRequestValidator,
  apiGatewayResource,
  apiGatewayRestApi,
  apiGatewayStage,
  apiGatewayUsagePlan,
  apiGatewayUsagePlanKey,
  cognitoUserPool,
  cognitoUserPoolClient,
  cognitoUserPoolDomain,
  cognitoUserPoolGroup,
  cognitoUserPoolResourceServer,
  cognitoUserPoolUser,
  cognitoUserPoolUserToGroupAttachment,
  apiGatewayV2Api,
  apiGatewayV2Authorizer,
  apiGatewayV2Deployment,
  apiGatewayV2Integration,
  apiGatewayV2Route,
  apiGatewayV2Stage,
  cdkMetadata,
  cloudWatchAlarm,
  cloudWatchDashboard,
  customResource,
  dynamodbGlobalTable,
  dynamodbTable,
  ec2Eip,
  ec2FlowLog,
  ec2InternetGateway,
  ec2NatGateway,
  ec2Route,
  ec2RouteTable,
  ec2SecurityGroup,
  ec2SecurityGroupEgress,
  ec2SecurityGroupIngress,
  ec2Subnet,
  ec2SubnetRouteTableAssociation,
  ec2Vpc,
  ec2VpcEndpoint,
  ec2VpcGatewayAttachment,
  ecrRepository,
  ecsCluster,
  ecsClusterCapacityProviderAssociations,
  ecsService,
  ecsTaskDefinition,
  elbListener,
  elbListenerRule,
  elbLoadBalancer,
  elbTargetGroup,
  eventsApiDestination,
  eventsArchive,
  eventsConnection,
  eventsEventBus,
  eventsEventBusPolicy,
  eventsRule,
  glueDatabase,
  glueTable,
  iamAccessKey,
  iamGroup,
  iamManagedPolicy,
  iamOidcProvider,
  iamPolicy,
  iamRole,
  iamUser,
  kinesisResourcePolicy,
  kinesisStream,
  kinesisStreamConsumer,
  lambdaAlias,
  lambdaEventInvokeConfig,
  lambdaEventSourceMapping,
  lambdaFunction,
  lambdaLayerVersion,
  lambdaLayerVersionPermission,
  lambdaPermission,
  lambdaUrl,
  lambdaVersion,
  logsLogGroup,
  logsResourcePolicy,
  logsSubscriptionFilter,
  logsLogStream,
  nestedStack,
  s3Bucket,
  s3BucketPolicy,
  schedulerSchedule,
  schedulerScheduleGroup,
  snsSubscription,
  snsTopic,
  snsTopicInlinePolicy,
  snsTopicPolicy,
  sqsQueue,
  sqsQueuePolicy,
  ssmParameter,
  wafWebAcl,
  wafWebAclAssociation,
  waitConditionHandle,
];

const byType = new Map(providers.map((provider) => [provider.type, provider]));

/** Who carries out a resource type; `undefined` when the embedded cloud can't. */
export function providerOf(type: string): ResourceProvider | undefined {
  return byType.get(isCustom(type) ? customResource.type : type);
}

/** Custom resources have types of their own: `Custom::Anything`, or the general one. */
export function isCustom(type: string): boolean {
  return type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';
}

/** The resource types there is a provider for, in order. */
export const resourceTypes: readonly string[] = [...byType.keys()].sort();
