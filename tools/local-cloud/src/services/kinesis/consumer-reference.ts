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

/** Throws InvalidArgumentException when neither way says which stream. */
export function streamArnOf({ ConsumerARN, StreamARN }: ConsumerReference): string {
  const arn = ConsumerARN?.replace(/\/consumer\/[^/]+$/, '') ?? StreamARN;
  if (arn !== undefined) return arn;
  throw invalidArgument('Either ConsumerARN or both of StreamARN and ConsumerName must be given.');
}

/** Throws ResourceNotFoundException. */
export function findConsumer(reference: ConsumerReference, call: Call): { stream: Stream; consumer: StreamConsumer } {
  const stream = streamOf({ StreamARN: streamArnOf(reference) }, call);
  const { ConsumerARN, ConsumerName } = reference;
  const consumer = [...stream.consumers.values()].find(({ arn, name }) =>
    ConsumerARN === undefined ? name === ConsumerName : arn === ConsumerARN,
  );
  if (consumer) return { stream, consumer };
  const text = `Consumer ${ConsumerARN ?? ConsumerName} under stream ${stream.name} under account ${stream.account} not found.`;
  throw new AwsError('ResourceNotFoundException', text);
}
