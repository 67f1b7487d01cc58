import { carryOutQueue, readUserEvent } from '@stackyard/egress';
import { withLogger } from '@stackyard/handler-kit/logger';
import type { SQSEvent } from 'aws-lambda';
import { createEgress } from './egress.ts';

const egress = createEgress();

/** Carries out a batch of user events that have gathered in the queue. */
export const handler = withLogger(({ Records }: SQSEvent) => carryOutQueue(Records, readUserEvent, egress));
