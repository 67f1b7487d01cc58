import type {
  PutPermissionCommandInput,
  PutPermissionCommandOutput,
  RemovePermissionCommandInput,
  RemovePermissionCommandOutput,
} from '@aws-sdk/client-eventbridge';
import { lengthBetween, matches } from '../../constraints.ts';
import { AwsError, validationError } from '../../errors.ts';
import type { PolicyDocument, PolicyStatement } from '../../iam/policy-document.ts';
import { operation } from '../../service.ts';
import { onBus } from './demands.ts';
import { notFoundText, validate } from './errors.ts';
import { busOf } from './references.ts';
import type { Bus } from './state.ts';

/** "Event bus policy size", EventBridge quotas: characters. */
const longestPolicy = 10_240;

const putPermission = operation<PutPermissionCommandInput, PutPermissionCommandOutput>({
  demands: (input, call) => onBus('PutPermission')({ EventBusName: input.EventBusName }, call),
  run(input, call) {
    const bus = busOf(input.EventBusName, call);
    store(bus, input.Policy === undefined ? withStatement(bus, input) : parsePolicy(input.Policy));
    return {};
  },
});

const removePermission = operation<RemovePermissionCommandInput, RemovePermissionCommandOutput>({
  demands: (input, call) => onBus('RemovePermission')({ EventBusName: input.EventBusName }, call),
  run(input, call) {
    const bus = busOf(input.EventBusName, call);
    const statements = statementsOf(bus);
    if (!input.RemoveAllPermissions && !statements.some(({ Sid }) => Sid === input.StatementId)) {
      throw notFoundText('Statement with the provided id does not exist.');
    }
    const left = input.RemoveAllPermissions ? [] : statements.filter(({ Sid }) => Sid !== input.StatementId);
    if (left.length > 0) store(bus, { Version: '2012-10-17', Statement: left });
    else bus.policy = undefined;
    return {};
  },
});

function withStatement(bus: Bus, input: PutPermissionCommandInput): PolicyDocument {
  const { Action = '', Principal = '', StatementId = '', Condition } = input;
  validate(
    lengthBetween('statementId', StatementId, 1, 64),
    matches('statementId', StatementId, '[a-zA-Z0-9-_]+'),
    matches('principal', Principal, '(\\d{12}|\\*)'),
    matches('action', Action, 'events:[a-zA-Z]+'),
  );
  const statement: PolicyStatement = {
    Sid: StatementId,
    Effect: 'Allow',
    Principal: Principal === '*' ? '*' : { AWS: `arn:aws:iam::${Principal}:root` },
    Action,
    Resource: bus.arn,
    ...(Condition && { Condition: { [Condition.Type ?? '']: { [Condition.Key ?? '']: Condition.Value ?? '' } } }),
  };
  const others = statementsOf(bus).filter(({ Sid }) => Sid !== StatementId);
  return { Version: '2012-10-17', Statement: [...others, statement] };
}

function parsePolicy(text: string): PolicyDocument {
  try {
    const document = JSON.parse(text) as PolicyDocument | null;
    const statements = [document?.Statement ?? []].flat();
    if (document && statements.length > 0 && statements.every((one) => one?.Effect !== undefined)) return document;
  } catch {
    // Told below.
  }
  throw validationError('Parameter Policy is not valid. Reason: The policy is not a JSON policy document.');
}

function store(bus: Bus, document: PolicyDocument): void {
  const policy = JSON.stringify(document);
  if (policy.length > longestPolicy) {
    const message = `The policy of ${policy.length} characters exceeds the limit of ${longestPolicy}.`;
    throw new AwsError('PolicyLengthExceededException', message);
  }
  bus.policy = policy;
}

function statementsOf({ policy }: Bus): readonly PolicyStatement[] {
  if (policy === undefined) return [];
  const { Statement } = JSON.parse(policy) as PolicyDocument;
  return Array.isArray(Statement) ? Statement : [Statement as PolicyStatement];
}

export const permissionOperations = { PutPermission: putPermission, RemovePermission: removePermission };
