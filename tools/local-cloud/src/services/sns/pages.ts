import { invalidParameter } from './errors.ts';

/** "ListTopics" and its siblings: "Each call returns a limited list of …, up to 100." */
const pageSize = 100;

/** One page of things in order of their ARNs, and the token of the next one. Throws InvalidParameter for a foreign token. */
export function page<Item>(
  items: readonly Item[],
  arnOf: (item: Item) => string,
  token: string | undefined,
): { items: readonly Item[]; next: string | undefined } {
  const after = token === undefined ? '' : Buffer.from(token, 'base64').toString();
  if (token !== undefined && !after.startsWith('arn:')) throw invalidParameter('NextToken');
  const sorted = [...items].sort((a, b) => (arnOf(a) < arnOf(b) ? -1 : 1)).filter((item) => arnOf(item) > after);
  const found = sorted.slice(0, pageSize);
  const last = found.at(-1);
  return {
    items: found,
    next: last && sorted.length > pageSize ? Buffer.from(arnOf(last)).toString('base64') : undefined,
  };
}
