import type { Tag } from '@aws-sdk/client-dynamodb';
import { lengthBetween } from '../../../constraints.ts';
import { validationError } from '../../../errors.ts';
import { limitExceeded, validate } from '../errors.ts';

/** TagResource, DynamoDB API Reference: at most 50 tags, keys of 1 to 128 characters, values of up to 256. */
const mostTags = 50;

/** Throws ValidationException for tags AWS refuses. */
export function checkTags(tags: readonly Tag[]): void {
  validate(
    ...tags.flatMap(({ Key, Value }) => [
      lengthBetween('tags.key', Key, 1, 128),
      lengthBetween('tags.value', Value, 0, 256),
    ]),
  );
  const keys = tags.map(({ Key }) => Key as string);
  const double = keys.find((key, i) => keys.indexOf(key) < i);
  if (double !== undefined) {
    throw validationError(`One or more parameter values were invalid: Duplicate tag keys: ${double}`);
  }
  if (keys.some((key) => key.toLowerCase().startsWith('aws:'))) {
    throw validationError('One or more parameter values were invalid: Tag keys must not start with aws:');
  }
}

/** Throws LimitExceededException when a table would have more tags than it may. */
export function checkTagCount(count: number): void {
  if (count > mostTags) throw limitExceeded(`The number of tags exceeds the limit of ${mostTags}`);
}

export function tagMap(tags: readonly Tag[]): Map<string, string> {
  return new Map(tags.map(({ Key, Value }) => [Key as string, Value as string]));
}
