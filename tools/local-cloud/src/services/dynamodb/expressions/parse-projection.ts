import { checkOverlap } from './paths.ts';
import type { Placeholders } from './placeholders.ts';
import { readerOf } from './reader.ts';
import type { Path } from './syntax.ts';

/** Reads a ProjectionExpression. Throws ValidationException in DynamoDB's words. */
export function parseProjection(expression: string, placeholders: Placeholders): Path[] {
  const reader = readerOf('ProjectionExpression', expression, placeholders);
  const paths = [reader.readPath()];
  while (reader.takeIf(',')) paths.push(reader.readPath());
  const overlap = checkOverlap(paths);
  if (overlap) reader.note('overlap', overlap);
  reader.finish();
  return paths;
}
