import { readUserEvent, tasksOf, type UserEvent } from '@stackyard/egress';
import { withLogger } from '@stackyard/handler-kit/logger';
import type { EventBridgeEvent } from 'aws-lambda';
import { createEgress } from './egress.ts';

const egress = createEgress();

/** Tells the partner of one event: EventBridge gives a function no more at once. */
export const handler = withLogger(async ({ detail }: EventBridgeEvent<UserEvent['type'], unknown>) => {
  for (const task of await tasksOf([readUserEvent(JSON.stringify(detail))], egress)) await task.run();
});
