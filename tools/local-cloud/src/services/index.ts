import type { Service } from '../service.ts';
import { apigateway } from './apigateway/service.ts';
import { apigatewayv2 } from './apigatewayv2/service.ts';
import { cloudformation } from './cloudformation/service.ts';
import { cognitoIdp } from './cognito-idp/service.ts';
import { dynamodb } from './dynamodb/service.ts';
import { ec2 } from './ec2/service.ts';
import { ecr } from './ecr/service.ts';
import { ecs } from './ecs/service.ts';
import { elasticloadbalancing } from './elasticloadbalancing/service.ts';
import { events } from './events/service.ts';
import { glue } from './glue/service.ts';
import { iam } from './iam/service.ts';
import { kinesis } from './kinesis/service.ts';
import { lambda } from './lambda/service.ts';
import { logs } from './logs/service.ts';
import { monitoring } from './monitoring/service.ts';
import { s3 } from './s3/service.ts';
import { scheduler } from './scheduler/service.ts';
import { sns } from './sns/service.ts';
import { sqs } from './sqs/service.ts';
import { ssm } from './ssm/service.ts';
import { sts } from './sts/service.ts';
import { wafv2 } from './wafv2/service.ts';

/** Every service of the embedded cloud. */
export const services: readonly Service[] = [
  apigateway,
  apigatewayv2,
  cloudformation,
  cognitoIdp,
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
