import type { StreamSpecification, StreamViewType } from '@aws-sdk/client-dynamodb';
import { oneOf } from '../../../constraints.ts';
import type { Cloud } from '../../../service.ts';
import { invalidParameters, validate } from '../errors.ts';
import type { Table } from '../state.ts';
import { closeStream, openStream } from '../streams/stream.ts';
import { streamArn } from '../table-reference.ts';

const viewTypes = ['KEYS_ONLY', 'NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES'];

/** Throws ValidationException for a stream without a view type, or a view type without a stream. */
export function checkStream(specification: StreamSpecification | undefined): void {
  if (!specification) return;
  const { StreamEnabled, StreamViewType: viewType } = specification;
  validate(oneOf('streamSpecification.streamViewType', viewType, viewTypes));
  if (StreamEnabled && !viewType) {
    throw invalidParameters('StreamViewType must be specified when StreamEnabled is true');
  }
  if (!StreamEnabled && viewType) {
    throw invalidParameters('StreamViewType cannot be specified when StreamEnabled is false');
  }
}

/** Turns a table's stream on, with the time as its label as AWS makes it, or off. */
export function setStream(cloud: Cloud, table: Table, specification: StreamSpecification | undefined): void {
  if (table.stream) closeStream(cloud, { ...table, arn: streamArn(table, table.stream.label) });
  table.stream = undefined;
  if (!specification?.StreamEnabled) return;
  const { account, region, name: tableName, keySchema } = table;
  const createdAt = cloud.clock.now();
  const viewType = specification.StreamViewType as StreamViewType;
  const label = new Date(createdAt).toISOString().replace('Z', '');
  table.stream = { viewType, label };
  const arn = streamArn(table, label);
  openStream(cloud, { arn, label, tableName, account, region, keySchema, viewType, createdAt });
}
