import { carryOutQueue, readUserEvent } from '@stackyard/egress';
import { withLogger } from '@stackyard/handler-kit/logger';
import type { SQSEvent } from 'aws-lambda';
import { egressWith } from './egress.ts';

// The queue keeps a message for four days, its dead-letter queue for two weeks.
const egress = egressWith({ remembersSeconds: 18 * 24 * 3600 });

/** Carries out a batch of the queue of events. */
export const handler = withLogger(({ Records }: SQSEvent) => carryOutQueue(Records, readUserEvent, egress));
