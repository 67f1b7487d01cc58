/** When a message becomes visible; stale once the message's `turn` is another. */
export interface Due {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly id: string;
  readonly turn: number;
}

/** Adds to a binary heap whose first element is the earliest. */
export function addDue(heap: Due[], due: Due): void {
  let i = heap.push(due) - 1;
  while (i > 0) {
    const parent = (i - 1) >> 1;
    if ((heap[parent] as Due).at <= due.at) break;
    heap[i] = heap[parent] as Due;
    i = parent;
  }
  heap[i] = due;
}

/** Takes the earliest if its time has come. */
export function takeDue(heap: Due[], now: number): Due | undefined {
  const first = heap[0];
  if (!first || first.at > now) return undefined;
  const last = heap.pop() as Due;
  if (heap.length > 0) sink(heap, last);
  return first;
}

function sink(heap: Due[], due: Due): void {
  let i = 0;
  for (;;) {
    let child = 2 * i + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && (heap[child + 1] as Due).at < (heap[child] as Due).at) child += 1;
    if ((heap[child] as Due).at >= due.at) break;
    heap[i] = heap[child] as Due;
    i = child;
  }
  heap[i] = due;
}
