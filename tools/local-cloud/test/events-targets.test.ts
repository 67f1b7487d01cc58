import { CreateLogGroupCommand, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateEventBusCommand, DisableRuleCommand, PutPermissionCommand } from '@aws-sdk/client-eventbridge';
import {
  CreateStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
} from '@aws-sdk/client-kinesis';
import { AddPermissionCommand, CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { account, arn, type EventsCloud, startEventsCloud } from './events-support.ts';
import { eventually, handlerZip } from './fixtures/lambda/support.ts';

let cloud: EventsCloud;
beforeEach(async () => {
  cloud = await startEventsCloud();
});
afterEach(() => cloud.close());

const json = (text: string | undefined) => JSON.parse(text ?? 'null') as Record<string, unknown>;

test('an event reaches a log group as it was put, with what EventBridge adds', async () => {
  const Arn = await cloud.logGroup('/aws/events/orders');
  await cloud.rule('all', [{ Id: 'log', Arn }]);
  const Time = new Date('2026-03-01T12:00:00.789Z');
  const { Entries } = await cloud.put({
    Detail: '{ "big": 12345678901234567890,  "amount": 1.50 }',
    Resources: ['a', 'b'],
    Time,
  });
  const [message] = await cloud.written('/aws/events/orders', 1);
  expect(message).toBe(
    `{"version":"0","id":"${Entries?.[0]?.EventId}","detail-type":"order placed","source":"shop","account":"${account}",` +
      '"time":"2026-03-01T12:00:00Z","region":"us-east-1","resources":["a","b"],' +
      '"detail":{"big":12345678901234567890,"amount":1.50}}',
  );
});

test('only events that match, of rules that are enabled', async () => {
  const Arn = await cloud.logGroup('matched');
  await cloud.rule('cheap', [{ Id: 'log', Arn }], {
    EventPattern: JSON.stringify({ detail: { price: [{ numeric: ['<', 10] }] } }),
  });
  await cloud.rule('off', [{ Id: 'log', Arn }]);
  await cloud.events.send(new DisableRuleCommand({ Name: 'off', EventBusName: 'orders' }));
  await cloud.put({ Detail: '{"price":5}' }, { Detail: '{"price":50}' });
  expect(json((await cloud.written('matched', 1))[0])['detail']).toEqual({ price: 5 });
  expect(await cloud.metric('MatchedEvents', 'cheap')).toBe(1);
});

describe('what a target gets', () => {
  const event = { Detail: '{"id":"o-1","total":12.5,"items":[{"sku":"a"},{"sku":"b"}],"note":"say \\"hi\\""}' };

  test.each([
    ['a constant', { Input: '{"constant":true}' }, '{"constant":true}'],
    ['a part', { InputPath: '$.detail.items[1]' }, '{"sku":"b"}'],
    ['a leaf', { InputPath: '$.detail.id' }, '"o-1"'],
    ['every part', { InputPath: '$.detail.items[*].sku' }, '["a","b"]'],
    ['a quoted string', template('"order <id> of <total>"'), '"order o-1 of 12.5"'],
    [
      'JSON',
      template('{"id": <id>, "total": <total>, "items": <items>}'),
      '{"id": "o-1", "total": 12.5, "items": [{"sku":"a"},{"sku":"b"}]}',
    ],
    ['JSON with text', template('{"text": "order <id>: <note>"}'), '{"text": "order o-1: say \\"hi\\""}'],
    ['an object in a string', template('"<items>"'), '"[{sku:a},{sku:b}]"'],
    [
      'nothing for what is not there',
      template('{"missing": <missing>, "text": "<missing>"}'),
      '{"missing": "", "text": ""}',
    ],
    ['the rule', template('"<aws.events.rule-name>"'), '"shape"'],
  ])('can be %s', async (_, shape, expected) => {
    const Arn = await cloud.logGroup('shaped');
    await cloud.rule('shape', [{ Id: 'log', Arn, ...shape }], {});
    await cloud.put(event);
    expect(await cloud.written('shaped', 1)).toEqual([expected]);
  });

  test('can have the event itself in it, with or without its detail', async () => {
    const Arn = await cloud.logGroup('whole');
    const InputTemplate =
      '{"rule": <aws.events.rule-arn>, "at": <aws.events.event.ingestion-time>, "event": <aws.events.event>, "json": <aws.events.event.json>}';
    const RuleArn = await cloud.rule('whole', [{ Id: 'log', Arn, InputTransformer: { InputTemplate } }]);
    await cloud.put(event);
    const { rule, at, event: envelope, json: whole } = json((await cloud.written('whole', 1))[0]);
    expect(rule).toBe(RuleArn);
    expect(at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(envelope).not.toHaveProperty('detail');
    expect(whole).toEqual({ ...(envelope as object), detail: JSON.parse(event.Detail) });
  });

  function template(InputTemplate: string) {
    const names = ['id', 'total', 'items', 'note', 'missing'];
    const InputPathsMap = Object.fromEntries(names.map((name) => [name, `$.detail.${name}`]));
    return { InputTransformer: { InputPathsMap, InputTemplate } };
  }
});

test('a function is invoked when its policy names the rule, and no other way', async () => {
  const lambda = cloud.client(LambdaClient);
  const trusted = await cloud.role('Function', 'lambda.amazonaws.com', {
    Effect: 'Allow',
    Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
    Resource: '*',
  });
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: 'worker',
      Role: trusted,
      Runtime: 'nodejs24.x',
      Handler: 'handler.print',
      Code: { ZipFile: handlerZip },
    }),
  );
  const target = { Id: 'function', Arn: arn('lambda', 'function:worker'), Input: '{"lines":["handled it"]}' };
  await cloud.rule('denied', [target]);
  const RuleArn = await cloud.rule('allowed', [target]);
  await lambda.send(
    new AddPermissionCommand({
      FunctionName: 'worker',
      StatementId: 'rule',
      Action: 'lambda:InvokeFunction',
      Principal: 'events.amazonaws.com',
      SourceArn: RuleArn,
    }),
  );
  await cloud.put({});
  const logGroupName = '/aws/lambda/worker';
  await eventually(async () => {
    const { events } = await cloud.logs.send(
      new FilterLogEventsCommand({ logGroupName, filterPattern: '"handled it"' }),
    );
    expect(events).toHaveLength(1);
  });
  expect(await cloud.metric('FailedInvocations', 'denied')).toBe(1);
  expect(await cloud.metric('FailedInvocations', 'allowed')).toBe(0);
});

test('a stream gets the event by its role, under the key of its path', async () => {
  const kinesis = cloud.client(KinesisClient);
  await kinesis.send(new CreateStreamCommand({ StreamName: 'orders', ShardCount: 1 }));
  await cloud.cloud.clock.advance(1_000);
  const Arn = arn('kinesis', 'stream/orders');
  const RoleArn = await cloud.role('Writer', 'events.amazonaws.com', {
    Effect: 'Allow',
    Action: 'kinesis:PutRecord',
    Resource: Arn,
  });
  await cloud.rule('stream', [
    { Id: 'k', Arn, RoleArn, InputPath: '$.detail', KinesisParameters: { PartitionKeyPath: '$.detail.customer' } },
  ]);
  await cloud.put({ Detail: '{"customer":"c-7"}' });
  const { ShardIterator } = await kinesis.send(
    new GetShardIteratorCommand({
      StreamName: 'orders',
      ShardId: 'shardId-000000000000',
      ShardIteratorType: 'TRIM_HORIZON',
    }),
  );
  await eventually(async () => {
    const { Records } = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
    expect(Records?.map(({ PartitionKey, Data }) => [PartitionKey, Buffer.from(Data ?? []).toString()])).toEqual([
      ['c-7', '{"customer":"c-7"}'],
    ]);
  });
});

describe('another event bus', () => {
  const toBus = (name: string, RoleArn: string) => ({ Id: 'bus', Arn: arn('events', `event-bus/${name}`), RoleArn });

  test('gets the same event, and does not send it on to a third', async () => {
    const RoleArn = await cloud.role('Sender', 'events.amazonaws.com', {
      Effect: 'Allow',
      Action: 'events:PutEvents',
      Resource: '*',
    });
    const group = await cloud.logGroup('arrived');
    for (const Name of ['second', 'third']) await cloud.events.send(new CreateEventBusCommand({ Name }));
    await cloud.rule('first', [toBus('second', RoleArn)]);
    await cloud.rule('relay', [toBus('third', RoleArn), { Id: 'log', Arn: group }], { EventBusName: 'second' });
    await cloud.rule('last', [{ Id: 'log', Arn: group }], { EventBusName: 'third' });
    const { Entries } = await cloud.put({});
    expect(json((await cloud.written('arrived', 1))[0])['id']).toBe(Entries?.[0]?.EventId);
    await eventually(async () => expect(await cloud.metric('FailedInvocations', 'relay', 'second')).toBe(1));
  });

  test('of another account takes events when its policy says so', async () => {
    const other = '111111111111';
    const credentials = { accessKeyId: other, secretAccessKey: 'test' };
    const { EventBridgeClient } = await import('@aws-sdk/client-eventbridge');
    const theirs = cloud.client(EventBridgeClient, { credentials });
    const EventBusName = `arn:aws:events:us-east-1:${other}:event-bus/default`;
    await expect(cloud.put({ EventBusName })).rejects.toThrow(/not authorized to perform: events:PutEvents/);
    await theirs.send(new PutPermissionCommand({ StatementId: 'us', Principal: account, Action: 'events:PutEvents' }));
    expect((await cloud.put({ EventBusName })).FailedEntryCount).toBe(0);
  });
});

test('a log group without a policy for EventBridge gets nothing', async () => {
  await cloud.logs.send(new CreateLogGroupCommand({ logGroupName: 'closed' }));
  await cloud.rule('closed', [{ Id: 'log', Arn: arn('logs', 'log-group:closed') }]);
  await cloud.put({});
  await eventually(async () => expect(await cloud.metric('FailedInvocations', 'closed')).toBe(1));
  expect(await cloud.written('closed', 0)).toEqual([]);
  expect(cloud.lines.join('\n')).toContain('NO_PERMISSIONS');
});
