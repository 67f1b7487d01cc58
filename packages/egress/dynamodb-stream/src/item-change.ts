import { unmarshall } from '@aws-sdk/util-dynamodb';
import { EgressError } from '@stackyard/egress';
import type { Change } from '@stackyard/event-folding';
import type { DynamoDBRecord } from 'aws-lambda';
import { z } from 'zod';

// Attributes this version doesn't know go through.
const item = z.looseObject({
  pk: z.string(),
  sk: z.string(),
  nickname: z.string(),
  age: z.number(),
  prefered_channels: z.string(),
  status: z.string(),
});

/** A user as the table keeps one. */
export type Item = z.infer<typeof item>;

/**
 * A record of the stream as a change of its item; the subject is the whole primary key, `pk#sk`.
 * @throws EgressError (`EVENT_UNREADABLE`) naming every attribute that is wrong.
 */
export function itemChange({ eventID = '', eventName, dynamodb }: DynamoDBRecord): Change<Item> {
  const { pk, sk } = unmarshalled(dynamodb?.Keys);
  const common = { id: eventID, subject: `${pk}#${sk}` };
  if (eventName === 'INSERT') return { ...common, type: 'created', after: read(dynamodb?.NewImage) };
  if (eventName === 'REMOVE') return { ...common, type: 'deleted', before: read(dynamodb?.OldImage) };
  return { ...common, type: 'updated', before: read(dynamodb?.OldImage), after: read(dynamodb?.NewImage) };
}

type Image = NonNullable<DynamoDBRecord['dynamodb']>['NewImage'];

function read(image: Image): Item {
  const { success, data, error } = item.safeParse(unmarshalled(image));
  if (success) return data;
  const problems = error.issues.map(({ path, message }) => `${path.join('.') || 'the item'}: ${message}`);
  throw new EgressError('EVENT_UNREADABLE', problems.join('; '), error);
}

/** Sets become lists: JSON, in which the partner is told, has none. */
function unmarshalled(image: Image): Record<string, unknown> {
  const attributes = unmarshall((image ?? {}) as Parameters<typeof unmarshall>[0]);
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, value instanceof Set ? [...value] : value]),
  );
}
