import { AwsError, validationError } from '../../errors.ts';

interface PageInput {
  readonly MaxResults?: number | undefined;
  readonly NextToken?: string | undefined;
}

/** Cuts a page of at most `most` items, in the words of Systems Manager when MaxResults or NextToken are wrong. */
export function pageOf<Item>(
  items: readonly Item[],
  { MaxResults, NextToken }: PageInput,
  most: number,
): { page: Item[]; NextToken?: string } {
  if (MaxResults !== undefined && (MaxResults < 1 || MaxResults > most)) {
    const bound = MaxResults < 1 ? 'greater than or equal to 1' : `less than or equal to ${most}`;
    throw validationError(
      `1 validation error detected: Value '${MaxResults}' at 'maxResults' failed to satisfy constraint: Member must have value ${bound}.`,
    );
  }
  const start = NextToken === undefined ? 0 : Number(Buffer.from(NextToken, 'base64url').toString());
  if (!Number.isInteger(start) || start < 0)
    throw new AwsError('InvalidNextToken', 'The specified token is not valid.');
  const end = start + (MaxResults ?? most);
  return {
    page: items.slice(start, end),
    ...(end < items.length && { NextToken: Buffer.from(String(end)).toString('base64url') }),
  };
}
