import { invalidParameter } from './errors.ts';

interface Paging {
  readonly maxResults?: number | undefined;
  readonly nextToken?: string | undefined;
}

/** A page of up to 100 ARNs; the token is the place of the next one. Throws InvalidParameterException. */
export function page(all: readonly string[], { maxResults = 100, nextToken }: Paging) {
  if (maxResults < 1 || maxResults > 100) throw invalidParameter(`maxResults is 1 to 100, not ${maxResults}.`);
  const start = nextToken === undefined ? 0 : Number(Buffer.from(nextToken, 'base64url').toString());
  if (!Number.isInteger(start)) throw invalidParameter('Invalid token.');
  const end = start + maxResults;
  return {
    items: all.slice(start, end),
    nextToken: end < all.length ? Buffer.from(String(end)).toString('base64url') : undefined,
  };
}
