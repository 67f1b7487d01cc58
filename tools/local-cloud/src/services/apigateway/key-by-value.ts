import type { ApiKey } from '@aws-sdk/client-api-gateway';

/** IDs of keys by the values they were found by: keys run into the thousands. Not part of the state. */
const foundIds = new WeakMap<ReadonlyMap<string, ApiKey>, Map<string, string>>();

/** The key of a value, among the keys of an account by their IDs. */
export function keyByValue(apiKeys: ReadonlyMap<string, ApiKey>, value: string): ApiKey | undefined {
  const ids = foundIds.get(apiKeys) ?? new Map<string, string>();
  foundIds.set(apiKeys, ids);
  const known = apiKeys.get(ids.get(value) ?? '');
  // The key may be gone, and another have its value.
  if (known?.value === value) return known;
  for (const [id, key] of apiKeys) {
    if (key.value !== value) continue;
    ids.set(value, id);
    return key;
  }
  ids.delete(value);
  return undefined;
}
