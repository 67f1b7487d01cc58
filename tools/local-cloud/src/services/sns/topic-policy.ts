import type {
  AddPermissionCommandInput,
  AddPermissionCommandOutput,
  RemovePermissionCommandInput,
  RemovePermissionCommandOutput,
} from '@aws-sdk/client-sns';
import type { PolicyDocument, PolicyStatement } from '../../iam/policy-document.ts';
import { operation } from '../../service.ts';
import { invalidParameter } from './errors.ts';
import { onTopic, topicOf } from './topic-reference.ts';

/** What a topic's policy lets its own account's services do while nobody has put another one. */
export function defaultPolicy(arn: string, account: string): string {
  return JSON.stringify({
    Version: '2008-10-17',
    Id: '__default_policy_ID',
    Statement: [
      {
        Sid: '__default_statement_ID',
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: [
          'SNS:GetTopicAttributes',
          'SNS:SetTopicAttributes',
          'SNS:AddPermission',
          'SNS:RemovePermission',
          'SNS:DeleteTopic',
          'SNS:Subscribe',
          'SNS:ListSubscriptionsByTopic',
          'SNS:Publish',
        ],
        Resource: arn,
        Condition: { StringEquals: { 'AWS:SourceOwner': account } },
      },
    ],
  });
}

/** "Amazon SNS API permissions: Actions and resources reference": what a topic's policy may speak of; never `SNS:*`. */
const policyActions = new Set(
  [
    'AddPermission',
    'DeleteTopic',
    'GetDataProtectionPolicy',
    'GetTopicAttributes',
    'ListSubscriptionsByTopic',
    'ListTagsForResource',
    'Publish',
    'PutDataProtectionPolicy',
    'Receive',
    'RemovePermission',
    'SetTopicAttributes',
    'Subscribe',
  ].map((name) => `sns:${name.toLowerCase()}`),
);

/** Throws InvalidParameter for text that is no policy, and for actions a topic's policy can't be about. */
export function checkPolicy(text: string): void {
  let document: Partial<PolicyDocument> | null;
  try {
    document = JSON.parse(text);
  } catch {
    throw invalidParameter('Policy Error: null');
  }
  const statements = list(document?.Statement);
  if (statements.length === 0) throw invalidParameter('Policy statement is missing');
  for (const { Effect, Principal, NotPrincipal, Action, NotAction } of statements) {
    if (Effect !== 'Allow' && Effect !== 'Deny') throw invalidParameter(`Policy Error: Effect ${Effect}`);
    if (Principal === undefined && NotPrincipal === undefined)
      throw invalidParameter('Policy Error: PrincipalNotFound');
    const outOfScope = list(Action ?? NotAction).find((action) => !policyActions.has(action.toLowerCase()));
    if (outOfScope !== undefined) throw invalidParameter('Policy statement action out of service scope!');
  }
}

export const addPermission = operation<AddPermissionCommandInput, AddPermissionCommandOutput>({
  demands: onTopic('AddPermission'),
  run({ TopicArn, Label, AWSAccountId = [], ActionName = [] }, call) {
    const topic = topicOf(TopicArn, call);
    const policy = JSON.parse(topic.policy) as PolicyDocument;
    const statements = list(policy.Statement);
    if (statements.some(({ Sid }) => Sid === Label)) throw invalidParameter('Statement already exists');
    const principals = AWSAccountId.map((id) => `arn:aws:iam::${id}:root`);
    const actions = ActionName.map((name) => `SNS:${name}`);
    const added: PolicyStatement = {
      Sid: Label as string,
      Effect: 'Allow',
      Principal: { AWS: principals.length === 1 ? (principals[0] as string) : principals },
      Action: actions.length === 1 ? (actions[0] as string) : actions,
      Resource: topic.arn,
    };
    const text = JSON.stringify({ ...policy, Statement: [...statements, added] });
    checkPolicy(text);
    topic.policy = text;
    return {};
  },
});

export const removePermission = operation<RemovePermissionCommandInput, RemovePermissionCommandOutput>({
  demands: onTopic('RemovePermission'),
  run({ TopicArn, Label }, call) {
    const topic = topicOf(TopicArn, call);
    const policy = JSON.parse(topic.policy) as PolicyDocument;
    const Statement = list(policy.Statement).filter(({ Sid }) => Sid !== Label);
    topic.policy = JSON.stringify({ ...policy, Statement });
    return {};
  },
});

function list<Item>(value: Item | readonly Item[] | undefined): readonly Item[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value as Item];
}
