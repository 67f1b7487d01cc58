export { type Egress, type Task, tasksOf } from './carry-out.ts';
export { dynamodbLedger } from './dynamodb-ledger.ts';
export { EgressError, type EgressErrorCode } from './errors.ts';
export { forgetfulLedger, type Ledger, type LedgerOptions, powertoolsLedger } from './ledger.ts';
export { callKey, type Plan, planOf } from './plan.ts';
export { carryOutQueue } from './queue-batch.ts';
export { type BatchResponse, carryOutStream, type StreamBatch } from './stream-batch.ts';
export { readUserEvent, type UserEvent, userRules } from './user-events.ts';
