import { badRequest } from './errors.ts';

/** One page of a list: `limit` items (25, at most 500) after `position`, as the Get… operations take and answer them. */
export function page<Item>(
  all: readonly Item[],
  { limit, position }: { limit?: number | undefined; position?: string | undefined },
): { items: Item[]; position?: string } {
  if (limit !== undefined && (limit < 1 || limit > 500)) throw badRequest('Limit must be between 1 and 500');
  const start = position === undefined ? 0 : Number(Buffer.from(position, 'base64').toString());
  if (!Number.isInteger(start) || start < 0) throw badRequest('Invalid position specified');
  const end = start + (limit ?? 25);
  const items = all.slice(start, end);
  return end < all.length ? { items, position: Buffer.from(String(end)).toString('base64') } : { items };
}
