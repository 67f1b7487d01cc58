import { IdempotencyItemAlreadyExistsError, IdempotencyItemNotFoundError } from '@aws-lambda-powertools/idempotency';
import { BasePersistenceLayer, type IdempotencyRecord } from '@aws-lambda-powertools/idempotency/persistence';

/** Powertools' persistence without a database: the conditions are those of its DynamoDB layer. */
export class MemoryLayer extends BasePersistenceLayer {
  readonly #records = new Map<string, IdempotencyRecord>();

  protected override async _putRecord(record: IdempotencyRecord): Promise<void> {
    const found = this.#records.get(record.idempotencyKey);
    const isOver = (found?.inProgressExpiryTimestamp ?? Number.POSITIVE_INFINITY) < Date.now();
    if (found && !found.isExpired() && !(found.getStatus() === 'INPROGRESS' && isOver)) {
      throw new IdempotencyItemAlreadyExistsError('exists', found);
    }
    this.#records.set(record.idempotencyKey, record);
  }

  protected override async _updateRecord(record: IdempotencyRecord): Promise<void> {
    this.#records.set(record.idempotencyKey, record);
  }

  protected override async _getRecord(key: string): Promise<IdempotencyRecord> {
    const found = this.#records.get(key);
    if (!found) throw new IdempotencyItemNotFoundError('not found');
    return found;
  }

  protected override async _deleteRecord({ idempotencyKey }: IdempotencyRecord): Promise<void> {
    this.#records.delete(idempotencyKey);
  }
}
