import type {
  AddPermissionCommandInput,
  AddPermissionCommandOutput,
  RemovePermissionCommandInput,
  RemovePermissionCommandOutput,
} from '@aws-sdk/client-sqs';
import { AwsError } from '../../errors.ts';
import type { PolicyDocument, PolicyStatement } from '../../iam/policy-document.ts';
import { operation } from '../../service.ts';
import { onQueue } from './demands.ts';
import { invalidAttributeValue, invalidValue } from './errors.ts';
import { type Queue, queueOf } from './state.ts';

/** "The maximum number of actions: 7", Amazon SQS policy quotas. */
const mostActions = 7;
/** What AddPermission can grant; the rest is the owner's. */
const grantable = [
  '*',
  'ChangeMessageVisibility',
  'DeleteMessage',
  'GetQueueAttributes',
  'GetQueueUrl',
  'ListDeadLetterSourceQueues',
  'PurgeQueue',
  'ReceiveMessage',
  'SendMessage',
];

/** Throws InvalidAttributeValue for what is no resource policy. */
export function checkQueuePolicy(text: string): void {
  try {
    const found: unknown = (JSON.parse(text) as PolicyDocument | null)?.Statement;
    const statements: unknown[] = Array.isArray(found) ? found : [found];
    if (statements.length > 0 && statements.every(isStatement)) return;
  } catch {
    // Not JSON: as wrong as anything else.
  }
  throw invalidAttributeValue('Policy');
}

function isStatement(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const statement = value as PolicyStatement;
  const isEffect = statement.Effect === 'Allow' || statement.Effect === 'Deny';
  return Boolean(
    isEffect && (statement.Principal ?? statement.NotPrincipal) && (statement.Action ?? statement.NotAction),
  );
}

export const addPermission = operation<AddPermissionCommandInput, AddPermissionCommandOutput>({
  demands: onQueue('AddPermission'),
  run(input, call) {
    const queue = queueOf(input, call);
    const { Label = '', AWSAccountIds = [], Actions = [] } = input;
    if (!/^[\w-]{1,80}$/.test(Label)) {
      const reason = 'It can only contain alphanumeric characters, hyphens and underscores, 1 to 80 of them.';
      throw invalidValue('Label', Label, reason);
    }
    if (Actions.length > mostActions) {
      throw new AwsError('OverLimit', `${Actions.length} Actions were found, maximum allowed is ${mostActions}.`);
    }
    const foreign = Actions.find((action) => !grantable.includes(action));
    if (foreign !== undefined) {
      throw invalidValue('ActionName', `SQS:${foreign}`, 'Only the queue owner is allowed to invoke this action.');
    }
    const wrong = AWSAccountIds.find((id) => !/^\d{12}$/.test(id));
    if (wrong !== undefined) throw invalidValue('PrincipalId', wrong, 'Unable to verify.');
    const statements = statementsOf(queue);
    if (statements.some(({ Sid }) => Sid === Label)) throw invalidValue('Label', Label, 'Already exists.');
    const statement: PolicyStatement = {
      Sid: Label,
      Effect: 'Allow',
      Principal: { AWS: oneOrMany(AWSAccountIds.map((id) => `arn:aws:iam::${id}:root`)) },
      Action: oneOrMany(Actions.map((action) => `SQS:${action}`)),
      Resource: queue.arn,
    };
    setStatements(queue, [...statements, statement], call.cloud.clock.now());
    return {};
  },
});

export const removePermission = operation<RemovePermissionCommandInput, RemovePermissionCommandOutput>({
  demands: onQueue('RemovePermission'),
  run(input, call) {
    const queue = queueOf(input, call);
    const statements = statementsOf(queue);
    const rest = statements.filter(({ Sid }) => Sid !== input.Label);
    if (rest.length === statements.length) throw invalidValue('Label', input.Label, "can't find label.");
    setStatements(queue, rest, call.cloud.clock.now());
    return {};
  },
});

function statementsOf(queue: Queue): readonly PolicyStatement[] {
  const text = queue.attributes['Policy'];
  if (text === undefined) return [];
  const { Statement } = JSON.parse(text) as PolicyDocument;
  return Array.isArray(Statement) ? Statement : [Statement as PolicyStatement];
}

function setStatements(queue: Queue, statements: readonly PolicyStatement[], now: number): void {
  const before = queue.attributes['Policy'];
  const shell =
    before === undefined ? { Version: '2008-10-17', Id: `${queue.arn}/SQSDefaultPolicy` } : JSON.parse(before);
  if (statements.length === 0) delete queue.attributes['Policy'];
  else queue.attributes['Policy'] = JSON.stringify({ ...shell, Statement: statements });
  queue.modifiedAt = now;
}

function oneOrMany(values: readonly string[]): string | readonly string[] {
  return values.length === 1 ? (values[0] as string) : values;
}
