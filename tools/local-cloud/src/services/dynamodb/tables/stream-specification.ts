import type { StreamSpecification, StreamViewType } from '@aws-sdk/client-dynamodb';
import { oneOf } from '../../../constraints.ts';
import { invalidParameters, validate } from '../errors.ts';
import type { Table } from '../state.ts';

/** Throws ValidationException for a stream without a view type, or a view type without a stream. */
export function checkStream(specification: StreamSpecification | undefined): void {
  if (!specification) return;
  const { StreamEnabled, StreamViewType: viewType } = specification;
  validate(
    oneOf('streamSpecification.streamViewType', viewType, [
      'KEYS_ONLY',
      'NEW_IMAGE',
      'OLD_IMAGE',
      'NEW_AND_OLD_IMAGES',
    ]),
  );
  if (StreamEnabled && !viewType)
    throw invalidParameters('StreamViewType must be specified when StreamEnabled is true');
  if (!StreamEnabled && viewType)
    throw invalidParameters('StreamViewType cannot be specified when StreamEnabled is false');
}

/** A stream that starts now; its label is the time, as AWS makes it. */
export function newStream(
  { StreamViewType: viewType }: StreamSpecification,
  now: number,
): NonNullable<Table['stream']> {
  return { viewType: viewType as StreamViewType, label: new Date(now).toISOString().replace('Z', '') };
}
