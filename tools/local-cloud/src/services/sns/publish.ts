import type {
  PublishBatchCommandInput,
  PublishBatchCommandOutput,
  PublishCommandInput,
  PublishCommandOutput,
} from '@aws-sdk/client-sns';
import { AwsError } from '../../errors.ts';
import { emitSnsMetric } from '../../metrics/sns-metrics.ts';
import { type Call, operation } from '../../service.ts';
import { fanOut } from './deliver.ts';
import { invalidParameter, unsupported } from './errors.ts';
import { accept } from './fifo.ts';
import { largestMessage, messageOf, type Publication, sizeOf } from './message.ts';
import type { Message, Published, Topic } from './state.ts';
import { demandOnTopic, topicOf } from './topic-reference.ts';

export const publish = operation<PublishCommandInput, PublishCommandOutput>({
  demands: (input, call) => demandOnTopic('Publish', targetOf(input).arn, call),
  run(input, call) {
    const { arn, member } = targetOf(input);
    const topic = topicOf(arn, call, member);
    if (sizeOf(input) > largestMessage) throw invalidParameter('Message too long');
    const message = messageOf(input, topic, call.cloud.clock.now());
    const { messageId, sequenceNumber } = take(topic, message, sizeOf(input), call);
    return { MessageId: messageId, SequenceNumber: sequenceNumber };
  },
});

function targetOf({ TopicArn, TargetArn, PhoneNumber }: PublishCommandInput): {
  arn: string;
  member: 'TopicArn' | 'TargetArn';
} {
  if (PhoneNumber !== undefined) throw unsupported('text messages', 'publish to a topic');
  if (TargetArn?.includes(':endpoint/')) throw unsupported('mobile push', 'publish to a topic');
  if (TopicArn !== undefined) return { arn: TopicArn, member: 'TopicArn' };
  if (TargetArn !== undefined) return { arn: TargetArn, member: 'TargetArn' };
  throw invalidParameter('TopicArn or TargetArn Reason: no value for required parameter');
}

/** "PublishBatch", API Reference: 10 messages, together as large as one. */
const mostEntries = 10;

export const publishBatch = operation<PublishBatchCommandInput, PublishBatchCommandOutput>({
  demands: ({ TopicArn }, call) => demandOnTopic('Publish', TopicArn, call),
  run({ TopicArn, PublishBatchRequestEntries: entries = [] }, call) {
    checkBatch(entries);
    const topic = topicOf(TopicArn, call);
    // One entry that is wrong refuses them all, as AWS does.
    const messages = entries.map((entry, i) =>
      messageOf(entry, topic, call.cloud.clock.now(), `publishBatchRequestEntries.${i + 1}.member.`),
    );
    const Successful = entries.map((entry, i) => {
      const { messageId, sequenceNumber } = take(topic, messages[i] as Message, sizeOf(entry), call);
      return { Id: entry.Id, MessageId: messageId, SequenceNumber: sequenceNumber };
    });
    return { Successful, Failed: [] };
  },
});

type Entry = Publication & { readonly Id: string | undefined };

function checkBatch(entries: readonly Entry[]): void {
  const refuse = (code: string, message: string) => new AwsError(code, message, { status: 400 });
  if (entries.length === 0) {
    throw refuse('EmptyBatchRequest', "The batch request doesn't contain any entries.");
  }
  if (entries.length > mostEntries) {
    throw refuse('TooManyEntriesInBatchRequest', 'The batch request contains more entries than permissible.');
  }
  for (const { Id = '' } of entries) {
    if (/^[\w-]{1,80}$/.test(Id)) continue;
    const wrong = Id.length > 80 ? 'is too long' : 'contains an impermissible character';
    throw refuse('InvalidBatchEntryId', `The Id of a batch entry in the batch request ${wrong}: ${Id}`);
  }
  if (new Set(entries.map(({ Id }) => Id)).size < entries.length) {
    throw refuse('BatchEntryIdsNotDistinct', 'Two or more batch entries in the request have the same Id.');
  }
  if (entries.reduce((sum, entry) => sum + sizeOf(entry), 0) > largestMessage) {
    throw refuse('BatchRequestTooLong', 'The length of all the messages put together is more than the limit.');
  }
}

/** Takes a message and sends it on, unless the topic has had it already. */
function take(topic: Topic, message: Message, size: number, { cloud }: Call): Published {
  emitSnsMetric(cloud, topic, 'NumberOfMessagesPublished', 1);
  emitSnsMetric(cloud, topic, 'PublishSize', size);
  const { published, isDuplicate } = accept(topic, message);
  if (!isDuplicate) fanOut(cloud, topic, { ...message, sequenceNumber: published.sequenceNumber });
  return published;
}
