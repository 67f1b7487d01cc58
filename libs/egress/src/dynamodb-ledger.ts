import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import type { FoldableEvent } from '@stackyard/event-folding';
import { type Ledger, powertoolsLedger } from './ledger.ts';

/** The table's name is in `PLANS_TABLE`; the rest is said by the ledger's options. */
export function dynamodbLedger<Event extends FoldableEvent>(options: {
  readonly remembersSeconds: number;
  readonly inProgressMs: number;
}): Ledger<Event> {
  const layer = () => new DynamoDBPersistenceLayer({ tableName: process.env['PLANS_TABLE'] ?? '' });
  return powertoolsLedger({ plans: layer(), calls: layer(), ...options });
}
