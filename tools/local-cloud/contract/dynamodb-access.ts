import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { expect } from 'vitest';
import { type Claim, refusal, type Target } from './contract.ts';
import { guide, ordersTable } from './dynamodb-support.ts';
import { roleFor } from './role.ts';

const page = guide('Using IAM policy conditions for fine-grained access control');

/** A client with the table's own role, which one statement allows what `allow` says. */
async function restricted(target: Target, allow: { Action: string[]; Condition: object }) {
  const { dynamodb, TableName, TableArn } = await ordersTable(target);
  const item = (pk: string) => ({ pk: { S: pk }, sk: { N: '1' }, amount: { N: '7' }, note: { S: 'secret' } });
  for (const pk of ['mine', 'theirs']) await dynamodb.send(new PutItemCommand({ TableName, Item: item(pk) }));
  const statement = { Effect: 'Allow', Resource: [TableArn, `${TableArn}/index/*`], ...allow };
  const { RoleArn } = await roleFor(target, { AWS: `arn:aws:iam::${target.account}:root` }, statement);
  const sts = target.client(STSClient);
  const { Credentials } = await target.until(() =>
    sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'contract' })),
  );
  const credentials = {
    accessKeyId: Credentials?.AccessKeyId as string,
    secretAccessKey: Credentials?.SecretAccessKey as string,
    sessionToken: Credentials?.SessionToken as string,
  };
  const client = target.client(DynamoDBClient, { region: target.region, maxAttempts: 1, credentials });
  const key = (pk: string) => ({ pk: { S: pk }, sk: { N: '1' } });
  return { client, TableName, key };
}

const itemActions = ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query', 'BatchGetItem', 'BatchWriteItem'].map(
  (name) => `dynamodb:${name}`,
);

async function denied(call: Promise<unknown>) {
  expect((await refusal(call)).name).toBe('AccessDeniedException');
}

export const accessClaims: readonly Claim[] = [
  {
    operation: 'GetItem',
    beside: ['Query', 'BatchGetItem', 'BatchWriteItem', 'UpdateItem', 'TransactWriteItems', 'Scan'],
    claim: 'lets a role with dynamodb:LeadingKeys at its own partition keys only, whatever the operation',
    source: page,
    async run(target) {
      const Condition = { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['mine'] } };
      const { client, TableName, key } = await restricted(target, { Action: itemActions, Condition });
      const get = (pk: string) => client.send(new GetItemCommand({ TableName, Key: key(pk) }));
      const query = (pk: string) =>
        client.send(
          new QueryCommand({
            TableName,
            KeyConditionExpression: 'pk = :pk',
            ExpressionAttributeValues: { ':pk': { S: pk } },
          }),
        );
      const batchGet = (...pks: string[]) =>
        client.send(new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: pks.map(key) } } }));
      const batchWrite = (...pks: string[]) => {
        const puts = pks.map((pk) => ({ PutRequest: { Item: key(pk) } }));
        return client.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: puts } }));
      };
      const transact = (...pks: string[]) => {
        const TransactItems = pks.map((pk) => ({ Put: { TableName, Item: key(pk) } }));
        return client.send(new TransactWriteItemsCommand({ TransactItems }));
      };
      await target.until(() => get('mine'));
      await query('mine');
      await batchGet('mine');
      await batchWrite('mine');
      await transact('mine');
      await denied(get('theirs'));
      await denied(query('theirs'));
      await denied(batchGet('mine', 'theirs'));
      await denied(batchWrite('theirs', 'mine'));
      await denied(transact('mine', 'theirs'));
      await denied(client.send(new ScanCommand({ TableName })));
      const rename = { TableName, Key: key('theirs'), UpdateExpression: 'REMOVE note' };
      await denied(client.send(new UpdateItemCommand(rename)));
    },
  },
  {
    operation: 'Query',
    claim: 'counts the partition key of the index it reads as dynamodb:LeadingKeys',
    source: page,
    async run(target) {
      const Condition = { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['open'] } };
      const { client, TableName } = await restricted(target, { Action: ['dynamodb:Query'], Condition });
      const query = (status: string) =>
        client.send(
          new QueryCommand({
            TableName,
            IndexName: 'byStatus',
            KeyConditionExpression: '#s = :s',
            ExpressionAttributeNames: { '#s': 'state' },
            ExpressionAttributeValues: { ':s': { S: status } },
          }),
        );
      await target.until(() => query('open'));
      await denied(query('closed'));
    },
  },
  {
    operation: 'GetItem',
    beside: ['UpdateItem'],
    claim: 'lets a role with dynamodb:Attributes and dynamodb:Select at the named attributes only',
    source: page,
    async run(target) {
      const Condition = {
        'ForAllValues:StringEquals': { 'dynamodb:Attributes': ['pk', 'sk', 'amount'] },
        StringEqualsIfExists: {
          'dynamodb:Select': 'SPECIFIC_ATTRIBUTES',
          'dynamodb:ReturnValues': ['NONE', 'UPDATED_OLD', 'UPDATED_NEW'],
        },
      };
      const { client, TableName, key } = await restricted(target, { Action: itemActions, Condition });
      const Key = key('mine');
      const get = (ProjectionExpression?: string) =>
        client.send(new GetItemCommand({ TableName, Key, ProjectionExpression }));
      const { Item } = await target.until(() => get('pk, amount'));
      expect(Item).toEqual({ pk: { S: 'mine' }, amount: { N: '7' } });
      await denied(get('pk, note'));
      await denied(get());
      const update = (UpdateExpression: string, ReturnValues: 'UPDATED_NEW' | 'ALL_NEW') =>
        client.send(new UpdateItemCommand({ TableName, Key, UpdateExpression, ReturnValues }));
      await update('REMOVE amount', 'UPDATED_NEW');
      await denied(update('REMOVE amount', 'ALL_NEW'));
      await denied(update('SET amount = note', 'UPDATED_NEW'));
    },
  },
  {
    operation: 'TransactWriteItems',
    beside: ['PutItem'],
    claim: 'is known to policies by dynamodb:EnclosingOperation, and needs the permissions of its actions',
    source: guide('Using IAM with DynamoDB transactions'),
    async run(target) {
      const Condition = { 'ForAnyValue:StringEquals': { 'dynamodb:EnclosingOperation': ['TransactWriteItems'] } };
      const { client, TableName, key } = await restricted(target, { Action: ['dynamodb:PutItem'], Condition });
      const Item = key('mine');
      await target.until(() =>
        client.send(new TransactWriteItemsCommand({ TransactItems: [{ Put: { TableName, Item } }] })),
      );
      await denied(client.send(new PutItemCommand({ TableName, Item })));
      const Delete = { TableName, Key: Item };
      await denied(client.send(new TransactWriteItemsCommand({ TransactItems: [{ Delete }] })));
    },
  },
];
