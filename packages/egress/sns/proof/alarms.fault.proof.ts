import { randomUUID } from 'node:crypto';
import { claimOutageAlarms, lifeOf } from '@stackyard/egress/proof';
import { deployedTopic } from './deployed-topic.ts';

const context = 'egress-sns';

async function send(): Promise<void> {
  const topic = await deployedTopic(context);
  await topic.publish(lifeOf(`user-${randomUUID()}`, 1).map((event) => JSON.stringify(event)));
}

claimOutageAlarms({ context, send }, ['GivenUp']);
