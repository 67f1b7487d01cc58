import {
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  PutResourcePolicyCommand,
  QueryCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestCloud } from '../src/testing.ts';

const TableName = 'orders';
const item = (pk: string) => ({ pk: { S: pk } });
const document = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });

let cloud: Awaited<ReturnType<typeof startTestCloud>>;
let dynamodb: DynamoDBClient;
let tableArn: string;

beforeAll(async () => {
  cloud = await startTestCloud();
  dynamodb = cloud.client(DynamoDBClient);
  const { TableDescription } = await dynamodb.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    }),
  );
  tableArn = TableDescription?.TableArn as string;
  await cloud.cloud.clock.advance(1000);
  for (const tenant of ['red', 'blue'])
    await dynamodb.send(new PutItemCommand({ TableName, Item: item(`${tenant}#1`) }));
});
afterAll(() => cloud.close());

const outcome = (call: Promise<unknown>) =>
  call.then(
    () => 'done',
    ({ name }: Error) => name,
  );

test("a session's tag confines it to its tenant's partition keys, by one policy for all tenants", async () => {
  const iam = cloud.client(IAMClient);
  const trust = { Effect: 'Allow', Principal: { AWS: '*' }, Action: ['sts:AssumeRole', 'sts:TagSession'] };
  const { Role } = await iam.send(
    new CreateRoleCommand({ RoleName: 'tenant', AssumeRolePolicyDocument: document(trust) }),
  );
  const Condition = { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['$' + '{aws:PrincipalTag/tenant}#*'] } };
  const Action = ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'];
  const PolicyDocument = document({ Effect: 'Allow', Action, Resource: tableArn, Condition });
  await iam.send(new PutRolePolicyCommand({ RoleName: 'tenant', PolicyName: 'own', PolicyDocument }));
  const { Credentials } = await cloud
    .client(STSClient)
    .send(
      new AssumeRoleCommand({ RoleArn: Role?.Arn, RoleSessionName: 'red', Tags: [{ Key: 'tenant', Value: 'red' }] }),
    );
  const credentials = {
    accessKeyId: Credentials?.AccessKeyId as string,
    secretAccessKey: Credentials?.SecretAccessKey as string,
    sessionToken: Credentials?.SessionToken as string,
  };
  const red = cloud.client(DynamoDBClient, { credentials });
  const get = (pk: string) => outcome(red.send(new GetItemCommand({ TableName, Key: item(pk) })));
  const query = (pk: string) => {
    const values = { ':pk': { S: pk } };
    const input = { TableName, KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: values };
    return outcome(red.send(new QueryCommand(input)));
  };
  expect([await get('red#1'), await query('red#1')]).toEqual(['done', 'done']);
  expect([await get('blue#1'), await query('blue#1')]).toEqual(['AccessDeniedException', 'AccessDeniedException']);
  expect(await outcome(red.send(new PutItemCommand({ TableName, Item: item('blue#2') })))).toBe(
    'AccessDeniedException',
  );
  expect(await outcome(red.send(new ScanCommand({ TableName })))).toBe('AccessDeniedException');
});

test("another account reads the table by its ARN when the table's policy lets it", async () => {
  const credentials = { accessKeyId: '111111111111', secretAccessKey: 'test' };
  const stranger = cloud.client(DynamoDBClient, { credentials });
  const get = () => outcome(stranger.send(new GetItemCommand({ TableName: tableArn, Key: item('red#1') })));
  expect(await get()).toBe('AccessDeniedException');
  const Principal = { AWS: 'arn:aws:iam::111111111111:root' };
  const Policy = document({ Effect: 'Allow', Principal, Action: 'dynamodb:GetItem', Resource: tableArn });
  await dynamodb.send(new PutResourcePolicyCommand({ ResourceArn: tableArn, Policy }));
  expect(await get()).toBe('done');
  const put = new PutItemCommand({ TableName: tableArn, Item: item('red#2') });
  expect(await outcome(stranger.send(put))).toBe('AccessDeniedException');
});
