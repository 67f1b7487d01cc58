import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { UserEvent } from '@stackyard/egress';
import { deployedQueue } from '@stackyard/egress/demo';
import { stackOutputs } from '@stackyard/proof-kit';

const stage = process.env['STACKYARD_STAGE'] ?? 'dev';

/** An egress pattern as the demo drives it. */
export interface EgressPattern {
  /** Its folder below packages/egress; its stack is `{stage}-egress-{name}`. */
  readonly name: string;
  readonly project: string;
  /** Sends a user's events, in their order. */
  send(life: readonly UserEvent[]): Promise<void>;
  /** What the partner knows a user by. */
  subject(user: string): string;
  /** Of each user. */
  readonly events: number;
  /** Events of a user become fewer calls; otherwise each is one. */
  readonly folds: boolean;
  /** How far the clock has to leap for what failed to come again; null where it must not, for the pattern goes by time itself. */
  readonly leapMs: number | null;
}

const ofUser = (user: string) => user;
const folded = (name: string) => ({ name, project: `@stackyard/egress-${name}`, events: 20, folds: true });

export const patterns: readonly EgressPattern[] = [
  { ...folded('kinesis-stream'), send: sendToStream, subject: ofUser, leapMs: 15_000 },
  { ...folded('dynamodb-stream'), send: writeToTable, subject: (user) => `${user}#t0000`, leapMs: 15_000 },
  { ...folded('sqs-batching'), send: sendToQueue('sqs-batching'), subject: ofUser, leapMs: 800_000 },
  { ...folded('sqs-partitioning'), send: sendToQueue('sqs-partitioning'), subject: ofUser, leapMs: 800_000 },
  {
    name: 'rate-controller',
    project: '@stackyard/rate-controller',
    // Each of them is a call, of which the partner takes ten a second.
    events: 6,
    folds: false,
    send: sendToQueue('rate-controller'),
    subject: ofUser,
    leapMs: null,
  },
];

async function sendToStream(life: readonly UserEvent[]): Promise<void> {
  const { StreamName } = await stackOutputs(`${stage}-egress-kinesis-stream`);
  const Records = life.map((event) => ({ Data: Buffer.from(JSON.stringify(event)), PartitionKey: event.subject }));
  await new KinesisClient({}).send(new PutRecordsCommand({ StreamName, Records }));
}

function sendToQueue(name: string): EgressPattern['send'] {
  return async (life) => {
    const { send } = await deployedQueue(`egress-${name}`);
    const messages = life.map((event) => ({ subject: event.subject, text: JSON.stringify(event) }));
    // As many as a batch may have.
    for (let i = 0; i < messages.length; i += 10) await send(messages.slice(i, i + 10));
  };
}

/** Each event is a write of the user's item. */
async function writeToTable(life: readonly UserEvent[]): Promise<void> {
  const { TableName } = await stackOutputs(`${stage}-egress-dynamodb-stream`);
  const table = DynamoDBDocumentClient.from(new DynamoDBClient({}));
  for (const [age, { subject: pk }] of life.entries()) {
    const Item = { pk, sk: 't0000', nickname: pk, age, prefered_channels: 'EMAIL', status: 'ACTIVE' };
    await table.send(new PutCommand({ TableName, Item }));
  }
}
