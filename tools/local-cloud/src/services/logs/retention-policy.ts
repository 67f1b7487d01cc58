import type {
  DeleteRetentionPolicyCommandInput,
  DeleteRetentionPolicyCommandOutput,
  PutRetentionPolicyCommandInput,
  PutRetentionPolicyCommandOutput,
} from '@aws-sdk/client-cloudwatch-logs';
import { oneOf } from '../../constraints.ts';
import { operation } from '../../service.ts';
import { validate } from './errors.ts';
import { onGroup } from './log-group-reference.ts';
import { groupOf } from './state.ts';

/** PutRetentionPolicy, CloudWatch Logs API Reference. */
const allowedDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

export const putRetentionPolicy = operation<PutRetentionPolicyCommandInput, PutRetentionPolicyCommandOutput>({
  demands: onGroup('PutRetentionPolicy'),
  run(input, call) {
    validate(oneOf('retentionInDays', String(input.retentionInDays), allowedDays.map(String)));
    groupOf(input, call).retentionInDays = input.retentionInDays;
    return {};
  },
});

export const deleteRetentionPolicy = operation<DeleteRetentionPolicyCommandInput, DeleteRetentionPolicyCommandOutput>({
  demands: onGroup('DeleteRetentionPolicy'),
  run(input, call) {
    groupOf(input, call).retentionInDays = undefined;
    return {};
  },
});
