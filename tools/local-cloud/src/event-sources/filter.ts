import { compileEventPattern } from '../event-patterns/compile.ts';
import type { Json } from '../event-patterns/json.ts';

/** What filter criteria look at: parsed JSON. */
export interface Filterable {
  filterable(): object;
}

/** Whether one of the patterns lets a record pass; all pass when there is none. */
export function filterOf(filters: readonly string[]): (record: Filterable) => boolean {
  if (filters.length === 0) return () => true;
  const patterns = filters.map((filter) => compileEventPattern(filter));
  return (record) => {
    const seen = record.filterable() as Json;
    return patterns.some((matches) => matches(seen));
  };
}

/** JSON as what it says, anything else as text. */
export function parsedText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
