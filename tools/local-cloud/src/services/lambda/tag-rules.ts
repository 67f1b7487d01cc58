import { invalidParameter } from './errors.ts';

/** "Using tags on Lambda functions": most tags of a resource. */
const mostTags = 50;

/** Throws InvalidParameterValueException. */
export function checkTags(tags: Readonly<Record<string, string>>): void {
  const entries = Object.entries(tags);
  if (entries.length > mostTags) throw invalidParameter('Number of tags exceeds resource tag limit.');
  for (const [key, value] of entries) {
    if (key.length === 0 || key.length > 128) throw invalidParameter(`Tag key '${key}' must have 1 to 128 characters.`);
    if (value.length > 256) throw invalidParameter(`The value of tag '${key}' may have at most 256 characters.`);
    if (key.toLowerCase().startsWith('aws:')) {
      throw invalidParameter('User tags keys cannot start with aws: - it is reserved for AWS use.');
    }
  }
}
