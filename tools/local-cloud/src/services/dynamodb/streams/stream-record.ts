import { createHash } from 'node:crypto';
import type { _Record as StreamRecord } from '@aws-sdk/client-dynamodb-streams';
import { itemSize } from '../attribute-values.ts';
import { type Change, type Stream, sequenceNumber } from './stream.ts';

/** A change as GetRecords gives it ("Record", DynamoDB Streams API Reference), with the images of the stream's view type. */
export function streamRecord(stream: Stream, change: Change): StreamRecord {
  const { keys, before, after, position, at, isExpiry } = change;
  const { NewImage, OldImage } = imagesOf(stream, change);
  return {
    eventID: createHash('md5').update(`${stream.arn} ${position}`).digest('hex'),
    eventName: before ? (after ? 'MODIFY' : 'REMOVE') : 'INSERT',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: stream.region,
    dynamodb: {
      // "rounded down to the closest second"
      ApproximateCreationDateTime: new Date(Math.floor(at / 1000) * 1000),
      Keys: keys,
      ...(NewImage && { NewImage }),
      ...(OldImage && { OldImage }),
      SequenceNumber: sequenceNumber(position),
      SizeBytes: sizeOfRecord(stream, change),
      StreamViewType: stream.viewType,
    },
    ...(isExpiry && { userIdentity: { PrincipalId: 'dynamodb.amazonaws.com', Type: 'Service' } }),
  };
}

/** Bytes of the keys and images. */
export function sizeOfRecord(stream: Stream, change: Change): number {
  const { NewImage, OldImage } = imagesOf(stream, change);
  return itemSize(change.keys) + (NewImage ? itemSize(NewImage) : 0) + (OldImage ? itemSize(OldImage) : 0);
}

function imagesOf({ viewType }: Stream, { before, after }: Change) {
  return {
    NewImage: viewType === 'NEW_IMAGE' || viewType === 'NEW_AND_OLD_IMAGES' ? after : undefined,
    OldImage: viewType === 'OLD_IMAGE' || viewType === 'NEW_AND_OLD_IMAGES' ? before : undefined,
  };
}
