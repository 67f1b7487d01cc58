import type {
  DescribeContinuousBackupsCommandInput,
  DescribeContinuousBackupsCommandOutput,
  UpdateContinuousBackupsCommandInput,
  UpdateContinuousBackupsCommandOutput,
} from '@aws-sdk/client-dynamodb';
import { between } from '../../../constraints.ts';
import { AwsError } from '../../../errors.ts';
import { type Call, operation } from '../../../service.ts';
import { onTable } from '../demands.ts';
import { validate } from '../errors.ts';
import { type Table, tablesOf } from '../state.ts';
import { locate } from '../table-reference.ts';

/** PointInTimeRecoverySpecification, API Reference: 1 to 35 days, 35 when not given. */
const mostDays = 35;
const dayMs = 86_400_000;

export const updateContinuousBackups = operation<
  UpdateContinuousBackupsCommandInput,
  UpdateContinuousBackupsCommandOutput
>({
  demands: onTable('UpdateContinuousBackups'),
  run(input, call) {
    const table = backedUp(input, call);
    const { PointInTimeRecoveryEnabled, RecoveryPeriodInDays: days } = input.PointInTimeRecoverySpecification ?? {};
    validate(between('pointInTimeRecoverySpecification.recoveryPeriodInDays', days, 1, mostDays));
    const since = table.recovery?.since ?? call.cloud.clock.now();
    table.recovery = PointInTimeRecoveryEnabled ? { since, days: days ?? mostDays } : undefined;
    return { ContinuousBackupsDescription: describe(table, call) };
  },
});

export const describeContinuousBackups = operation<
  DescribeContinuousBackupsCommandInput,
  DescribeContinuousBackupsCommandOutput
>({
  demands: onTable('DescribeContinuousBackups'),
  run: (input, call) => ({ ContinuousBackupsDescription: describe(backedUp(input, call), call) }),
});

function backedUp({ TableName }: { TableName: string | undefined }, call: Call): Table {
  const location = locate(TableName, call);
  const table = tablesOf(call.cloud, location.account, location.region).get(location.name);
  if (table) return table;
  throw new AwsError('TableNotFoundException', `Table not found: ${location.name}`);
}

function describe({ recovery }: Table, call: Call) {
  const now = call.cloud.clock.now();
  return {
    ContinuousBackupsStatus: 'ENABLED' as const,
    PointInTimeRecoveryDescription: recovery
      ? {
          PointInTimeRecoveryStatus: 'ENABLED' as const,
          RecoveryPeriodInDays: recovery.days,
          EarliestRestorableDateTime: new Date(Math.max(recovery.since, now - recovery.days * dayMs)),
          LatestRestorableDateTime: new Date(now),
        }
      : { PointInTimeRecoveryStatus: 'DISABLED' as const },
  };
}
