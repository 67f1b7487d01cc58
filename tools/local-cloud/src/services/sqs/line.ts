/** First in, first out, without cost that grows with its length. Plain data. */
export interface Line<T> {
  items: T[];
  /** Where the first one is; those before it have been taken. */
  head: number;
}

export function emptyLine<T>(): Line<T> {
  return { items: [], head: 0 };
}

export function join<T>(line: Line<T>, item: T): void {
  line.items.push(item);
}

/** Takes the first one; `undefined` when there is none. */
export function next<T>(line: Line<T>): T | undefined {
  if (line.head >= line.items.length) return undefined;
  const item = line.items[line.head] as T;
  line.head += 1;
  if (line.head > 1024 && line.head * 2 > line.items.length) {
    line.items = line.items.slice(line.head);
    line.head = 0;
  }
  return item;
}
