import { invalidParameter } from './errors.ts';

/** One page of a list in order, and the token for the next: the key its last item is found by. */
export function pageOf<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  token: string | undefined,
  size: number,
): { page: T[]; nextToken?: string } {
  const after = token === undefined ? -1 : items.findIndex((item) => keyOf(item) === decode(token));
  if (token !== undefined && after < 0) throw invalidParameter('The specified nextToken is invalid.');
  const page = items.slice(after + 1, after + 1 + size);
  const last = page.at(-1);
  const hasMore = last !== undefined && after + 1 + page.length < items.length;
  return { page, ...(hasMore && { nextToken: Buffer.from(keyOf(last)).toString('base64url') }) };
}

function decode(token: string): string {
  return Buffer.from(token, 'base64url').toString();
}
