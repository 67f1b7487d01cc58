import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import type { FoldableEvent } from '@stackyard/event-folding';
import { type Ledger, powertoolsLedger } from './ledger.ts';

/**
 * Keeps plans in the table that `PLANS_TABLE` names.
 *
 * @param remembersSeconds how long deliveries may come again: as long as the source keeps them
 */
export function dynamodbLedger<Event extends FoldableEvent>(remembersSeconds: number): Ledger<Event> {
  const layer = () => new DynamoDBPersistenceLayer({ tableName: process.env['PLANS_TABLE'] ?? '' });
  return powertoolsLedger({ plans: layer(), calls: layer(), remembersSeconds });
}
