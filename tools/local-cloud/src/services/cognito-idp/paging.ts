import { invalidParameter } from './errors.ts';

/**
 * One page of a list that is ordered by `keyOf`. The token is the key of the last item: what is added or taken away
 * between two calls moves nothing else.
 */
export function page<Item>(
  all: readonly Item[],
  keyOf: (item: Item) => string,
  size: number,
  token: string | undefined,
): { readonly items: readonly Item[]; readonly next: string | undefined } {
  const after = token === undefined ? undefined : readToken(token);
  const sorted = [...all].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const rest = after === undefined ? sorted : sorted.filter((item) => keyOf(item) > after);
  const items = rest.slice(0, size);
  const last = items.at(-1);
  return { items, next: last !== undefined && items.length < rest.length ? newToken(keyOf(last)) : undefined };
}

const mark = 'after:';

function newToken(key: string): string {
  return Buffer.from(`${mark}${key}`).toString('base64');
}

function readToken(token: string): string {
  const text = Buffer.from(token, 'base64').toString();
  if (!text.startsWith(mark)) throw invalidParameter('Invalid pagination token.');
  return text.slice(mark.length);
}
