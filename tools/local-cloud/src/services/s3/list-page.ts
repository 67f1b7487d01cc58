import { s3Error } from './errors.ts';

/** One line of a listing before it is written as an object or a version. */
export type Entry<Item> = { readonly key: string; readonly item: Item } | { readonly prefix: string };

/** The order of S3 listings: the keys' UTF-8 bytes. */
export function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/**
 * Filters sorted items by prefix and rolls those that share a delimited prefix into one entry
 * ("Organizing objects using prefixes", Amazon S3 User Guide).
 */
export function* entriesOf<Item>(
  items: Iterable<readonly [key: string, item: Item]>,
  prefix: string,
  delimiter: string | undefined,
): Generator<Entry<Item>> {
  let rolledUp: string | undefined;
  for (const [key, item] of items) {
    if (!key.startsWith(prefix)) continue;
    const end = delimiter ? key.indexOf(delimiter, prefix.length) : -1;
    if (!delimiter || end < 0) {
      yield { key, item };
      continue;
    }
    const common = key.slice(0, end + delimiter.length);
    if (common === rolledUp) continue;
    rolledUp = common;
    yield { prefix: common };
  }
}

/** Up to `most` of the entries and whether there are more. */
export function pageOf<Item>(
  entries: Iterable<Entry<Item>>,
  most: number,
): { page: Entry<Item>[]; truncated: boolean } {
  const page: Entry<Item>[] = [];
  for (const entry of entries) {
    if (page.length >= most) return { page, truncated: most > 0 };
    page.push(entry);
  }
  return { page, truncated: false };
}

/** MaxKeys: 1,000 unless less is asked for; more is cut to 1,000 ("ListObjectsV2"). Throws InvalidArgument below 0. */
export function maxKeysOf(value: number | undefined): number {
  if (value !== undefined && value < 0) {
    throw s3Error(
      'InvalidArgument',
      { ArgumentName: 'max-keys', ArgumentValue: String(value) },
      'Argument max-keys must be an integer between 0 and 2147483647',
    );
  }
  return Math.min(value ?? 1_000, 1_000);
}

/** `encoding-type=url` for text XML cannot carry. Slashes stay as they are. */
export function encoder(encoding: string | undefined): (text: string) => string {
  if (encoding !== 'url') return (text) => text;
  return (text) => encodeURIComponent(text).replaceAll('%2F', '/');
}
