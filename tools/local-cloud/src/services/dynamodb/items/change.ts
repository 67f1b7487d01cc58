import type { Cloud } from '../../../service.ts';
import { sameItem } from '../attribute-values.ts';
import { keyNames, pick } from '../keys.ts';
import type { Table } from '../state.ts';
import { append, streamsOf } from '../streams/stream.ts';
import { streamArn } from '../table-reference.ts';
import { replace } from './store.ts';
import type { Outcome } from './write.ts';

/** Changes an item in the table, its indexes and its stream; what changes nothing leaves no trace there. */
export function change(cloud: Cloud, table: Table, { before, after }: Outcome, isExpiry = false): void {
  if (before === after || (before && after && sameItem(before, after))) return;
  replace(table, before, after);
  if (!table.stream) return;
  const stream = streamsOf(cloud, table.account, table.region).get(streamArn(table, table.stream.label));
  const keys = pick(after ?? before ?? {}, keyNames(table.keySchema));
  if (stream) append(stream, { at: cloud.clock.now(), keys, before, after, isExpiry });
}
