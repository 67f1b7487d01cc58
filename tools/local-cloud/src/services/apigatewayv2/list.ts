import { page } from '../apigateway/page.ts';

/** One page of a list, as the Get… operations take and answer them: texts for numbers, and another name for the position. */
export function list<Item>(
  all: readonly Item[],
  { MaxResults, NextToken }: { MaxResults?: string | undefined; NextToken?: string | undefined },
): { Items: Item[]; NextToken?: string } {
  const limit = MaxResults === undefined ? undefined : Number(MaxResults);
  const { items, position } = page(all, { limit, position: NextToken });
  return { Items: items, ...(position && { NextToken: position }) };
}
