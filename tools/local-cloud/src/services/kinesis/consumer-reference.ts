import { AwsError } from '../../errors.ts';
import type { Call } from '../../service.ts';
import { invalidArgument } from './errors.ts';
import { type Stream, type StreamConsumer, streamOf } from './state.ts';

/** How an input names a registered consumer: by its ARN, or by its name and its stream's ARN. */
export interface ConsumerReference {
  readonly ConsumerARN?: string | undefined;
  readonly ConsumerName?: string | undefined;
  readonly StreamARN?: string | undefined;
}

const consumerPart = /\/consumer\/[^/]+$/;

/** The ARN of a registered consumer, not of a stream. */
export function isConsumerArn(arn: string): boolean {
  return consumerPart.test(arn);
}

/** The ARN of the stream a consumer is registered with; a stream's own ARN as it is. */
export function streamArnOfConsumer(arn: string): string {
  return arn.replace(consumerPart, '');
}

/** Throws InvalidArgumentException when neither way says which stream. */
export function streamArnOf({ ConsumerARN, StreamARN }: ConsumerReference): string {
  if (ConsumerARN !== undefined) return streamArnOfConsumer(ConsumerARN);
  if (StreamARN !== undefined) return StreamARN;
  throw invalidArgument('Either ConsumerARN or both of StreamARN and ConsumerName must be given.');
}

/** Throws ResourceNotFoundException. */
export function findConsumer(reference: ConsumerReference, call: Call): { stream: Stream; consumer: StreamConsumer } {
  const stream = streamOf({ StreamARN: streamArnOf(reference) }, call);
  const consumer = consumerOf(stream, reference);
  if (consumer) return { stream, consumer };
  const { ConsumerARN, ConsumerName } = reference;
  const text = `Consumer ${ConsumerARN ?? ConsumerName} under stream ${stream.name} under account ${stream.account} not found.`;
  throw new AwsError('ResourceNotFoundException', text);
}

export function consumerOf(
  stream: Stream | undefined,
  { ConsumerARN, ConsumerName }: ConsumerReference,
): StreamConsumer | undefined {
  return [...(stream?.consumers.values() ?? [])].find(({ arn, name }) =>
    ConsumerARN === undefined ? name === ConsumerName : arn === ConsumerARN,
  );
}

/** What has tags and a resource policy: a stream or a registered consumer. Throws ResourceNotFoundException. */
export function resourceOf(arn: string, call: Call): Stream | StreamConsumer {
  return isConsumerArn(arn) ? findConsumer({ ConsumerARN: arn }, call).consumer : streamOf({ StreamARN: arn }, call);
}
