import { validationError } from '../../../errors.ts';

/**
 * Parameters that AWS calls legacy ("Legacy conditional parameters", DynamoDB Developer Guide), and what says the same
 * today. They are refused here, never ignored.
 */
const successors: Readonly<Record<string, string>> = {
  AttributesToGet: 'ProjectionExpression',
  AttributeUpdates: 'UpdateExpression',
  ConditionalOperator: 'ConditionExpression or FilterExpression with AND and OR',
  Expected: 'ConditionExpression',
  KeyConditions: 'KeyConditionExpression',
  QueryFilter: 'FilterExpression',
  ScanFilter: 'FilterExpression',
};

/** Throws ValidationException that names the modern parameter. */
export function refuseLegacyParameters(input: object): void {
  for (const [legacy, modern] of Object.entries(successors)) {
    if ((input as Record<string, unknown>)[legacy] === undefined) continue;
    throw validationError(`The legacy parameter ${legacy} is not supported by the embedded cloud: use ${modern}.`);
  }
}
