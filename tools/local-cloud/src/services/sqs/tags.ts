import type {
  ListQueueTagsCommandInput,
  ListQueueTagsCommandOutput,
  TagQueueCommandInput,
  TagQueueCommandOutput,
  UntagQueueCommandInput,
  UntagQueueCommandOutput,
} from '@aws-sdk/client-sqs';
import { operation } from '../../service.ts';
import { onQueue } from './demands.ts';
import { invalidParameter } from './errors.ts';
import { queueOf } from './state.ts';

export const tagQueue = operation<TagQueueCommandInput, TagQueueCommandOutput>({
  demands: onQueue('TagQueue'),
  run(input, call) {
    const queue = queueOf(input, call);
    const tags = input.Tags ?? {};
    checkTags(tags);
    for (const [key, value] of Object.entries(tags)) queue.tags.set(key, value);
    return {};
  },
});

export const untagQueue = operation<UntagQueueCommandInput, UntagQueueCommandOutput>({
  demands: onQueue('UntagQueue'),
  run(input, call) {
    const queue = queueOf(input, call);
    for (const key of input.TagKeys ?? []) queue.tags.delete(key);
    return {};
  },
});

export const listQueueTags = operation<ListQueueTagsCommandInput, ListQueueTagsCommandOutput>({
  demands: onQueue('ListQueueTags'),
  run(input, call) {
    const { tags } = queueOf(input, call);
    return { Tags: tags.size > 0 ? Object.fromEntries(tags) : undefined };
  },
});

/** "Queue tag", Amazon SQS standard queue quotas: keys of 1 to 128 characters, values of up to 256, some characters. */
export function checkTags(tags: Readonly<Record<string, string>>): void {
  for (const [key, value] of Object.entries(tags)) {
    const isRight = key.length >= 1 && key.length <= 128 && value.length <= 256 && !/^aws:/i.test(key);
    if (isRight && /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u.test(key + value)) continue;
    throw invalidParameter(
      `The tag '${key}' is invalid: keys have 1 to 128 characters and don't start with aws:, values up to 256, of letters, ` +
        'digits, white space and _ . : / = + - @',
    );
  }
}
