import { invalidParameter } from './errors.ts';

/** One page of a list. The marker is the position of the next item. Throws InvalidParameterValueException. */
export function page<Item>(
  items: readonly Item[],
  { Marker, MaxItems }: { Marker?: string | undefined; MaxItems?: number | undefined },
  most: number,
): { items: Item[]; next: string | undefined } {
  const start = Marker === undefined ? 0 : Number(Buffer.from(Marker, 'base64').toString());
  if (!Number.isSafeInteger(start) || start < 0) throw invalidParameter(`Invalid value for Marker: ${Marker}`);
  const end = start + Math.min(MaxItems ?? most, most);
  return {
    items: items.slice(start, end),
    next: end < items.length ? Buffer.from(String(end)).toString('base64') : undefined,
  };
}
