import type { DescribeStreamConsumerCommandOutput, RegisterStreamConsumerCommandOutput } from '@aws-sdk/client-kinesis';
import type { ResourceProvider } from '../provider.ts';
import { tagMap, unlessGone, until } from './calls.ts';

export const kinesisStreamConsumer: ResourceProvider = {
  type: 'AWS::Kinesis::StreamConsumer',
  properties: ['ConsumerName', 'StreamARN', 'Tags'],
  async create(request) {
    const { ConsumerName, StreamARN, Tags } = request.properties;
    const input = { ConsumerName, StreamARN, ...(Tags && { Tags: tagMap(Tags) }) };
    const { Consumer } = await request.call<RegisterStreamConsumerCommandOutput>(
      'kinesis',
      'RegisterStreamConsumer',
      input,
    );
    const ConsumerARN = Consumer?.ConsumerARN as string;
    request.created(ConsumerARN);
    await until(request, async () => {
      const described = await request.call<DescribeStreamConsumerCommandOutput>('kinesis', 'DescribeStreamConsumer', {
        ConsumerARN,
      });
      return described.ConsumerDescription?.ConsumerStatus === 'ACTIVE';
    });
    const ConsumerCreationTimestamp = String(Consumer?.ConsumerCreationTimestamp?.getTime());
    const attributes = { ConsumerARN, ConsumerName, StreamARN, ConsumerStatus: 'ACTIVE', ConsumerCreationTimestamp };
    return { physicalId: ConsumerARN, attributes };
  },
  async delete({ call, physicalId: ConsumerARN }) {
    await unlessGone(['ResourceNotFoundException'], () => call('kinesis', 'DeregisterStreamConsumer', { ConsumerARN }));
  },
};
