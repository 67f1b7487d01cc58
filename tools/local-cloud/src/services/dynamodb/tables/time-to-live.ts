import type {
  DescribeTimeToLiveCommandInput,
  DescribeTimeToLiveCommandOutput,
  TimeToLiveStatus,
  UpdateTimeToLiveCommandInput,
  UpdateTimeToLiveCommandOutput,
} from '@aws-sdk/client-dynamodb';
import { lengthBetween } from '../../../constraints.ts';
import { validationError } from '../../../errors.ts';
import { type Call, operation } from '../../../service.ts';
import { onTable } from '../demands.ts';
import { validate } from '../errors.ts';
import { watchExpiry } from '../items/expiry.ts';
import { requireActive, type Table, tableAt } from '../state.ts';
import { locate } from '../table-reference.ts';

/** "It can take up to one hour for the change to fully process." (UpdateTimeToLive, API Reference) Here it is quick. */
const settlingMs = 200;

export const updateTimeToLive = operation<UpdateTimeToLiveCommandInput, UpdateTimeToLiveCommandOutput>({
  demands: onTable('UpdateTimeToLive'),
  run(input, call) {
    const { AttributeName: attribute = '', Enabled: enabled = false } = input.TimeToLiveSpecification ?? {};
    validate(lengthBetween('timeToLiveSpecification.attributeName', attribute, 1, 255));
    const table = tableAt(locate(input.TableName, call), call);
    requireActive(table);
    const current = table.timeToLive;
    if ((current?.enabled ?? false) === enabled) {
      throw validationError(`TimeToLive is already ${enabled ? 'enabled' : 'disabled'}`);
    }
    if (current && current.settledAt > call.cloud.clock.now()) {
      throw validationError('Time to live has been modified multiple times within a fixed interval');
    }
    if (!enabled && current && current.attribute !== attribute) {
      throw validationError(
        `TimeToLive is active on a different AttributeName: current AttributeName is ${current.attribute}`,
      );
    }
    table.timeToLive = { attribute, enabled, settledAt: call.cloud.clock.now() + settlingMs };
    watchExpiry(call.cloud, table);
    return { TimeToLiveSpecification: { AttributeName: attribute, Enabled: enabled } };
  },
});

export const describeTimeToLive = operation<DescribeTimeToLiveCommandInput, DescribeTimeToLiveCommandOutput>({
  demands: onTable('DescribeTimeToLive'),
  run(input, call) {
    const table = tableAt(locate(input.TableName, call), call);
    const TimeToLiveStatus = statusOf(table, call);
    const AttributeName = TimeToLiveStatus === 'DISABLED' ? undefined : table.timeToLive?.attribute;
    return { TimeToLiveDescription: { TimeToLiveStatus, AttributeName } };
  },
});

function statusOf({ timeToLive }: Table, call: Call): TimeToLiveStatus {
  if (!timeToLive) return 'DISABLED';
  const isSettled = timeToLive.settledAt <= call.cloud.clock.now();
  if (timeToLive.enabled) return isSettled ? 'ENABLED' : 'ENABLING';
  return isSettled ? 'DISABLED' : 'DISABLING';
}
