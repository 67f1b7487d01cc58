import { randomUUID } from 'node:crypto';
import { claimFallsBehind, lifeOf } from '@stackyard/egress/proof';
import { deployed } from './deployed-stream.ts';

async function send(): Promise<void> {
  const stream = await deployed();
  const events = lifeOf(`user-${randomUUID()}`, 1);
  await stream.send(events.map((event) => ({ subject: event.subject, text: JSON.stringify(event) })));
}

claimFallsBehind({ context: 'egress-kinesis-stream', send });
