import { lengthBetween } from '../../constraints.ts';
import { invalidArgument, validate } from './errors.ts';

/** AddTagsToStream and TagResource, Kinesis API Reference: at most 50 tags, keys of 1 to 128, values of up to 256. */
const mostTags = 50;

/** Throws ValidationException for lengths, InvalidArgumentException for characters. */
export function checkTags(tags: Readonly<Record<string, string>>): void {
  const entries = Object.entries(tags);
  validate(
    ...entries.flatMap(([key, value]) => [
      lengthBetween('tags.key', key, 1, 128),
      lengthBetween('tags.value', value, 0, 256),
    ]),
  );
  if (entries.flat().some((text) => !/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u.test(text))) {
    throw invalidArgument(
      'Some tags contain invalid characters. Valid characters: Unicode letters, digits, white space, _ . / = + - % @ :.',
    );
  }
}

/** Throws InvalidArgumentException when a stream would have more tags than it may. */
export function checkTagCount(count: number, name: string, account: string): void {
  if (count <= mostTags) return;
  throw invalidArgument(
    `Failed to add tags to stream ${name} under account ${account} because a given stream cannot have more than ` +
      `${mostTags} tags associated with it.`,
  );
}
