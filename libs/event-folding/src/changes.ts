import type { FoldableEvent } from './event.ts';
import { both, type FoldingRules, nothing } from './rules.ts';

/** Changes of something that has a state, with the state before and after: stream records of a table, for instance. */
export type Change<State> = FoldableEvent &
  (
    | { readonly type: 'created'; readonly after: State }
    | { readonly type: 'updated'; readonly before: State; readonly after: State }
    | { readonly type: 'deleted'; readonly before: State }
  );

/**
 * Rules for changes: created and updated is created with the newer state, created and deleted is nothing, updates are one update,
 * updated and deleted is deleted, deleted and created is an update of the one by the other: its replacement.
 *
 * Pairs that can't follow each other (created twice, an update of what is deleted) are kept as they are: whoever is told decides,
 * and nothing is lost. The net change is the newest event but for its type and the state before.
 */
export function changeRules<State>(): FoldingRules<Change<State>> {
  const keep = (): typeof both => both;
  return {
    created: {
      created: keep,
      updated: (_, { before: __, ...second }) => ({ ...second, type: 'created' }),
      deleted: () => nothing,
    },
    updated: {
      created: keep,
      updated: ({ before }, second) => ({ ...second, before }),
      deleted: ({ before }, second) => ({ ...second, before }),
    },
    deleted: {
      created: ({ before }, second) => ({ ...second, type: 'updated', before }),
      updated: keep,
      deleted: keep,
    },
  };
}
