import { between, lengthBetween, matches, validationErrors } from '../../constraints.ts';
import { AwsError, validationError } from '../../errors.ts';
import type { Call } from '../../service.ts';

/** The "Single-line string pattern" of the AWS Glue API, in UTF-16: no line breaks, no control characters. */
const singleLine = '[\\u0020-\\uFFFD\\t]*';

/** Throws ValidationException for a name or description that the API does not take. */
export function checkNames(names: Readonly<Record<string, string | undefined>>, description?: string): void {
  const problems = Object.entries(names).flatMap(([member, name]) => [
    lengthBetween(member, name, 1, 255),
    matches(member, name, singleLine),
  ]);
  const problem = validationErrors([...problems, lengthBetween('description', description, 0, 2048)]);
  if (problem) throw validationError(problem);
}

/** Throws InvalidInputException for members whose effect the embedded cloud lacks, and for another account's catalog. */
export function checkSupported(
  input: { readonly CatalogId?: string | undefined },
  call: Call,
  members: Readonly<Record<string, unknown>> = {},
): void {
  for (const [member, value] of Object.entries(members)) {
    if (value === undefined) continue;
    throw new AwsError('InvalidInputException', `The embedded cloud's data catalog has no ${member}: leave it out.`);
  }
  if (input.CatalogId !== undefined && input.CatalogId !== call.account) {
    const text = `There is one catalog here, that of the account ${call.account}, not ${input.CatalogId}.`;
    throw new AwsError('InvalidInputException', text);
  }
}

/** A page of what is listed by name. Throws ValidationException for a size that the API does not take. */
export function pageOf<Item extends { readonly name: string }>(
  all: Iterable<Item>,
  {
    MaxResults = 100,
    NextToken,
  }: { readonly MaxResults?: number | undefined; readonly NextToken?: string | undefined },
): { readonly items: Item[]; readonly NextToken?: string } {
  const problem = validationErrors([between('maxResults', MaxResults, 1, 100)]);
  if (problem) throw validationError(problem);
  const after = NextToken === undefined ? '' : Buffer.from(NextToken, 'base64url').toString();
  const rest = [...all].filter(({ name }) => name > after).sort((a, b) => (a.name < b.name ? -1 : 1));
  const items = rest.slice(0, MaxResults);
  const last = items.at(-1);
  return {
    items,
    ...(last && items.length < rest.length && { NextToken: Buffer.from(last.name).toString('base64url') }),
  };
}
