import { lengthBetween } from '../../constraints.ts';
import { AwsError } from '../../errors.ts';
import { validate } from './errors.ts';

/** TagResource, CloudWatch Logs API Reference: 50 tags, keys of 1 to 128 characters, values of up to 256. */
const mostTags = 50;

export function checkTags(tags: Readonly<Record<string, string>>): void {
  validate(
    ...Object.entries(tags).flatMap(([key, value]) => [
      lengthBetween('tags.key', key, 1, 128),
      lengthBetween('tags.value', value, 0, 256),
    ]),
  );
  checkTagCount(Object.keys(tags).length, '');
}

/** Throws TooManyTagsException. */
export function checkTagCount(count: number, resourceName: string): void {
  if (count <= mostTags) return;
  throw new AwsError('TooManyTagsException', `A resource can have no more than ${mostTags} tags.`, {
    members: { resourceName },
  });
}
