/**
 * The ids of the messages that a partial batch response reports as failed ("Success and failure conditions", Handling errors
 * for an SQS event source in Lambda). None when the list is empty or null or the response is; all of them when the response
 * is no JSON, or when one identifier is empty, null, under another name, or of no message of the batch.
 */
export function failedMessages(text: string, ids: readonly string[]): ReadonlySet<string> {
  const all = new Set(ids);
  let response: unknown;
  try {
    response = JSON.parse(text || 'null');
  } catch {
    return all;
  }
  if (typeof response !== 'object' || response === null) return new Set();
  const { batchItemFailures: failures } = response as { batchItemFailures?: unknown };
  if (failures === undefined || failures === null) return new Set();
  if (!Array.isArray(failures)) return all;
  const failed = failures.map((failure: { itemIdentifier?: unknown } | null) => failure?.itemIdentifier);
  if (!failed.every((id): id is string => typeof id === 'string' && all.has(id))) return all;
  return new Set(failed);
}
