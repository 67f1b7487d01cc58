import type { Tag } from '@aws-sdk/client-s3';
import { tagList } from '../../tag-list.ts';
import { s3Error } from './errors.ts';

/**
 * Checks a tag set: unique keys of 1 to 128 characters, values up to 256, not `aws:`; 10 tags on an object, 50 on a bucket
 * ("Categorizing your objects using tags", "Using cost allocation S3 bucket tags", Amazon S3 User Guide).
 */
export function checkTags(tags: readonly Tag[], most: 10 | 50): readonly Tag[] {
  if (tags.length > most) {
    throw s3Error(
      'InvalidTag',
      {},
      most === 10 ? 'Object tags cannot be greater than 10' : 'The TagSet cannot have more than 50 tags',
    );
  }
  const seen = new Set<string>();
  for (const { Key = '', Value = '' } of tags) {
    if (Key.length < 1 || Key.length > 128)
      throw s3Error('InvalidTag', { TagKey: Key }, 'The TagKey you have provided is invalid');
    if (Value.length > 256) throw s3Error('InvalidTag', { TagKey: Key }, 'The TagValue you have provided is invalid');
    if (Key.startsWith('aws:'))
      throw s3Error('InvalidTag', { TagKey: Key }, 'System tags cannot be added/updated by requester');
    if (seen.has(Key)) throw s3Error('InvalidTag', { TagKey: Key }, 'Cannot provide multiple Tags with the same key');
    seen.add(Key);
  }
  return tags;
}

/** Reads the x-amz-tagging header: tags as a query string. */
export function tagsOfHeader(header: string | undefined): Tag[] {
  const tags = tagList(new URLSearchParams(header ?? ''));
  checkTags(tags, 10);
  return tags;
}
