import {
  CreateChangeSetCommand,
  CreateStackCommand,
  DeleteChangeSetCommand,
  DescribeChangeSetCommand,
  DescribeEventsCommand,
  ExecuteChangeSetCommand,
  GetTemplateCommand,
  ListChangeSetsCommand,
} from '@aws-sdk/client-cloudformation';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parameter, type StackCloud, startStackCloud, template } from './cloudformation-support.ts';

let cloud: StackCloud;
let made = 0;
const newName = () => `stack${++made}`;

beforeAll(async () => {
  cloud = await startStackCloud();
});
afterAll(() => cloud.close());

describe('a new stack', () => {
  it('waits in review until its change set is executed', async () => {
    const name = newName();
    const body = template({ P: parameter(`/${name}`) });
    const { described } = await cloud.changeSet(name, body, { ChangeSetType: 'CREATE' });
    expect(described).toMatchObject({ Status: 'CREATE_COMPLETE', ExecutionStatus: 'AVAILABLE', StackName: name });
    expect(described.Changes).toMatchObject([{ Type: 'Resource', ResourceChange: { Action: 'Add' } }]);
    expect(await cloud.describe(name)).toMatchObject({ StackStatus: 'REVIEW_IN_PROGRESS' });
    expect(await cloud.execute(name)).toMatchObject({ StackStatus: 'CREATE_COMPLETE' });
    const { TemplateBody } = await cloud.cloudFormation.send(new GetTemplateCommand({ StackName: name }));
    expect(TemplateBody).toBe(body);
    expect(await cloud.events(name)).toEqual([
      `${name} REVIEW_IN_PROGRESS User Initiated`,
      `${name} CREATE_IN_PROGRESS User Initiated`,
      'P CREATE_IN_PROGRESS',
      'P CREATE_IN_PROGRESS Resource creation Initiated',
      'P CREATE_COMPLETE',
      `${name} CREATE_COMPLETE`,
    ]);
  });

  it('a template may lie in S3, path-style or with the bucket in the host name', async () => {
    const s3 = cloud.client(S3Client);
    await s3.send(new CreateBucketCommand({ Bucket: 'templates' }));
    const Body = template({ P: parameter('/from-s3') });
    await s3.send(new PutObjectCommand({ Bucket: 'templates', Key: 'a/b.json', Body }));
    for (const TemplateURL of [
      `${cloud.endpoint}/templates/a/b.json`,
      'https://s3.us-east-1.amazonaws.com/templates/a/b.json',
      'https://templates.s3.us-east-1.amazonaws.com/a/b.json',
    ]) {
      const input = { StackName: newName(), ChangeSetName: 'c', ChangeSetType: 'CREATE' as const, TemplateURL };
      await cloud.cloudFormation.send(new CreateChangeSetCommand(input));
    }
    const missing = { StackName: newName(), ChangeSetName: 'c', ChangeSetType: 'CREATE' as const };
    const TemplateURL = `${cloud.endpoint}/templates/missing`;
    await expect(
      cloud.cloudFormation.send(new CreateChangeSetCommand({ ...missing, TemplateURL })),
    ).rejects.toMatchObject({ name: 'ValidationError', message: expect.stringContaining('S3 error: ') });
  });
});

describe('a change set without changes', () => {
  it('fails with the words the CLI knows it by, and can’t be executed', async () => {
    const name = newName();
    const body = template({ P: parameter(`/${name}`) });
    await cloud.create(name, body);
    const { Id, described } = await cloud.changeSet(name, body);
    expect(described).toMatchObject({
      Status: 'FAILED',
      ExecutionStatus: 'UNAVAILABLE',
      StatusReason:
        "The submitted information didn't contain changes. Submit different information to create a change set.",
    });
    await expect(cloud.cloudFormation.send(new ExecuteChangeSetCommand({ ChangeSetName: Id }))).rejects.toMatchObject({
      name: 'InvalidChangeSetStatusException',
    });
  });

  it('a new output is a change', async () => {
    const name = newName();
    const resources = { P: parameter(`/${name}`) };
    await cloud.create(name, template(resources));
    await cloud.changeSet(name, template(resources, { Outputs: { Name: { Value: { Ref: 'P' } } } }));
    expect(await cloud.execute(name)).toMatchObject({
      StackStatus: 'UPDATE_COMPLETE',
      Outputs: [{ OutputKey: 'Name', OutputValue: `/${name}` }],
    });
  });
});

describe('a change set with wrong properties', () => {
  it('fails; DescribeEvents tells what is wrong where', async () => {
    const name = newName();
    const body = template({ P: { Type: 'AWS::SSM::Parameter', Properties: { Type: 'Text', Foo: 1 } } });
    const { Id, described } = await cloud.changeSet(name, body, { ChangeSetType: 'CREATE' });
    expect(described.Status).toBe('FAILED');
    expect(described.StatusReason).toContain('AWS::EarlyValidation::PropertyValidation');
    const { OperationEvents } = await cloud.cloudFormation.send(
      new DescribeEventsCommand({ StackName: name, ChangeSetName: Id, Filters: { FailedEvents: true } }),
    );
    expect(
      OperationEvents?.map(({ ValidationPath, ValidationStatusReason }) => [ValidationPath, ValidationStatusReason]),
    ).toEqual([
      ['/Resources/P/Properties/Type', 'Text is not a valid enum value: String, StringList'],
      ['/Resources/P/Properties/Foo', 'Encountered unsupported property Foo'],
      ['/Resources/P/Properties', 'required key [Value] not found'],
    ]);
  });
});

describe('change sets by name', () => {
  it('are listed, deleted, and gone; deleting one that is not there is no error', async () => {
    const name = newName();
    await cloud.create(name, template({ P: parameter(`/${name}`) }));
    await cloud.changeSet(name, template({ P: parameter(`/${name}`, 'other') }));
    const { Summaries } = await cloud.cloudFormation.send(new ListChangeSetsCommand({ StackName: name }));
    expect(Summaries).toMatchObject([{ ChangeSetName: 'changes', Status: 'CREATE_COMPLETE' }]);
    const key = { StackName: name, ChangeSetName: 'changes' };
    await expect(
      cloud.cloudFormation.send(new CreateChangeSetCommand({ ...key, TemplateBody: template({ P: parameter('/x') }) })),
    ).rejects.toMatchObject({ name: 'AlreadyExistsException' });
    await cloud.cloudFormation.send(new DeleteChangeSetCommand(key));
    await cloud.cloudFormation.send(new DeleteChangeSetCommand(key));
    await expect(cloud.cloudFormation.send(new DescribeChangeSetCommand(key))).rejects.toMatchObject({
      name: 'ChangeSetNotFoundException',
    });
  });
});

describe('parameters', () => {
  const sections = (definition: object) => ({ Parameters: { Given: { Type: 'String', ...definition } } });
  const make = (definition: object, Parameters: { ParameterKey: string; ParameterValue?: string }[] = []) => {
    const name = newName();
    const body = template({ P: parameter(`/${name}`, { Ref: 'Given' }) }, sections(definition));
    return cloud.create(name, body, { Parameters });
  };
  const given = (ParameterValue: string) => [{ ParameterKey: 'Given', ParameterValue }];

  it.each<[object, Parameters<typeof make>[1], string]>([
    [{}, [], 'Parameters: [Given] must have values'],
    [
      { Default: 'a' },
      [{ ParameterKey: 'Other', ParameterValue: 'b' }],
      'Parameters: [Other] do not exist in the template',
    ],
    [{ AllowedValues: ['a', 'b'] }, given('c'), "Parameter 'Given' must be one of AllowedValues"],
    [{ AllowedPattern: '[a-z]+' }, given('a1'), "Parameter 'Given' must match pattern [a-z]+"],
    [
      { MinLength: 3 },
      given('ab'),
      'Parameter Given failed to satisfy constraint: Member must have length greater than or equal to 3',
    ],
    [
      { AllowedPattern: '[a-z]+', ConstraintDescription: 'letters only' },
      given('1'),
      'Parameter Given failed to satisfy constraint: letters only',
    ],
    [{ Type: 'Number' }, given('one'), "Parameter 'Given' must be a number"],
    [
      { Type: 'AWS::SSM::Parameter::Value<String>' },
      given('/no/such'),
      'Unable to fetch parameters [/no/such] from parameter store for this account.',
    ],
    [
      { Type: 'AWS::EC2::VPC::Id' },
      given('vpc-1'),
      'The embedded cloud has no parameter type AWS::EC2::VPC::Id (parameter Given).',
    ],
  ])('%j with %j', async (definition, Parameters, message) => {
    await expect(make(definition, Parameters)).rejects.toMatchObject({ name: 'ValidationError', message });
  });

  it('an SSM parameter type takes the value that stands there now; the name is kept for the next update', async () => {
    const ssm = cloud.client(SSMClient);
    const Name = '/shared/value';
    await ssm.send(new PutParameterCommand({ Name, Type: 'String', Value: 'one' }));
    const definition = { Type: 'AWS::SSM::Parameter::Value<String>' };
    const name = newName();
    const body = template({ P: parameter(`/${name}`, { Ref: 'Given' }) }, sections(definition));
    expect(await cloud.create(name, body, { Parameters: given(Name) })).toMatchObject({
      Parameters: [{ ParameterKey: 'Given', ParameterValue: Name, ResolvedValue: 'one' }],
    });
    await ssm.send(new PutParameterCommand({ Name, Type: 'String', Value: 'two', Overwrite: true }));
    const Parameters = [{ ParameterKey: 'Given', UsePreviousValue: true }];
    expect(await cloud.update(name, body, { Parameters })).toMatchObject({
      Parameters: [{ ParameterValue: Name, ResolvedValue: 'two' }],
    });
  });

  it('what is not to be echoed is not', async () => {
    const stack = await make({ NoEcho: true }, given('secret'));
    expect(stack?.Parameters).toEqual([{ ParameterKey: 'Given', ParameterValue: '****' }]);
  });
});

describe('what is refused before anything changes', () => {
  const role = { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: { Statement: [] } } };
  const named = { ...role, Properties: { ...role.Properties, RoleName: 'mine' } };
  const send = (body: string, more: object = {}) =>
    cloud.cloudFormation.send(new CreateStackCommand({ StackName: newName(), TemplateBody: body, ...more }));

  it.each<[string, string, object, string, string]>([
    [
      'IAM without a capability',
      template({ R: role }),
      {},
      'InsufficientCapabilitiesException',
      'Requires capabilities : [CAPABILITY_IAM]',
    ],
    [
      'a named role with CAPABILITY_IAM',
      template({ R: named }),
      { Capabilities: ['CAPABILITY_IAM'] },
      'InsufficientCapabilitiesException',
      'Requires capabilities : [CAPABILITY_NAMED_IAM]',
    ],
    [
      'types AWS does not have',
      template({ R: { Type: 'AWS::Foo::Bar' } }),
      {},
      'ValidationError',
      'Template format error: Unrecognized resource types: [AWS::Foo::Bar]',
    ],
    [
      'notifications',
      template({ P: parameter('/n') }),
      { NotificationARNs: ['arn:aws:sns:us-east-1:000000000000:t'] },
      'ValidationError',
      'The embedded cloud does not carry out NotificationARNs (["arn:aws:sns:us-east-1:000000000000:t"]): leave it out.',
    ],
    [
      'a role that is not there',
      template({ P: parameter('/r') }),
      { RoleARN: 'arn:aws:iam::000000000000:role/none' },
      'ValidationError',
      'Role arn:aws:iam::000000000000:role/none is invalid or cannot be assumed',
    ],
    [
      'a circle',
      template({ A: parameter('/a', { Ref: 'B' }), B: parameter('/b', { Ref: 'A' }) }),
      {},
      'ValidationError',
      'Circular dependency between resources: [A, B]',
    ],
  ])('%s', async (_, body, more, name, message) => {
    await expect(send(body, more)).rejects.toMatchObject({ name, message });
  });

  it('a template longer than 51,200 bytes in the request', async () => {
    const long = template({ P: parameter('/long', 'x'.repeat(51_200)) });
    await expect(send(long)).rejects.toThrow('Member must have length less than or equal to 51200');
  });
});
