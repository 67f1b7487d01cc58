/** The message attribute that holds an idempotency key. */
export const keyAttribute = 'IdempotencyKey';
