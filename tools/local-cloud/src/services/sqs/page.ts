import { invalidParameter, invalidValue } from './errors.ts';
import type { Queue } from './state.ts';

/** "Listed queues: 1,000 queues per ListQueues request", Amazon SQS standard queue quotas. */
const longestPage = 1000;

/** A page in order of names. "You must set MaxResults to receive a value for NextToken", ListQueues. */
export function page(
  queues: readonly Queue[],
  { MaxResults, NextToken }: { MaxResults?: number | undefined; NextToken?: string | undefined },
): { items: Queue[]; next: string | undefined } {
  if (MaxResults !== undefined && (MaxResults < 1 || MaxResults > longestPage)) {
    throw invalidValue('MaxResults', MaxResults, `MaxResults must be an integer between 1 and ${longestPage}.`);
  }
  if (NextToken !== undefined && MaxResults === undefined) {
    throw invalidParameter('MaxResults must be set when NextToken is given.');
  }
  const after = NextToken === undefined ? '' : Buffer.from(NextToken, 'base64url').toString();
  const rest = queues.filter(({ name }) => name > after).sort((a, b) => (a.name < b.name ? -1 : 1));
  const items = rest.slice(0, MaxResults ?? longestPage);
  const isMore = MaxResults !== undefined && items.length < rest.length;
  return { items, next: isMore ? Buffer.from(items.at(-1)?.name ?? '').toString('base64url') : undefined };
}
