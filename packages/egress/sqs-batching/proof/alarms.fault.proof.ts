import { randomUUID } from 'node:crypto';
import { claimOutageAlarms, deployedQueue, lifeOf } from '@stackyard/egress/proof';

const context = 'egress-sqs-batching';

async function send(): Promise<void> {
  const queue = await deployedQueue(context);
  const events = lifeOf(`user-${randomUUID()}`, 1);
  await queue.send(events.map((event) => ({ subject: event.subject, text: JSON.stringify(event) })));
}

claimOutageAlarms({ context, send }, ['FallsBehind', 'GivenUp']);
