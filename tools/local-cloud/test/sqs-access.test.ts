import { IAMClient } from '@aws-sdk/client-iam';
import {
  AddPermissionCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
  SQSServiceException,
} from '@aws-sdk/client-sqs';
import { SignatureV4 } from '@smithy/signature-v4';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serviceCaller } from '../src/iam/service-caller.ts';
import { startTestCloud } from '../src/testing.ts';
import { bodies, newQueue } from './sqs-support.ts';
import { keysOfNewUser } from './users.ts';

let cloud: Awaited<ReturnType<typeof startTestCloud>>;
let sqs: SQSClient;
beforeAll(async () => {
  cloud = await startTestCloud();
  sqs = cloud.client(SQSClient);
});
afterAll(() => cloud.close());

/** A client of a user that may do only this. */
async function userThatMay(Action: string, Resource: string): Promise<SQSClient> {
  const UserName = `user-${Action.replace(/\W/g, '-')}`;
  const allowed = { Effect: 'Allow', Action, Resource };
  return cloud.client(SQSClient, { credentials: await keysOfNewUser(cloud.client(IAMClient), UserName, allowed) });
}

test('who may send may send batches, and nothing else', async () => {
  const queue = await newQueue(sqs);
  const user = await userThatMay('sqs:SendMessage', queue.arn);
  const Entries = [{ Id: '1', MessageBody: 'a' }];
  await user.send(new SendMessageBatchCommand({ QueueUrl: queue.url, Entries }));
  const refused = user.send(new ReceiveMessageCommand({ QueueUrl: queue.url }));
  await expect(refused).rejects.toThrow(`is not authorized to perform: sqs:ReceiveMessage on resource: ${queue.arn}`);
  await expect(refused).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
});

test('another account needs a permission, and gets none to what is the owner’s', async () => {
  const queue = await newQueue(sqs);
  const other = cloud.client(SQSClient, { credentials: { accessKeyId: '111111111111', secretAccessKey: 'test' } });
  const send = () => other.send(new SendMessageCommand({ QueueUrl: queue.url, MessageBody: 'a' }));
  await expect(send()).rejects.toThrow('not authorized');
  const shared = { QueueUrl: queue.url, AWSAccountIds: ['111111111111'] };
  await sqs.send(new AddPermissionCommand({ ...shared, Label: 'send', Actions: ['SendMessage', 'GetQueueUrl'] }));
  await send();
  const url = await other.send(
    new GetQueueUrlCommand({ QueueName: queue.name, QueueOwnerAWSAccountId: '000000000000' }),
  );
  expect(url.QueueUrl).toBe(queue.url);
  const Statement = [{ Effect: 'Allow', Principal: { AWS: '111111111111' }, Action: 'sqs:*', Resource: queue.arn }];
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl: queue.url, Attributes: { Policy } }));
  const Attributes = { DelaySeconds: '1' };
  await expect(other.send(new SetQueueAttributesCommand({ QueueUrl: queue.url, Attributes }))).rejects.toThrow(
    'not authorized',
  );
});

test('a service of AWS sends by the queue policy, for the resource it names', async () => {
  const topic = 'arn:aws:sns:us-east-1:000000000000:news';
  const queue = await newQueue(sqs);
  const Statement = [
    {
      Effect: 'Allow',
      Principal: { Service: 'sns.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: queue.arn,
      Condition: { ArnEquals: { 'aws:SourceArn': topic } },
    },
  ];
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl: queue.url, Attributes: { Policy } }));
  const sendFor = (arn: string) =>
    cloud.cloud.call(
      'sqs',
      'SendMessage',
      { QueueUrl: queue.url, MessageBody: arn },
      { caller: serviceCaller('sns.amazonaws.com', '000000000000', arn), region: 'us-east-1' },
    );
  await expect(sendFor(`${topic}-other`)).rejects.toThrow('not authorized');
  await sendFor(topic);
  expect(bodies(await queue.receive())).toEqual([topic]);
});

test('errors carry the code that query clients know as well', async () => {
  const unknown = sqs.send(
    new SendMessageCommand({ QueueUrl: `${cloud.endpoint}/000000000000/none`, MessageBody: 'a' }),
  );
  await expect(unknown).rejects.toMatchObject({
    name: 'QueueDoesNotExist',
    message: 'The specified queue does not exist.',
    Error: { Code: 'AWS.SimpleQueueService.NonExistentQueue', Type: 'Sender' },
  });
  const { url } = await newQueue(sqs);
  const empty = sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: '' }));
  await expect(empty).rejects.toBeInstanceOf(SQSServiceException);
  await expect(empty).rejects.toThrow('The request must contain the parameter MessageBody.');
  const nameless = sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: undefined }));
  await expect(nameless).rejects.toThrow('The request must contain the parameter MessageBody.');
});

/** As SDKs of before November 2023 do it. */
async function query(path: string, form: Record<string, string>): Promise<string> {
  const { Sha256 } = await import('@smithy/core/checksum');
  const signer = new SignatureV4({
    service: 'sqs',
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    sha256: Sha256,
  });
  const { hostname, port, host } = new URL(cloud.endpoint);
  const headers = { host, 'content-type': 'application/x-www-form-urlencoded' };
  const body = new URLSearchParams({ Version: '2012-11-05', ...form }).toString();
  const request = { method: 'POST', protocol: 'http:', hostname, port: Number(port), path, headers, body };
  const signed = await signer.sign(request);
  return (await fetch(`${cloud.endpoint}${path}`, { method: 'POST', headers: signed.headers, body })).text();
}

test('clients of the query protocol send and receive', async () => {
  const { url, name } = await newQueue(sqs);
  const path = `/000000000000/${name}`;
  const message = {
    'MessageAttribute.1.Name': 'colour',
    'MessageAttribute.1.Value.DataType': 'String',
    'MessageAttribute.1.Value.StringValue': 'red',
  };
  await query(path, { Action: 'SendMessage', QueueUrl: url, MessageBody: 'a<b', ...message });
  const wanted = { 'AttributeName.1': 'All', 'MessageAttributeName.1': 'All' };
  const received = await query(path, { Action: 'ReceiveMessage', QueueUrl: url, ...wanted });
  expect(received).toContain('<Body>a&lt;b</Body>');
  expect(received).toContain('<Name>colour</Name>');
  expect(received).toContain('<Name>ApproximateReceiveCount</Name><Value>1</Value>');
  const refused = await query(path, { Action: 'ReceiveMessage', QueueUrl: `${url}-none` });
  expect(refused).toContain('<Code>AWS.SimpleQueueService.NonExistentQueue</Code>');
});
