import { logs as service } from '../src/services/logs/service.ts';
import type { Contract } from './contract.ts';
import { embeddedMetricClaims } from './logs-embedded-metrics.ts';
import { logEventClaims } from './logs-events.ts';
import { groupClaims } from './logs-groups.ts';

export const logs: Contract = {
  service,
  claims: [...groupClaims, ...logEventClaims, ...embeddedMetricClaims],
};
