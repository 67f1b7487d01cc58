import type {
  DeregisterStreamConsumerCommandInput,
  DeregisterStreamConsumerCommandOutput,
  DescribeStreamConsumerCommandInput,
  DescribeStreamConsumerCommandOutput,
  ListStreamConsumersCommandInput,
  ListStreamConsumersCommandOutput,
  RegisterStreamConsumerCommandInput,
  RegisterStreamConsumerCommandOutput,
} from '@aws-sdk/client-kinesis';
import { lengthBetween, matches } from '../../constraints.ts';
import { AwsError } from '../../errors.ts';
import { operation } from '../../service.ts';
import { findConsumer } from './consumer-reference.ts';
import { onConsumer, onStream } from './demands.ts';
import { invalidArgument, limitExceeded, validate } from './errors.ts';
import { requireActive, type Stream, type StreamConsumer, streamOf } from './state.ts';
import { checkPage } from './stream-reference.ts';
import { checkTagCount, checkTags } from './tag-rules.ts';

/** RegisterStreamConsumer, Kinesis API Reference: registered consumers of one stream. */
const mostConsumers = 20;
/** How long CREATING lasts, as for streams: only so long that who doesn't wait for ACTIVE notices. */
const transitionMs = 200;

export const registerStreamConsumer = operation<
  RegisterStreamConsumerCommandInput,
  RegisterStreamConsumerCommandOutput
>({
  demands: onStream('RegisterStreamConsumer'),
  run({ StreamARN, ConsumerName: name = '', Tags = {} }, call) {
    validate(lengthBetween('consumerName', name, 1, 128), matches('consumerName', name, '[a-zA-Z0-9_.-]+'));
    checkTags(Tags);
    const stream = streamOf({ StreamARN }, call);
    checkTagCount(Object.keys(Tags).length, name, stream.account);
    requireActive(stream);
    if (stream.consumers.has(name)) {
      throw new AwsError('ResourceInUseException', `Consumer ${name} under stream ${stream.name} already exists.`);
    }
    if (stream.consumers.size >= mostConsumers) {
      throw limitExceeded(`Stream ${stream.name} has ${mostConsumers} registered consumers already.`);
    }
    const now = call.cloud.clock.now();
    const arn = `${stream.arn}/consumer/${name}:${Math.floor(now / 1000)}`;
    const tags = new Map(Object.entries(Tags));
    const consumer: StreamConsumer = { name, arn, created: new Date(now), activeFrom: now + transitionMs, tags };
    stream.consumers.set(name, consumer);
    return { Consumer: summary(consumer, now) };
  },
});

export const deregisterStreamConsumer = operation<
  DeregisterStreamConsumerCommandInput,
  DeregisterStreamConsumerCommandOutput
>({
  demands: onConsumer('DeregisterStreamConsumer'),
  run(input, call) {
    const { stream, consumer } = findConsumer(input, call);
    stream.consumers.delete(consumer.name);
    return {};
  },
});

export const describeStreamConsumer = operation<
  DescribeStreamConsumerCommandInput,
  DescribeStreamConsumerCommandOutput
>({
  demands: onConsumer('DescribeStreamConsumer'),
  run(input, call) {
    const { stream, consumer } = findConsumer(input, call);
    return { ConsumerDescription: { ...summary(consumer, call.cloud.clock.now()), StreamARN: stream.arn } };
  },
});

export const listStreamConsumers = operation<ListStreamConsumersCommandInput, ListStreamConsumersCommandOutput>({
  demands: onStream('ListStreamConsumers'),
  run(input, call) {
    validate(checkPage('maxResults', input.MaxResults));
    const stream = streamOf({ StreamARN: input.StreamARN }, call);
    if (input.StreamCreationTimestamp && input.StreamCreationTimestamp.getTime() !== stream.createdAt.getTime()) {
      throw invalidArgument('StreamCreationTimestamp is not that of the stream.');
    }
    return page(stream, input, call.cloud.clock.now());
  },
});

function page(stream: Stream, { NextToken, MaxResults = 100 }: ListStreamConsumersCommandInput, now: number) {
  const after = NextToken === undefined ? '' : Buffer.from(NextToken, 'base64url').toString();
  const rest = [...stream.consumers.values()]
    .filter(({ name }) => name > after)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const consumers = rest.slice(0, MaxResults);
  const last = consumers.at(-1);
  return {
    Consumers: consumers.map((consumer) => summary(consumer, now)),
    ...(last && consumers.length < rest.length && { NextToken: Buffer.from(last.name).toString('base64url') }),
  };
}

function summary({ name, arn, created, activeFrom }: StreamConsumer, now: number) {
  return {
    ConsumerName: name,
    ConsumerARN: arn,
    ConsumerStatus: now < activeFrom ? ('CREATING' as const) : ('ACTIVE' as const),
    ConsumerCreationTimestamp: created,
  };
}
