import { type ContextVariables, featureFlags } from '@stackyard/cdk-core';
import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, test } from 'vitest';
import { MultiTenantApiStack } from '../cdk/stack.ts';
import { plans } from '../src/plans.ts';

const contextVariables: ContextVariables = {
  context: 'multi-tenant-api',
  stage: 'dev',
  owner: 'platform',
  usage: 'DEVELOPMENT',
};
let template: Template;

const stackWith = (props: { requestsPerAddress?: number } = {}) =>
  new MultiTenantApiStack(new App({ context: featureFlags }), 'multi-tenant-api', { contextVariables, ...props });

beforeAll(() => {
  // Throws where cdk-nag finds something.
  template = Template.fromStack(stackWith());
});

describe('identity', () => {
  test('a user’s tenant is set once, and an app reads it but never writes it', () => {
    template.hasResourceProperties('AWS::Cognito::UserPool', {
      Schema: Match.arrayWith([Match.objectLike({ Name: 'tenant_id', Mutable: false })]),
      MfaConfiguration: 'ON',
      EnabledMfas: ['SOFTWARE_TOKEN_MFA'],
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
    });
    template.hasResourceProperties('AWS::Cognito::UserPoolClient', {
      ReadAttributes: ['custom:tenant_id', 'email'],
      WriteAttributes: ['email', 'name'],
      AllowedOAuthFlows: ['code'],
      PreventUserExistenceErrors: 'ENABLED',
    });
  });
});

describe('the API', () => {
  test('takes the key from the authorizer, whose answers are kept for a minute', () => {
    template.hasResourceProperties('AWS::ApiGateway::RestApi', { ApiKeySourceType: 'AUTHORIZER' });
    template.hasResourceProperties('AWS::ApiGateway::Authorizer', { Type: 'TOKEN', AuthorizerResultTtlInSeconds: 60 });
  });

  test('every method asks for a token or a signature, but for the dashboard’s three files', () => {
    const methods = Object.values(template.findResources('AWS::ApiGateway::Method'));
    const kinds = methods.map(({ Properties }) => Properties.AuthorizationType);
    expect(kinds.sort()).toEqual([...Array(8).fill('AWS_IAM'), ...Array(4).fill('CUSTOM'), ...Array(3).fill('NONE')]);
  });

  test('the article’s plan is the free one', () => {
    template.hasResourceProperties('AWS::ApiGateway::UsagePlan', {
      UsagePlanName: 'dev-multi-tenant-api-free',
      Quota: { Limit: 5, Period: 'DAY' },
      Throttle: { RateLimit: 10, BurstLimit: 2 },
    });
    template.resourceCountIs('AWS::ApiGateway::UsagePlan', 3);
  });
});

describe('the guard', () => {
  const limited = (Limit: number) => ({
    Scope: 'REGIONAL',
    DefaultAction: { Allow: {} },
    Rules: [
      Match.objectLike({
        Action: { Block: {} },
        Statement: { RateBasedStatement: { AggregateKeyType: 'IP', EvaluationWindowSec: 300, Limit } },
      }),
    ],
  });

  test('stands before the stage, above what the largest plan allows', () => {
    template.hasResourceProperties('AWS::WAFv2::WebACL', limited(200_000));
    expect(200_000).toBeGreaterThan(plans.premium.requestsPerSecond * 300);
    const stage = Object.keys(template.findResources('AWS::ApiGateway::Stage'))[0];
    template.hasResourceProperties('AWS::WAFv2::WebACLAssociation', {
      ResourceArn: { 'Fn::Join': ['', Match.arrayWith(['/stages/', { Ref: stage }])] },
    });
  });

  test('has the limit that is set', () => {
    Template.fromStack(stackWith({ requestsPerAddress: 5_000 })).hasResourceProperties(
      'AWS::WAFv2::WebACL',
      limited(5_000),
    );
    expect(() => stackWith({ requestsPerAddress: 9 })).toThrow('requestsPerAddress is 9; use a whole number from 10');
  });
});

test('a tenant’s session names its own partition key, by the tag that the products function has to set', () => {
  const role = { Description: Match.stringLikeRegexp('One session a tenant') };
  template.hasResourceProperties('AWS::IAM::Role', {
    ...role,
    AssumeRolePolicyDocument: Match.objectLike({
      Statement: [
        Match.objectLike({
          Action: ['sts:AssumeRole', 'sts:TagSession'],
          Condition: { StringLike: { 'aws:RequestTag/TenantId': '?*' } },
        }),
      ],
    }),
  });
  template.hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: Match.objectLike({
      Statement: [
        Match.objectLike({
          Action: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
          Condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [`\${aws:PrincipalTag/TenantId}`] } },
        }),
      ],
    }),
  });
});
