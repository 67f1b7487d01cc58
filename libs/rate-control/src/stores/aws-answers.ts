import type { DeserializeHandler, MiddlewareStack } from '@smithy/types';
import { StoreError } from '../errors.ts';

interface Command<Input extends object, Output extends object> {
  readonly middlewareStack: MiddlewareStack<Input, Output>;
}

/** Has the `Date` of the answer to this command told, errors included: milliseconds since the epoch. */
export function tellDate<Input extends object, Output extends object>(
  { middlewareStack }: Command<Input, Output>,
  tell: (date: number) => void,
): void {
  const middleware =
    (next: DeserializeHandler<Input, Output>): DeserializeHandler<Input, Output> =>
    async (args) => {
      const result = await next(args);
      const headers = (result.response as { headers?: Record<string, string> }).headers ?? {};
      const date = Date.parse(headers['date'] ?? '');
      if (!Number.isNaN(date)) tell(date);
      return result;
    };
  // Next to the wire: what comes after it may throw the answer as an error.
  middlewareStack.add(middleware, { step: 'deserialize', priority: 'low' });
}

/** What an SDK's error means for a write: only a refusal is certain not to have written. */
export function storeErrorOf(error: unknown): StoreError {
  const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode ?? 0;
  const refused = status >= 400 && status < 500 && status !== 408;
  return new StoreError('STORE_FAILED', String(error), { mayBeWritten: !refused, cause: error });
}
