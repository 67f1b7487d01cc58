import { statementsOf, synthesised } from '@stackyard/cdk-core/testing';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { beforeAll, expect, test } from 'vitest';
import { PartnerStack } from '../cdk/stack.ts';

let template: Template;
beforeAll(() => {
  ({ template } = synthesised(PartnerStack, 'egress-partner'));
});

test('the partner takes five signed calls at once, and ten a second where it limits them', () => {
  template.hasResourceProperties('AWS::Lambda::Function', {
    Handler: 'handler.handler',
    ReservedConcurrentExecutions: 5,
    Environment: { Variables: Match.objectLike({ CALLS_PER_SECOND: '10' }) },
  });
  template.hasResourceProperties('AWS::Lambda::Url', { AuthType: 'AWS_IAM' });
  template.resourceCountIs('AWS::Lambda::Permission', 0);
});

test('it publishes where it is called, and who may be allowed to', () => {
  const names = Object.values(template.findResources('AWS::SSM::Parameter')).map(({ Properties }) => Properties.Name);
  expect(names.sort()).toEqual(['/dev/egress-partner/function/arn', '/dev/egress-partner/url']);
});

test('it may write its records, its log and what it has let in, and nothing else', () => {
  const statements = statementsOf(template);
  expect(statements.map(({ Action }) => Action)).toEqual([
    ['logs:CreateLogStream', 'logs:PutLogEvents'],
    's3:PutObject',
    'dynamodb:UpdateItem',
  ]);
});
