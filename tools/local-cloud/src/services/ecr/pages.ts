import { ecrError } from './errors.ts';

interface PageInput {
  readonly maxResults?: number | undefined;
  readonly nextToken?: string | undefined;
}

/** ECR's lists: 100 items a page unless 1 to 1,000 are asked for. */
export function pageOf<Item>(items: readonly Item[], input: PageInput): { page: Item[]; nextToken?: string } {
  const size = input.maxResults ?? 100;
  if (size < 1 || size > 1_000) {
    throw ecrError(
      'InvalidParameterException',
      `Invalid parameter at 'maxResults' failed to satisfy constraint: 'Member must be between 1 and 1000'`,
    );
  }
  const start = input.nextToken === undefined ? 0 : Number(Buffer.from(input.nextToken, 'base64url').toString());
  if (!Number.isInteger(start) || start < 0) {
    throw ecrError(
      'InvalidParameterException',
      `Invalid parameter at 'nextToken': '${input.nextToken}' is no token of this list`,
    );
  }
  const end = start + size;
  return {
    page: items.slice(start, end),
    ...(end < items.length && { nextToken: Buffer.from(String(end)).toString('base64url') }),
  };
}
