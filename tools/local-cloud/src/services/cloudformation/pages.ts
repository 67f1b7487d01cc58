import { validationError } from '../../cloudformation/errors.ts';

/** CloudFormation's lists come in pages of 100; a nested answer's size is its other limit, which is not told apart here. */
const pageSize = 100;

/** One page of a list, and the token of the next. Throws ValidationError for a token that is none. */
export function pageOf<Item>(
  items: readonly Item[],
  token: string | undefined,
): { readonly items: Item[]; readonly NextToken?: string } {
  const start = token === undefined ? 0 : Number(Buffer.from(token, 'base64url').toString());
  if (!Number.isInteger(start) || start < 0) throw validationError(`Invalid NextToken: ${token}`);
  const end = start + pageSize;
  return {
    items: items.slice(start, end),
    ...(end < items.length && { NextToken: Buffer.from(String(end)).toString('base64url') }),
  };
}
