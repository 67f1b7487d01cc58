/**
 * Stack tag that names the contexts a stack resolves contracts of, separated by spaces (tag values allow no comma).
 * Whoever destroys a context's stacks finds the stacks that still need it by this tag.
 */
export const needsTag = 'stackyard:needs';

/** `'a b'` → `['a', 'b']`; no tag → none. */
export function parseNeeds(tagValue: string | undefined): string[] {
  return (tagValue ?? '').split(' ').filter((context) => context !== '');
}
