import { readUserEvent, tasksOf } from '@stackyard/egress';
import { withLogger } from '@stackyard/handler-kit/logger';
import type { SNSEvent } from 'aws-lambda';
import { egressWith } from './egress.ts';

// Lambda keeps an event for six hours, and the dead-letter queue for two weeks.
const egress = egressWith({ remembersSeconds: 15 * 24 * 3600 });

/** Tells the partner of one event: SNS never puts more into an invocation ("Reliability", Amazon SNS FAQs). */
export const handler = withLogger(async ({ Records }: SNSEvent) => {
  const events = Records.map(({ Sns }) => readUserEvent(Sns.Message));
  for (const task of await tasksOf(events, egress)) await task.run();
});
