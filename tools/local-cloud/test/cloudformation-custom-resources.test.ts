import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { ContinueUpdateRollbackCommand, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { impossible, parameter, type StackCloud, startStackCloud, template } from './cloudformation-support.ts';

let cloud: StackCloud;
let name: string;
let made = 0;

/** Answers as its properties tell it; `Say` is what the answer's data says, next to what the function was asked. */
const source = `
const https = require('node:https');
exports.handler = (event) => new Promise((resolve, reject) => {
  const { Answer, Id, Say, FailOn, FailAfter, Long } = event.ResourceProperties;
  if (Answer === 'NOTHING' && event.RequestType !== 'Delete') return resolve();
  const failed = event.RequestType === FailOn || (FailAfter && event.OldResourceProperties?.Say === FailAfter);
  const body = JSON.stringify({
    Status: failed ? 'FAILED' : 'SUCCESS',
    Reason: failed ? 'told to fail' : undefined,
    PhysicalResourceId: Id ?? event.PhysicalResourceId ?? 'custom-1',
    StackId: event.StackId, RequestId: event.RequestId, LogicalResourceId: event.LogicalResourceId,
    Data: { Said: Say, Asked: JSON.stringify([event.RequestType, event.ResourceType, event.ResourceProperties,
      event.OldResourceProperties]), Padding: Long ? 'x'.repeat(5000) : '' },
  });
  const url = new URL(event.ResponseURL);
  https.request({ hostname: url.hostname, path: url.pathname + url.search, method: 'PUT',
    headers: { 'content-type': '', 'content-length': Buffer.byteLength(body) } },
    (response) => response.resume().on('end', () => resolve(response.statusCode))).on('error', reject).end(body);
});`;

const provider = {
  Role: {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
      },
    },
  },
  Provider: {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
      Code: { ZipFile: source },
    },
  },
};

const custom = (properties: object, Type = 'Custom::Thing') => ({
  Type,
  Properties: { ServiceToken: { 'Fn::GetAtt': ['Provider', 'Arn'] }, ...properties },
});
const body = (properties: object, more: object = {}) =>
  template({ ...provider, Thing: custom(properties), ...more }, { Outputs: outputs });
const outputs = {
  Id: { Value: { Ref: 'Thing' } },
  Said: { Value: { 'Fn::GetAtt': ['Thing', 'Said'] } },
  Asked: { Value: { 'Fn::GetAtt': ['Thing', 'Asked'] } },
};

const outputOf = (stack: Awaited<ReturnType<StackCloud['create']>>, key: string) =>
  stack?.Outputs?.find(({ OutputKey }) => OutputKey === key)?.OutputValue;

/** Answers a request as a function would, without knowing its token. */
async function putAnswer(token: string): Promise<number | undefined> {
  const host = 'cloudformation-custom-resource-response-us-east-1.s3.us-east-1.amazonaws.com';
  const sent = request(`${cloud.endpoint}/some-request?token=${token}`, { method: 'PUT', headers: { host } }).end('{}');
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  response.resume();
  return response.statusCode;
}

beforeAll(async () => {
  cloud = await startStackCloud();
});
afterAll(() => cloud.close());
beforeEach(() => {
  name = `custom${++made}`;
});

it('is asked with its properties as text, and gives what Ref and Fn::GetAtt return', async () => {
  const stack = await cloud.create(name, body({ Say: 'hello', Number: 1, List: [true], ServiceTimeout: 30 }));
  expect(stack).toMatchObject({ StackStatus: 'CREATE_COMPLETE' });
  expect([outputOf(stack, 'Id'), outputOf(stack, 'Said')]).toEqual(['custom-1', 'hello']);
  const [type, resourceType, properties] = JSON.parse(outputOf(stack, 'Asked') ?? '[]');
  expect([type, resourceType]).toEqual(['Create', 'Custom::Thing']);
  expect(properties).toEqual({
    ServiceToken: expect.stringContaining(':function:'),
    Say: 'hello',
    Number: '1',
    List: ['true'],
    ServiceTimeout: '30',
  });
});

it('is told the old properties on update; another physical ID makes the old one go', async () => {
  await cloud.create(name, body({ Say: 'one', Id: 'first' }));
  const stack = await cloud.update(name, body({ Say: 'two', Id: 'second' }));
  expect(stack).toMatchObject({ StackStatus: 'UPDATE_COMPLETE' });
  expect([outputOf(stack, 'Id'), outputOf(stack, 'Said')]).toEqual(['second', 'two']);
  const [type, , properties, old] = JSON.parse(outputOf(stack, 'Asked') ?? '[]');
  expect([type, properties.Say, old.Say]).toEqual(['Update', 'two', 'one']);
  expect(await cloud.events(name)).toContain('Thing DELETE_COMPLETE');
});

it('that fails rolls the stack back, and is asked to delete what it said it made', async () => {
  expect(await cloud.create(name, body({ FailOn: 'Create' }))).toMatchObject({ StackStatus: 'ROLLBACK_COMPLETE' });
  const events = await cloud.events(name);
  expect(events).toContainEqual(
    expect.stringMatching(
      /^Thing CREATE_FAILED Received response status \[FAILED\] from custom resource\. Message returned: told to fail \(RequestId: [^)]+\)$/,
    ),
  );
  expect(events).toContain('Thing DELETE_COMPLETE');
});

it('that does not answer fails after its ServiceTimeout; who does not know the token can’t answer', async () => {
  const creating = cloud.create(name, body({ Answer: 'NOTHING', ServiceTimeout: 600 }));
  await vi.waitFor(async () => expect(await cloud.events(name)).toContain('Thing CREATE_IN_PROGRESS'), {
    timeout: 60_000,
  });
  await cloud.cloud.clock.advance(601_000);
  expect(await creating).toMatchObject({ StackStatus: 'ROLLBACK_COMPLETE' });
  expect((await cloud.events(name)).join('\n')).toContain(
    'Thing CREATE_FAILED CloudFormation did not receive a response from your Custom Resource. Please check your logs for requestId [',
  );
  expect(await putAnswer('guessed')).toBe(403);
});

it('that answers with more than 4,096 bytes fails', async () => {
  expect(await cloud.create(name, body({ Long: 'yes' }))).toMatchObject({ StackStatus: 'ROLLBACK_COMPLETE' });
  expect(await cloud.events(name)).toContain('Thing CREATE_FAILED Response object is too long.');
});

it('when another resource fails, is not waited for', async () => {
  const waiting = custom({ Answer: 'NOTHING' });
  const bad = { ...impossible, DependsOn: 'Provider' };
  const stack = await cloud.create(name, template({ ...provider, Thing: waiting, Bad: bad }));
  expect(stack).toMatchObject({ StackStatus: 'ROLLBACK_COMPLETE' });
  expect(await cloud.events(name)).toContain('Thing CREATE_FAILED Resource creation cancelled');
});

it('an attribute that the answer lacks is told', async () => {
  const reader = parameter(`/${name}`, { 'Fn::GetAtt': ['Thing', 'Missing'] });
  expect(await cloud.create(name, body({ Say: 'x' }, { Reader: reader }))).toMatchObject({
    StackStatus: 'ROLLBACK_COMPLETE',
  });
  expect((await cloud.events(name)).join('\n')).toContain(
    "Reader CREATE_FAILED CustomResource attribute error: Vendor response doesn't contain Missing attribute in object custom-1",
  );
});

it('a rollback that fails waits; ContinueUpdateRollback goes on without what can’t be restored', async () => {
  const standing = template({
    ...provider,
    Thing: custom({ Say: 'one', FailAfter: 'two' }),
    P: parameter(`/${name}`, 'one'),
  });
  const failing = template({
    ...provider,
    Thing: custom({ Say: 'two' }),
    P: parameter(`/${name}`, 'two'),
    Bad: { ...impossible, DependsOn: ['Thing', 'P'] },
  });
  await cloud.create(name, standing);
  expect(await cloud.update(name, failing)).toMatchObject({
    StackStatus: 'UPDATE_ROLLBACK_FAILED',
    StackStatusReason: 'The following resource(s) failed to update: [Thing]. ',
  });
  const skip = (ResourcesToSkip: string[]) =>
    cloud.cloudFormation.send(new ContinueUpdateRollbackCommand({ StackName: name, ResourcesToSkip }));
  await expect(skip(['P'])).rejects.toThrow('ResourcesToSkip [P] are not in the UPDATE_FAILED state');
  await skip(['Thing']);
  expect(await cloud.settled(name)).toMatchObject({ StackStatus: 'UPDATE_ROLLBACK_COMPLETE' });
  expect(await cloud.events(name)).toContain('Thing UPDATE_COMPLETE Resource skipped during UpdateRollback');
  const { Parameter } = await cloud.client(SSMClient).send(new GetParameterCommand({ Name: `/${name}` }));
  expect(Parameter?.Value).toBe('one');
});

it('a cloud that closes does not wait for one that never answers', async () => {
  const closing = await startStackCloud();
  const StackName = 'waiting';
  const TemplateBody = template({ ...provider, Thing: custom({ Answer: 'NOTHING' }) });
  const Capabilities = ['CAPABILITY_IAM' as const];
  await closing.cloudFormation.send(new CreateStackCommand({ StackName, TemplateBody, Capabilities }));
  expect(await closing.describe(StackName)).toMatchObject({ StackStatus: 'CREATE_IN_PROGRESS' });
  await closing.close();
});
