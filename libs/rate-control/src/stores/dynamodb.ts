import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Store } from '../store.ts';
import { storeErrorOf, tellDate } from './aws-answers.ts';
import { type Documents, documentStore, type Stored } from './documents.ts';

export interface DynamoDbStoreOptions {
  readonly client: DynamoDBClient;
  /** A table whose partition key is the string `name`, and without sort key. */
  readonly tableName: string;
}

/**
 * Permits in DynamoDB: an item for each policy. An exchange is one conditional UpdateItem where nobody else writes, else a GetItem
 * before it. The client should not retry by itself (`maxAttempts: 1`): the store knows better what became of a write.
 */
export function dynamoDbStore({ client, tableName }: DynamoDbStoreOptions): Store {
  const documents: Documents = {
    async read(name) {
      let date: number | undefined;
      const command = new GetItemCommand({ TableName: tableName, Key: { name: { S: name } }, ConsistentRead: true });
      tellDate(command, (told) => {
        date = told;
      });
      try {
        const { Item } = await client.send(command);
        return { answer: Item && storedOf(Item), date };
      } catch (error) {
        throw storeErrorOf(error);
      }
    },
    async write(name, text, version) {
      let date: number | undefined;
      const next = String(Number(version ?? 0) + 1);
      const command = new UpdateItemCommand({
        TableName: tableName,
        Key: { name: { S: name } },
        UpdateExpression: 'SET #document = :document, #version = :next',
        ConditionExpression: version === undefined ? 'attribute_not_exists(#version)' : '#version = :version',
        ExpressionAttributeNames: { '#document': 'document', '#version': 'version' },
        ExpressionAttributeValues: {
          ':document': { S: text },
          ':next': { N: next },
          ...(version !== undefined && { ':version': { N: version } }),
        },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      tellDate(command, (told) => {
        date = told;
      });
      try {
        await client.send(command);
        return { answer: { version: next }, date };
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw storeErrorOf(error);
        return { answer: { current: error.Item && storedOf(error.Item) }, date };
      }
    },
  };
  return documentStore(documents);
}

const storedOf = (item: Record<string, AttributeValue>): Stored => ({
  text: item['document']?.S ?? '',
  version: item['version']?.N ?? '',
});
