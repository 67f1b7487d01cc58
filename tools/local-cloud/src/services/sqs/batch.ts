import type { BatchResultErrorEntry } from '@aws-sdk/client-sqs';
import { AwsError } from '../../errors.ts';

/** "A single message batch request can include a maximum of 10 messages", Amazon SQS message quotas. */
const mostEntries = 10;

/** Throws what refuses a batch as a whole. `type` is the entries' name in the API. */
export function checkBatch(type: string, entries: readonly { readonly Id?: string | undefined }[]): void {
  if (entries.length === 0) {
    throw new AwsError('EmptyBatchRequest', `There should be at least one ${type} in the request.`);
  }
  if (entries.length > mostEntries) {
    const message = `Maximum number of entries per request are ${mostEntries}. You have sent ${entries.length}.`;
    throw new AwsError('TooManyEntriesInBatchRequest', message);
  }
  const seen = new Set<string>();
  for (const { Id = '' } of entries) {
    if (!/^[\w-]{1,80}$/.test(Id)) {
      const message =
        'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.';
      throw new AwsError('InvalidBatchEntryId', message);
    }
    if (seen.has(Id)) throw new AwsError('BatchEntryIdsNotDistinct', `Id ${Id} repeated.`);
    seen.add(Id);
  }
}

/** Runs a batch entry by entry: what one throws is its own failure. */
export function inBatch<Entry extends { readonly Id?: string | undefined }, Result>(
  entries: readonly Entry[],
  run: (entry: Entry) => Result,
): { Successful: Result[]; Failed: BatchResultErrorEntry[] | undefined } {
  const Successful: Result[] = [];
  const failed: BatchResultErrorEntry[] = [];
  for (const entry of entries) {
    try {
      Successful.push(run(entry));
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const Code = error.code.replace(/Exception$/, '');
      failed.push({ Id: entry.Id, SenderFault: true, Code, Message: error.message });
    }
  }
  return { Successful, Failed: failed.length > 0 ? failed : undefined };
}
