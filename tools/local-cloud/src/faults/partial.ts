export type Run = (input: Record<string, unknown>) => Promise<unknown>;

interface PutRecordsOutput {
  readonly FailedRecordCount?: number;
  readonly Records: unknown[];
}

/** Runs a PutRecords call without every `every`-th of its records, which are answered with `code`. */
export async function failEvery(every: number, code: string, input: Record<string, unknown>, run: Run) {
  const records = input['Records'] as unknown[];
  const isHit = (_: unknown, i: number) => (i + 1) % every === 0;
  const spared = records.filter((record, i) => !isHit(record, i));
  const output = (spared.length > 0 ? await run({ ...input, Records: spared }) : { Records: [] }) as PutRecordsOutput;
  const results = [...output.Records];
  const failed = { ErrorCode: code, ErrorMessage: 'A fault refused this record.' };
  return {
    ...output,
    FailedRecordCount: (output.FailedRecordCount ?? 0) + records.length - spared.length,
    Records: records.map((record, i) => (isHit(record, i) ? failed : results.shift())),
  };
}
