import { defineContract } from './contract.ts';

/** What the observability core offers to every compute shape that ships its logs. */
export const observabilityCore = defineContract('observability-core', {
  layerArn: { path: 'extension/layer/arn', description: 'ARN of the telemetry extension layer version' },
  writePolicyArn: {
    path: 'stream/write-policy/arn',
    description: 'ARN of the managed policy to write to the log stream',
  },
  streamName: { path: 'stream/name', description: 'Name of the log stream (Kinesis Data Streams)' },
  streamArn: { path: 'stream/arn', description: 'ARN of the log stream (Kinesis Data Streams)' },
  imageUri: { path: 'extension/image/uri', description: 'URI of the base image that carries the telemetry extension' },
});

/** Published only where the core's settings ask for a second destination of logs. */
export const observabilityOverflow = defineContract('observability-core', {
  bucketName: {
    path: 'overflow/bucket/name',
    description: 'Name of the bucket for logs that the log stream does not take',
  },
});
