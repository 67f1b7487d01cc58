type Input = Record<string, unknown>;
type Run = (input: Input) => Promise<unknown>;

/** DynamoDB's batches: entries by table, and the member of the answer that gives back those that were not processed. */
interface TableBatch {
  readonly unprocessed: string;
  readonly entriesOf: (request: unknown) => readonly unknown[];
  /** The same request with other entries. */
  readonly withEntries: (request: unknown, entries: readonly unknown[]) => unknown;
}

export const tableBatches: Readonly<Record<string, TableBatch>> = {
  BatchGetItem: {
    unprocessed: 'UnprocessedKeys',
    entriesOf: (request) => (request as { Keys?: unknown[] }).Keys ?? [],
    withEntries: (request, Keys) => ({ ...(request as object), Keys }),
  },
  BatchWriteItem: {
    unprocessed: 'UnprocessedItems',
    entriesOf: (request) => request as unknown[],
    withEntries: (_, entries) => entries,
  },
};

/** Runs a batch without every `every`-th of its entries, which are answered as unprocessed. */
export async function holdBackEvery(every: number, batch: TableBatch, input: Input, run: Run): Promise<Input> {
  const spared: Input = {};
  const held: Input = {};
  let count = 0;
  for (const [table, request] of Object.entries((input['RequestItems'] ?? {}) as Input)) {
    const [passing, hit]: [unknown[], unknown[]] = [[], []];
    for (const entry of batch.entriesOf(request)) {
      count += 1;
      (count % every === 0 ? hit : passing).push(entry);
    }
    if (passing.length > 0) spared[table] = batch.withEntries(request, passing);
    if (hit.length > 0) held[table] = batch.withEntries(request, hit);
  }
  const isAnyLeft = Object.keys(spared).length > 0;
  const output = (isAnyLeft ? await run({ ...input, RequestItems: spared }) : {}) as Input;
  const already = (output[batch.unprocessed] ?? {}) as Input;
  const unprocessed = { ...already };
  for (const [table, request] of Object.entries(held)) {
    const entries = [...batch.entriesOf(already[table] ?? batch.withEntries(request, [])), ...batch.entriesOf(request)];
    unprocessed[table] = batch.withEntries(request, entries);
  }
  return { ...output, [batch.unprocessed]: unprocessed };
}
