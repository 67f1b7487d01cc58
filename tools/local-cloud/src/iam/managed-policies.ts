import type { PolicyDocument, PolicyStatement } from './policy-document.ts';

/** An AWS managed policy: its document is AWS's own ("AWS Managed Policy Reference Guide"). */
export interface AwsManagedPolicy {
  readonly arn: string;
  readonly name: string;
  /** `/` or `/service-role/` */
  readonly path: string;
  readonly defaultVersionId: string;
  /** When the default version was made. */
  readonly createDate: Date;
  readonly document: PolicyDocument;
}

const logLines = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];

/**
 * The managed policies that CDK constructs and the bootstrap stack attach, and the general ones people start with.
 * `ReadOnlyAccess` is an excerpt: of its 1,500 lines, those about the services the patterns here use.
 */
export const awsManagedPolicies: ReadonlyMap<string, AwsManagedPolicy> = new Map(
  [
    managed('/', 'AdministratorAccess', 'v1', '2015-02-06T18:39:46Z', [allow('*')]),
    managed('/', 'PowerUserAccess', 'v12', '2026-02-12T17:59:14Z', [
      { Effect: 'Allow', NotAction: ['iam:*', 'organizations:*', 'account:*'], Resource: '*' },
      allow([
        'account:GetAccountInformation',
        'account:GetGovCloudAccountInformation',
        'account:GetPrimaryEmail',
        'account:ListRegions',
        'iam:CreateServiceLinkedRole',
        'iam:DeleteServiceLinkedRole',
        'iam:ListRoles',
        'organizations:DescribeEffectivePolicy',
        'organizations:DescribeOrganization',
      ]),
    ]),
    managed('/', 'IAMFullAccess', 'v2', '2019-06-21T19:40:00Z', [
      allow([
        'iam:*',
        'organizations:DescribeAccount',
        'organizations:DescribeOrganization',
        'organizations:DescribeOrganizationalUnit',
        'organizations:DescribePolicy',
        'organizations:ListChildren',
        'organizations:ListParents',
        'organizations:ListPoliciesForTarget',
        'organizations:ListRoots',
        'organizations:ListPolicies',
        'organizations:ListTargetsForPolicy',
      ]),
    ]),
    managed('/', 'ReadOnlyAccess', 'v87', '2022-05-23T20:16:18Z', [
      allow([
        'apigateway:GET',
        'application-autoscaling:Describe*',
        'autoscaling:Describe*',
        'cloudformation:Describe*',
        'cloudformation:Detect*',
        'cloudformation:Estimate*',
        'cloudformation:Get*',
        'cloudformation:List*',
        'cloudwatch:Describe*',
        'cloudwatch:Get*',
        'cloudwatch:List*',
        'cognito-idp:AdminGet*',
        'cognito-idp:AdminList*',
        'cognito-idp:Describe*',
        'cognito-idp:Get*',
        'cognito-idp:List*',
        'dynamodb:BatchGet*',
        'dynamodb:Describe*',
        'dynamodb:Get*',
        'dynamodb:List*',
        'dynamodb:Query',
        'dynamodb:Scan',
        'ec2:Describe*',
        'ec2:Get*',
        'ecr:BatchCheck*',
        'ecr:BatchGet*',
        'ecr:Describe*',
        'ecr:Get*',
        'ecr:List*',
        'ecs:Describe*',
        'ecs:List*',
        'elasticloadbalancing:Describe*',
        'events:Describe*',
        'events:List*',
        'events:Test*',
        'firehose:Describe*',
        'firehose:List*',
        'iam:Generate*',
        'iam:Get*',
        'iam:List*',
        'iam:Simulate*',
        'kinesis:Describe*',
        'kinesis:Get*',
        'kinesis:List*',
        'kms:Describe*',
        'kms:Get*',
        'kms:List*',
        'lambda:Get*',
        'lambda:List*',
        'logs:Describe*',
        'logs:FilterLogEvents',
        'logs:Get*',
        'logs:ListTagsLogGroup',
        'logs:StartQuery',
        'logs:StopQuery',
        'logs:TestMetricFilter',
        'route53:Get*',
        'route53:List*',
        'route53:Test*',
        's3:DescribeJob',
        's3:Get*',
        's3:List*',
        'secretsmanager:Describe*',
        'secretsmanager:GetResourcePolicy',
        'secretsmanager:List*',
        'servicediscovery:Get*',
        'servicediscovery:List*',
        'sns:Check*',
        'sns:Get*',
        'sns:List*',
        'sqs:Get*',
        'sqs:List*',
        'sqs:Receive*',
        'ssm:Describe*',
        'ssm:Get*',
        'ssm:List*',
        'states:Describe*',
        'states:GetExecutionHistory',
        'states:List*',
        'sts:GetAccessKeyInfo',
        'sts:GetCallerIdentity',
        'sts:GetSessionToken',
        'tag:DescribeReportCreation',
        'tag:Get*',
        'xray:BatchGet*',
        'xray:Get*',
      ]),
    ]),
    managed('/', 'AWSCloudFormationReadOnlyAccess', 'v4', '2019-11-13T17:40:07Z', [
      allow([
        'cloudformation:Describe*',
        'cloudformation:EstimateTemplateCost',
        'cloudformation:Get*',
        'cloudformation:List*',
        'cloudformation:ValidateTemplate',
        'cloudformation:Detect*',
      ]),
    ]),
    managed('/service-role/', 'AWSLambdaBasicExecutionRole', 'v1', '2015-04-09T15:03:43Z', [allow(logLines)]),
    managed('/service-role/', 'AWSLambdaVPCAccessExecutionRole', 'v3', '2024-01-05T22:38:26Z', [
      {
        Sid: 'AWSLambdaVPCAccessExecutionPermissions',
        ...allow([
          ...logLines,
          'ec2:CreateNetworkInterface',
          'ec2:DescribeNetworkInterfaces',
          'ec2:DescribeSubnets',
          'ec2:DeleteNetworkInterface',
          'ec2:AssignPrivateIpAddresses',
          'ec2:UnassignPrivateIpAddresses',
        ]),
      },
    ]),
    managed('/service-role/', 'AWSLambdaKinesisExecutionRole', 'v2', '2018-11-19T20:09:24Z', [
      allow([
        'kinesis:DescribeStream',
        'kinesis:DescribeStreamSummary',
        'kinesis:GetRecords',
        'kinesis:GetShardIterator',
        'kinesis:ListShards',
        'kinesis:ListStreams',
        'kinesis:SubscribeToShard',
        ...logLines,
      ]),
    ]),
    managed('/service-role/', 'AWSLambdaSQSQueueExecutionRole', 'v1', '2018-06-14T21:50:45Z', [
      allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', ...logLines]),
    ]),
    managed('/service-role/', 'AWSLambdaDynamoDBExecutionRole', 'v1', '2015-04-09T15:09:29Z', [
      allow([
        'dynamodb:DescribeStream',
        'dynamodb:GetRecords',
        'dynamodb:GetShardIterator',
        'dynamodb:ListStreams',
        ...logLines,
      ]),
    ]),
    managed('/service-role/', 'AmazonAPIGatewayPushToCloudWatchLogs', 'v1', '2015-11-11T23:41:46Z', [
      allow([
        'logs:CreateLogGroup',
        'logs:CreateLogStream',
        'logs:DescribeLogGroups',
        'logs:DescribeLogStreams',
        'logs:PutLogEvents',
        'logs:GetLogEvents',
        'logs:FilterLogEvents',
      ]),
    ]),
    managed('/service-role/', 'AmazonECSTaskExecutionRolePolicy', 'v1', '2017-11-16T18:48:22Z', [
      allow([
        'ecr:GetAuthorizationToken',
        'ecr:BatchCheckLayerAvailability',
        'ecr:GetDownloadUrlForLayer',
        'ecr:BatchGetImage',
        'logs:CreateLogStream',
        'logs:PutLogEvents',
      ]),
    ]),
    managed('/service-role/', 'AmazonEC2ContainerServiceEventsRole', 'v3', '2023-03-06T22:25:12Z', [
      allow('ecs:RunTask'),
      { ...allow('iam:PassRole'), Condition: { StringLike: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } } },
      { ...allow('ecs:TagResource'), Condition: { StringEquals: { 'ecs:CreateAction': ['RunTask'] } } },
    ]),
    managed('/', 'AmazonEC2ContainerRegistryReadOnly', 'v3', '2019-12-10T20:56:32Z', [
      allow([
        'ecr:GetAuthorizationToken',
        'ecr:BatchCheckLayerAvailability',
        'ecr:GetDownloadUrlForLayer',
        'ecr:GetRepositoryPolicy',
        'ecr:DescribeRepositories',
        'ecr:ListImages',
        'ecr:DescribeImages',
        'ecr:BatchGetImage',
        'ecr:GetLifecyclePolicy',
        'ecr:GetLifecyclePolicyPreview',
        'ecr:ListTagsForResource',
        'ecr:DescribeImageScanFindings',
      ]),
    ]),
    managed('/', 'AmazonEC2ContainerRegistryPullOnly', 'v1', '2024-10-04T16:58:49Z', [
      allow([
        'ecr:GetAuthorizationToken',
        'ecr:BatchGetImage',
        'ecr:GetDownloadUrlForLayer',
        'ecr:BatchImportUpstreamImage',
      ]),
    ]),
    managed('/', 'AWSXRayDaemonWriteAccess', 'v2', '2024-02-13T21:58:30Z', [
      {
        Sid: 'AWSXRayDaemonWriteAccess',
        ...allow([
          'xray:PutTraceSegments',
          'xray:PutTelemetryRecords',
          'xray:GetSamplingRules',
          'xray:GetSamplingTargets',
          'xray:GetSamplingStatisticSummaries',
        ]),
      },
    ]),
    managed('/', 'CloudWatchLambdaInsightsExecutionRolePolicy', 'v1', '2020-10-07T19:27:06Z', [
      allow('logs:CreateLogGroup'),
      {
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: 'arn:aws:logs:*:*:log-group:/aws/lambda-insights:*',
      },
    ]),
  ].map((policy) => [policy.arn, policy]),
);

function allow(actions: string | readonly string[]): PolicyStatement {
  return { Effect: 'Allow', Action: actions, Resource: '*' };
}

function managed(
  path: string,
  name: string,
  defaultVersionId: string,
  createDate: string,
  statements: readonly PolicyStatement[],
): AwsManagedPolicy {
  return {
    arn: `arn:aws:iam::aws:policy${path}${name}`,
    name,
    path,
    defaultVersionId,
    createDate: new Date(createDate),
    document: { Version: '2012-10-17', Statement: statements },
  };
}
