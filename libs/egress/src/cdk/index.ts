export { fallsBehind, keepsFailing, waitsTooLong } from './alarms.ts';
export { allowPartner } from './allow-partner.ts';
export { ageOf, EgressDashboard, type EgressDashboardProps } from './egress-dashboard.ts';
export { EgressFunction, type EgressFunctionProps } from './egress-function.ts';
export { DeadLetterQueue, EgressQueue, type EgressQueueProps } from './egress-queue.ts';
export { FailureBucket } from './failure-bucket.ts';
export { PlanTable } from './plan-table.ts';
export { type QueueReading, type QueueReadingSettings, readQueue } from './read-queue.ts';
export { readStream, type StreamReading, type StreamSettings } from './read-stream.ts';
