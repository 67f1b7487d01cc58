/** Tags as most APIs list them, `[{ Key, Value }]`, of pairs of key and value. */
export function tagList(tags: Iterable<readonly [string, string]>): { Key: string; Value: string }[] {
  return [...tags].map(([Key, Value]) => ({ Key, Value }));
}
