import type { Service } from '../../service.ts';
import { archiveOperations } from './archives.ts';
import { connectionOperations } from './connections/connection-operations.ts';
import { destinationOperations } from './connections/destination-operations.ts';
import { stopDeliveries } from './deliver.ts';
import { eventBusOperations } from './event-buses.ts';
import { permissionOperations } from './permissions.ts';
import { putEvents } from './put-events.ts';
import { replayOperations } from './replays.ts';
import { armAll, disarmAll } from './rule-timers.ts';
import { ruleOperations } from './rules.ts';
import { failInterrupted } from './run-replay.ts';
import { tagOperations } from './tags.ts';
import { targetOperations } from './targets.ts';
import { testEventPattern } from './test-event-pattern.ts';

/** Amazon EventBridge: event buses, rules with their targets, schedules, archives and replays, API destinations. */
export const events: Service = {
  name: 'events',
  model: () => import('@aws-sdk/client-eventbridge'),
  operations: {
    ...archiveOperations,
    ...connectionOperations,
    ...destinationOperations,
    ...eventBusOperations,
    ...permissionOperations,
    ...replayOperations,
    ...ruleOperations,
    ...tagOperations,
    ...targetOperations,
    PutEvents: putEvents,
    TestEventPattern: testEventPattern,
  },
  start(cloud) {
    failInterrupted(cloud);
    armAll(cloud);
  },
  async close(cloud) {
    disarmAll(cloud);
    stopDeliveries(cloud);
  },
};
