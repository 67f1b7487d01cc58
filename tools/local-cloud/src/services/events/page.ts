import { between } from '../../constraints.ts';
import { validationError } from '../../errors.ts';
import { validate } from './errors.ts';

/** `Limit` and `NextToken` of every list (API Reference): 1 to 100 items a page, 100 when nothing is said. */
export function pageOf<T extends { readonly name: string }>(
  items: Iterable<T>,
  { Limit = 100, NextToken }: { Limit?: number | undefined; NextToken?: string | undefined },
): { page: T[]; next: { NextToken?: string } } {
  validate(between('limit', Limit, 1, 100));
  const all = [...items].sort((a, b) => (a.name < b.name ? -1 : 1));
  const after = NextToken === undefined ? undefined : Buffer.from(NextToken, 'base64url').toString();
  if (after !== undefined && !all.some(({ name }) => name === after)) {
    throw validationError('Parameter NextToken is not valid. Reason: Provided token is unknown.');
  }
  const rest = after === undefined ? all : all.filter(({ name }) => name > after);
  const page = rest.slice(0, Limit);
  const last = page.at(-1);
  const hasMore = last !== undefined && page.length < rest.length;
  return { page, next: hasMore ? { NextToken: Buffer.from(last.name).toString('base64url') } : {} };
}
