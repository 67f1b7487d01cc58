/**
 * Stack tag that names what a stack needs: `{stage}/{context}` of every contract it resolves, separated by spaces (tag
 * values allow no comma). Whoever destroys a context's stacks finds the stacks that still need it by this tag.
 */
export const needsTag = 'stackyard:needs';

/** `'dev/a dev/b'` → `['dev/a', 'dev/b']`; no tag → none. */
export function parseNeeds(tagValue: string | undefined): string[] {
  return (tagValue ?? '').split(' ').filter((need) => need !== '');
}
