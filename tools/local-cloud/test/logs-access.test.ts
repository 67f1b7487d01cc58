import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  GetLogEventsCommand,
  ListTagsForResourceCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { IAMClient } from '@aws-sdk/client-iam';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestCloud } from '../src/testing.ts';
import { errorOf } from './kinesis-support.ts';
import { keysOfNewUser } from './users.ts';

let test: Awaited<ReturnType<typeof startTestCloud>>;
let users = 0;

const logGroupName = '/aws/lambda/orders';
const logStreamName = '2026/01/01/[$LATEST]0123456789abcdef';
const groupArn = `arn:aws:logs:us-east-1:000000000000:log-group:${logGroupName}`;

beforeAll(async () => {
  test = await startTestCloud();
  const root = test.client(CloudWatchLogsClient);
  await root.send(new CreateLogGroupCommand({ logGroupName }));
  await root.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
});
afterAll(() => test.close());

async function userWith(...Statement: object[]): Promise<CloudWatchLogsClient> {
  const credentials = await keysOfNewUser(test.client(IAMClient), `user-${++users}`, ...Statement);
  return test.client(CloudWatchLogsClient, { credentials });
}
const put = (client: CloudWatchLogsClient, group = logGroupName) =>
  client.send(
    new PutLogEventsCommand({
      logGroupName: group,
      logStreamName,
      logEvents: [{ timestamp: test.cloud.clock.now(), message: 'm' }],
    }),
  );

it.each([
  ['the group and all in it', `${groupArn}:*`],
  ['the streams of the group', `${groupArn}:log-stream:*`],
  ['the one stream', `${groupArn}:log-stream:${logStreamName}`],
  ['everything in the account', 'arn:aws:logs:us-east-1:000000000000:*'],
])('a policy on %s lets write to the stream', async (_, Resource) => {
  await put(await userWith({ Effect: 'Allow', Action: 'logs:PutLogEvents', Resource }));
});

it('a policy on the group without what is behind its name does not, as on AWS', async () => {
  const user = await userWith({ Effect: 'Allow', Action: 'logs:*', Resource: groupArn });
  expect(await errorOf(put(user))).toEqual({
    name: 'AccessDeniedException',
    message: expect.stringContaining(
      `is not authorized to perform: logs:PutLogEvents on resource: ${groupArn}:log-stream:${logStreamName} because no`,
    ),
  });
  expect(await user.send(new ListTagsForResourceCommand({ resourceArn: groupArn }))).toHaveProperty('tags');
});

it('an explicit deny keeps a function out of CloudWatch Logs', async () => {
  const user = await userWith(
    { Effect: 'Allow', Action: '*', Resource: '*' },
    { Effect: 'Deny', Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'], Resource: '*' },
  );
  expect(await errorOf(put(user))).toMatchObject({ message: expect.stringContaining('with an explicit deny') });
  expect(await user.send(new GetLogEventsCommand({ logGroupName, logStreamName }))).toHaveProperty('events');
});

it('creating a group is demanded on the group’s ARN, its tags too', async () => {
  const Resource = 'arn:aws:logs:us-east-1:000000000000:log-group:/mine/*:*';
  const user = await userWith({ Effect: 'Allow', Action: 'logs:CreateLogGroup', Resource });
  const create = (name: string, tags?: Record<string, string>) =>
    user.send(new CreateLogGroupCommand({ logGroupName: name, tags }));
  await create('/mine/a');
  expect(await errorOf(create('/other/a'))).toMatchObject({ name: 'AccessDeniedException' });
  expect(await errorOf(create('/mine/b', { a: 'b' }))).toMatchObject({
    message: expect.stringContaining('logs:TagResource'),
  });
});
