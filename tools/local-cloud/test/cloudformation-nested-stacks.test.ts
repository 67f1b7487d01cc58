import { DeleteStackCommand, ListStacksCommand } from '@aws-sdk/client-cloudformation';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { impossible, parameter, type StackCloud, startStackCloud, template } from './cloudformation-support.ts';

let cloud: StackCloud;
let name: string;
let made = 0;

beforeAll(async () => {
  cloud = await startStackCloud();
  await cloud.client(S3Client).send(new CreateBucketCommand({ Bucket: 'nested' }));
});
afterAll(() => cloud.close());
beforeEach(() => {
  name = `parent${++made}`;
});

/** Puts a nested stack's template into S3 under a key of its own, as the CDK does, and answers the resource. */
async function nested(key: string, body: string, more: object = {}) {
  await cloud.client(S3Client).send(new PutObjectCommand({ Bucket: 'nested', Key: `${name}/${key}`, Body: body }));
  const TemplateURL = `https://s3.us-east-1.amazonaws.com/nested/${name}/${key}`;
  return { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL, ...more } };
}

const child = (value: string, more: object = {}) =>
  template(
    { P: parameter(`/${name}/child`, value), ...more },
    { Parameters: { Given: { Type: 'String', Default: 'none' } }, Outputs: { Given: { Value: { Ref: 'Given' } } } },
  );

const stored = async (key: string) =>
  cloud
    .client(SSMClient)
    .send(new GetParameterCommand({ Name: `/${name}/${key}` }))
    .then(
      ({ Parameter }) => Parameter?.Value,
      (error: Error) => error.name,
    );

const liveNames = async () => {
  const { StackSummaries } = await cloud.cloudFormation.send(new ListStacksCommand({}));
  return StackSummaries?.filter(({ StackStatus }) => StackStatus !== 'DELETE_COMPLETE').map(
    ({ StackName }) => StackName,
  );
};

it('gets parameters, gives outputs, knows its parent, and goes with it', async () => {
  const Child = await nested('one', child('one'), { Parameters: { Given: 'from the parent' } });
  const reader = parameter(`/${name}/reader`, { 'Fn::GetAtt': ['Child', 'Outputs.Given'] });
  const parent = await cloud.create(name, template({ Child, Reader: reader }));
  expect(parent).toMatchObject({ StackStatus: 'CREATE_COMPLETE' });
  expect(await stored('reader')).toBe('from the parent');
  const { Child: id = '' } = await cloud.physicalIds(name);
  expect(await cloud.describe(id)).toMatchObject({
    StackName: expect.stringMatching(new RegExp(`^${name}-Child-[A-Z0-9]{12}$`)),
    StackStatus: 'CREATE_COMPLETE',
    ParentId: parent?.StackId,
    RootId: parent?.StackId,
  });
  await cloud.cloudFormation.send(new DeleteStackCommand({ StackName: name }));
  await cloud.settled(parent?.StackId ?? '');
  expect(await stored('child')).toBe('ParameterNotFound');
  expect((await liveNames())?.filter((live) => live?.startsWith(name))).toEqual([]);
});

it('that fails takes its parent back, and leaves nothing', async () => {
  const Child = await nested('bad', child('one', { Bad: { ...impossible, DependsOn: 'P' } }));
  expect(await cloud.create(name, template({ Child }))).toMatchObject({ StackStatus: 'ROLLBACK_COMPLETE' });
  expect(await stored('child')).toBe('ParameterNotFound');
  expect((await cloud.events(name)).join('\n')).toMatch(
    /Child CREATE_FAILED Embedded stack arn:.* was not successfully created: The following resource\(s\) failed to create: \[Bad\]/,
  );
  expect((await liveNames())?.filter((live) => live?.startsWith(`${name}-Child`))).toEqual([]);
});

it('is updated with its parent, and rolled back with it', async () => {
  await cloud.create(name, template({ Child: await nested('one', child('one')) }));
  expect(await cloud.update(name, template({ Child: await nested('two', child('two')) }))).toMatchObject({
    StackStatus: 'UPDATE_COMPLETE',
  });
  expect(await stored('child')).toBe('two');
  const third = { Child: await nested('three', child('three')), Bad: { ...impossible, DependsOn: 'Child' } };
  expect(await cloud.update(name, template(third))).toMatchObject({ StackStatus: 'UPDATE_ROLLBACK_COMPLETE' });
  expect(await stored('child')).toBe('two');
});
