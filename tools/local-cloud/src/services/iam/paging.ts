import { constraint, validationError } from './errors.ts';

interface PagingInput {
  readonly Marker?: string | undefined;
  readonly MaxItems?: number | undefined;
}

/** One page of a list, and where the next begins. IAM pages by 100 unless told otherwise, 1,000 at most. */
export function page<Item>(
  items: readonly Item[],
  { Marker, MaxItems = 100 }: PagingInput,
): { items: Item[]; IsTruncated: boolean; Marker?: string } {
  if (MaxItems < 1) throw constraint('maxItems', MaxItems, 'have value greater than or equal to 1');
  if (MaxItems > 1000) throw constraint('maxItems', MaxItems, 'have value less than or equal to 1000');
  const start = Marker === undefined ? 0 : Number(Buffer.from(Marker, 'base64url').toString());
  if (!Number.isInteger(start) || start < 0) throw validationError(`Invalid Marker: ${Marker}`);
  const end = start + MaxItems;
  const more = end < items.length;
  return {
    items: items.slice(start, end),
    IsTruncated: more,
    ...(more ? { Marker: Buffer.from(String(end)).toString('base64url') } : {}),
  };
}
