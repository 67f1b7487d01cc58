import { holdBackEvery, tableBatches } from './partial-tables.ts';

export type Run = (input: Record<string, unknown>) => Promise<unknown>;
type Input = Record<string, unknown>;

/** A batch operation: the member with its entries, and how its answer tells what became of each. */
interface Batch {
  readonly entries: string;
  /** `{ [results]: [{ ErrorCode }], [count] }` in the order of the entries, or `{ Successful, Failed }` by their ids. */
  readonly answer: { readonly results: string; readonly count: string } | 'by-id';
}

const batches: Readonly<Record<string, Batch>> = {
  ChangeMessageVisibilityBatch: { entries: 'Entries', answer: 'by-id' },
  DeleteMessageBatch: { entries: 'Entries', answer: 'by-id' },
  PublishBatch: { entries: 'PublishBatchRequestEntries', answer: 'by-id' },
  PutEvents: { entries: 'Entries', answer: { results: 'Entries', count: 'FailedEntryCount' } },
  PutRecords: { entries: 'Records', answer: { results: 'Records', count: 'FailedRecordCount' } },
  SendMessageBatch: { entries: 'Entries', answer: 'by-id' },
};

/** The operations whose calls can fail in part. */
export const batchOperations: readonly string[] = [...Object.keys(batches), ...Object.keys(tableBatches)].sort();

const message = 'A fault refused this entry.';

/** Runs a batch without every `every`-th of its entries, which are answered with `code`, or as unprocessed by DynamoDB. */
export async function failEvery(every: number, code: string, operation: string, input: Input, run: Run) {
  const tableBatch = tableBatches[operation];
  if (tableBatch) return holdBackEvery(every, tableBatch, input, run);
  const batch = batches[operation] as Batch;
  const entries = input[batch.entries] as readonly { readonly Id?: string }[];
  const isHit = (_: unknown, i: number) => (i + 1) % every === 0;
  const spared = entries.filter((entry, i) => !isHit(entry, i));
  const output = (spared.length > 0 ? await run({ ...input, [batch.entries]: spared }) : {}) as Input;
  if (batch.answer === 'by-id') {
    const failed = entries.filter(isHit).map(({ Id }) => ({ Id, SenderFault: false, Code: code, Message: message }));
    const { Successful = [], Failed } = output as { Successful?: unknown[]; Failed?: unknown[] };
    return { ...output, Successful, Failed: [...(Failed ?? []), ...failed] };
  }
  const { results: member, count } = batch.answer;
  const results = [...((output[member] as unknown[] | undefined) ?? [])];
  return {
    ...output,
    [count]: ((output[count] as number | undefined) ?? 0) + entries.length - spared.length,
    [member]: entries.map((entry, i) =>
      isHit(entry, i) ? { ErrorCode: code, ErrorMessage: message } : results.shift(),
    ),
  };
}
