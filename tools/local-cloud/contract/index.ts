import { apigateway } from './apigateway.ts';
import { apigatewayv2 } from './apigatewayv2.ts';
import { cloudformation } from './cloudformation.ts';
import { cognito } from './cognito.ts';
import type { Contract } from './contract.ts';
import { dynamodb } from './dynamodb.ts';
import { ec2 } from './ec2.ts';
import { ecr } from './ecr.ts';
import { ecs } from './ecs.ts';
import { elasticloadbalancing } from './elasticloadbalancing.ts';
import { events } from './events.ts';
import { glue } from './glue.ts';
import { iam } from './iam.ts';
import { kinesis } from './kinesis.ts';
import { lambda } from './lambda.ts';
import { logs } from './logs.ts';
import { monitoring } from './monitoring.ts';
import { s3 } from './s3.ts';
import { scheduler } from './scheduler.ts';
import { sns } from './sns.ts';
import { sqs } from './sqs.ts';
import { ssm } from './ssm.ts';
import { sts } from './sts.ts';
import { wafv2 } from './wafv2.ts';

/** Every contract suite. */
export const contracts: readonly Contract[] = [
  apigateway,
  apigatewayv2,
  cloudformation,
  cognito,
  dynamodb,
  ec2,
  ecr,
  ecs,
  elasticloadbalancing,
  events,
  glue,
  iam,
  kinesis,
  lambda,
  logs,
  monitoring,
  s3,
  scheduler,
  sns,
  sqs,
  ssm,
  sts,
  wafv2,
];
