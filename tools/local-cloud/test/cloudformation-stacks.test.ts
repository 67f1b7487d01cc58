import {
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  GetTemplateSummaryCommand,
  ListExportsCommand,
  ListImportsCommand,
  ListStackResourcesCommand,
  ListStacksCommand,
  RollbackStackCommand,
  UpdateStackCommand,
  UpdateTerminationProtectionCommand,
  ValidateTemplateCommand,
} from '@aws-sdk/client-cloudformation';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DeleteParameterCommand, GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { impossible, parameter, type StackCloud, startStackCloud, template } from './cloudformation-support.ts';

let cloud: StackCloud;
let ssm: SSMClient;
/** A stack's name and a path of parameters of its own for each test. */
let name: string;
let path: string;
let made = 0;

beforeAll(async () => {
  cloud = await startStackCloud();
  ssm = cloud.client(SSMClient);
});
afterAll(() => cloud.close());
beforeEach(() => {
  name = `stack${++made}`;
  path = `/${name}`;
});

/** The parameter's value; the error's name when there is none. */
const stored = (Name: string): Promise<string | undefined> =>
  ssm.send(new GetParameterCommand({ Name })).then(
    ({ Parameter }) => Parameter?.Value,
    (error: Error) => error.name,
  );

const remove = async (StackName: string, more: object = {}) => {
  const stack = await cloud.describe(StackName);
  await cloud.cloudFormation.send(new DeleteStackCommand({ StackName, ...more }));
  return cloud.settled(stack?.StackId ?? '');
};

describe('creation', () => {
  it('follows the references; outputs and attributes are known at the end', async () => {
    const resources = {
      Second: parameter(`${path}/b`, { 'Fn::Sub': `\${First} is \${First.Value}` }),
      First: parameter(`${path}/a`, 'one'),
    };
    const Outputs = {
      Value: { Value: { 'Fn::GetAtt': ['Second', 'Value'] }, Description: 'what it says' },
      Never: { Value: 'x', Condition: 'No' },
    };
    const stack = await cloud.create(
      name,
      template(resources, { Outputs, Conditions: { No: { 'Fn::Equals': [1, 2] } } }),
    );
    expect(stack).toMatchObject({
      StackStatus: 'CREATE_COMPLETE',
      Outputs: [{ OutputKey: 'Value', OutputValue: `${path}/a is one`, Description: 'what it says' }],
    });
    expect(stack?.Outputs).toHaveLength(1);
    expect(await stored(`${path}/b`)).toBe(`${path}/a is one`);
  });

  it('names what the template does not: stack, logical ID and letters of chance', async () => {
    const { Name: _, ...unnamed } = parameter('').Properties;
    const stream = { Type: 'AWS::Kinesis::Stream', Properties: { ShardCount: 1 } };
    const bucket = { Type: 'AWS::S3::Bucket' };
    await cloud.create(
      name,
      template({ P: { ...parameter(''), Properties: unnamed }, Stream: stream, Bucket: bucket }),
    );
    expect(await cloud.physicalIds(name)).toEqual({
      P: expect.stringMatching(/^CFN-P-[A-Za-z0-9]{12}$/),
      Stream: expect.stringMatching(new RegExp(`^${name}-Stream-[A-Za-z0-9]{12}$`)),
      Bucket: expect.stringMatching(new RegExp(`^${name}-bucket-[a-z0-9]{12}$`)),
    });
    await remove(name);
  });

  it('that fails is rolled back: nothing is left but the events that say why', async () => {
    const body = template({ Good: parameter(`${path}/good`), Bad: { ...impossible, DependsOn: 'Good' } });
    expect(await cloud.create(name, body)).toMatchObject({ StackStatus: 'ROLLBACK_COMPLETE' });
    expect(await stored(`${path}/good`)).toBe('ParameterNotFound');
    const events = await cloud.events(name);
    expect(events).toContainEqual(
      expect.stringMatching(
        /^Bad CREATE_FAILED Resource handler returned message: ".*" \(RequestToken: .*, HandlerErrorCode: \w+\)$/,
      ),
    );
    expect(events).toContain(
      `${name} ROLLBACK_IN_PROGRESS The following resource(s) failed to create: [Bad]. Rollback requested by user.`,
    );
    expect(events.at(-1)).toBe(`${name} ROLLBACK_COMPLETE`);
    await expect(cloud.update(name, body)).rejects.toThrow('is in ROLLBACK_COMPLETE state and can not be updated.');
  });

  it('OnFailure DELETE leaves no stack, OnFailure DO_NOTHING leaves what was made', async () => {
    const body = template({ Good: parameter(`${path}/good`), Bad: { ...impossible, DependsOn: 'Good' } });
    await cloud.cloudFormation.send(
      new CreateStackCommand({ StackName: name, TemplateBody: body, OnFailure: 'DELETE' }),
    );
    await expect(cloud.describe(name)).rejects.toThrow(`Stack with id ${name} does not exist`);
    expect(await cloud.create(name, body, { OnFailure: 'DO_NOTHING' })).toMatchObject({ StackStatus: 'CREATE_FAILED' });
    expect(await stored(`${path}/good`)).toBe('v');
  });
});

describe('update', () => {
  it('changes in place, replaces, adds and removes; what is replaced goes last', async () => {
    const first = {
      Stay: parameter(`${path}/stay`, 'one'),
      Move: parameter(`${path}/old`),
      Gone: parameter(`${path}/gone`),
    };
    const second = {
      Stay: parameter(`${path}/stay`, 'two'),
      Move: parameter(`${path}/new`),
      Add: parameter(`${path}/add`),
    };
    await cloud.create(name, template(first));
    expect(await cloud.update(name, template(second))).toMatchObject({ StackStatus: 'UPDATE_COMPLETE' });
    expect(await Promise.all(['stay', 'old', 'new', 'gone', 'add'].map((key) => stored(`${path}/${key}`)))).toEqual([
      'two',
      'ParameterNotFound',
      'v',
      'ParameterNotFound',
      'v',
    ]);
    const events = await cloud.events(name);
    const cleanup = events.indexOf(`${name} UPDATE_COMPLETE_CLEANUP_IN_PROGRESS`);
    expect(
      events
        .slice(cleanup)
        .filter((event) => event.includes('DELETE_COMPLETE'))
        .sort(),
    ).toEqual(['Gone DELETE_COMPLETE', 'Move DELETE_COMPLETE']);
    expect(await cloud.physicalIds(name)).toEqual({
      Stay: `${path}/stay`,
      Move: `${path}/new`,
      Add: `${path}/add`,
    });
  });

  it('that fails is rolled back to what stood before', async () => {
    const first = { Stay: parameter(`${path}/stay`, 'one'), Move: parameter(`${path}/old`) };
    const second = {
      Stay: parameter(`${path}/stay`, 'two'),
      Move: parameter(`${path}/new`),
      Add: parameter(`${path}/add`),
      Bad: { ...impossible, DependsOn: ['Stay', 'Move', 'Add'] },
    };
    const Outputs = { Name: { Value: { Ref: 'Move' } } };
    await cloud.create(name, template(first, { Outputs }));
    expect(await cloud.update(name, template(second, { Outputs }))).toMatchObject({
      StackStatus: 'UPDATE_ROLLBACK_COMPLETE',
      Outputs: [{ OutputValue: `${path}/old` }],
    });
    expect(await Promise.all(['stay', 'old', 'new', 'add'].map((key) => stored(`${path}/${key}`)))).toEqual([
      'one',
      'v',
      'ParameterNotFound',
      'ParameterNotFound',
    ]);
    // What stands is what the template before says: the next update has nothing to do.
    await expect(cloud.update(name, template(first, { Outputs }))).rejects.toThrow('No updates are to be performed.');
  });

  it('of a custom-named resource that must be replaced is refused, and rolled back', async () => {
    const group = (GroupClass: string) => ({
      Type: 'AWS::ECR::Repository',
      Properties: { RepositoryName: name, EncryptionConfiguration: { EncryptionType: GroupClass } },
    });
    await cloud.create(name, template({ R: group('AES256') }));
    expect(await cloud.update(name, template({ R: group('KMS') }))).toMatchObject({
      StackStatus: 'UPDATE_ROLLBACK_COMPLETE',
    });
    expect(await cloud.events(name)).toContain(
      `R UPDATE_FAILED CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename ${name} and update the stack again.`,
    );
  });
});

describe('without a rollback', () => {
  const failing = () => template({ P: parameter(`${path}/p`, 'two'), Bad: { ...impossible, DependsOn: 'P' } });

  it('a failed update stays, can be tried again, or rolled back with RollbackStack', async () => {
    await cloud.create(name, template({ P: parameter(`${path}/p`, 'one') }));
    expect(await cloud.update(name, failing(), { DisableRollback: true })).toMatchObject({
      StackStatus: 'UPDATE_FAILED',
    });
    expect(await stored(`${path}/p`)).toBe('two');
    await expect(cloud.update(name, failing())).rejects.toThrow(
      'This stack is currently in a non-terminal [UPDATE_FAILED] state.',
    );
    expect(await cloud.update(name, failing(), { DisableRollback: true })).toMatchObject({
      StackStatus: 'UPDATE_FAILED',
    });
    await cloud.cloudFormation.send(new RollbackStackCommand({ StackName: name }));
    expect(await cloud.settled(name)).toMatchObject({ StackStatus: 'UPDATE_ROLLBACK_COMPLETE' });
    expect(await stored(`${path}/p`)).toBe('one');
  });

  it('a failed creation can be completed by a template that works', async () => {
    expect(await cloud.create(name, failing(), { DisableRollback: true })).toMatchObject({
      StackStatus: 'CREATE_FAILED',
    });
    const fixed = template({ P: parameter(`${path}/p`, 'three'), Bad: parameter(`${path}/good`) });
    expect(await cloud.update(name, fixed, { DisableRollback: true })).toMatchObject({
      StackStatus: 'UPDATE_COMPLETE',
    });
    expect(await stored(`${path}/good`)).toBe('v');
  });

  it('nothing may be replaced', async () => {
    await cloud.create(name, template({ P: parameter(`${path}/old`) }));
    const stack = await cloud.update(name, template({ P: parameter(`${path}/new`) }), { DisableRollback: true });
    expect(stack).toMatchObject({ StackStatus: 'UPDATE_FAILED' });
    expect(await cloud.events(name)).toContain(
      'P UPDATE_FAILED Replacement type updates not supported on stack with disable-rollback.',
    );
  });
});

describe('deletion', () => {
  it('goes against the references and keeps what is to be retained', async () => {
    const kept = { ...parameter(`${path}/kept`), DeletionPolicy: 'Retain' };
    await cloud.create(
      name,
      template({ A: parameter(`${path}/a`), B: parameter(`${path}/b`, { Ref: 'A' }), Kept: kept }),
    );
    const gone = await remove(name);
    expect(gone).toMatchObject({ StackStatus: 'DELETE_COMPLETE', DeletionTime: expect.any(Date) });
    const events = await cloud.events(gone?.StackId ?? '');
    expect(events).toContain('Kept DELETE_SKIPPED');
    expect(events.indexOf('B DELETE_COMPLETE')).toBeLessThan(events.indexOf('A DELETE_IN_PROGRESS'));
    expect(await stored(`${path}/kept`)).toBe('v');
    await expect(cloud.describe(name)).rejects.toMatchObject({
      name: 'ValidationError',
      message: `Stack with id ${name} does not exist`,
    });
    await cloud.cloudFormation.send(new DeleteStackCommand({ StackName: name }));
  });

  it('that fails says so; the rest can be given up', async () => {
    const bucket = { Type: 'AWS::ECR::Repository', Properties: { RepositoryName: name } };
    const policy = { Type: 'AWS::S3::Bucket', Properties: { BucketName: `${name}-objects` } };
    await cloud.create(name, template({ Repository: bucket, Bucket: policy, P: parameter(`${path}/p`) }));
    await cloud.client(S3Client).send(new PutObjectCommand({ Bucket: `${name}-objects`, Key: 'k', Body: 'b' }));
    expect(await remove(name)).toMatchObject({
      StackStatus: 'DELETE_FAILED',
      StackStatusReason: 'The following resource(s) failed to delete: [Bucket]. ',
    });
    expect(await stored(`${path}/p`)).toBe('ParameterNotFound');
    expect(await remove(name, { RetainResources: ['Bucket'] })).toMatchObject({ StackStatus: 'DELETE_COMPLETE' });
  });

  it('is refused while the stack is protected', async () => {
    await cloud.create(name, template({ P: parameter(path) }), { EnableTerminationProtection: true });
    await expect(remove(name)).rejects.toThrow(
      `Stack [${name}] cannot be deleted while TerminationProtection is enabled`,
    );
    const input = { StackName: name, EnableTerminationProtection: false };
    await cloud.cloudFormation.send(new UpdateTerminationProtectionCommand(input));
    expect(await remove(name)).toMatchObject({ StackStatus: 'DELETE_COMPLETE' });
  });

  it('what somebody else has deleted already is no failure', async () => {
    await cloud.create(name, template({ P: parameter(path) }));
    await ssm.send(new DeleteParameterCommand({ Name: path }));
    expect(await remove(name)).toMatchObject({ StackStatus: 'DELETE_COMPLETE' });
  });
});

describe('exports', () => {
  const exporting = (value: unknown = { Ref: 'P' }) =>
    template({ P: parameter(`${path}/p`) }, { Outputs: { O: { Value: value, Export: { Name: `${name}-export` } } } });
  const importing = () => template({ Q: parameter(`${path}/q`, { 'Fn::ImportValue': `${name}-export` }) });

  it('hold what imports them, and are held by it', async () => {
    await cloud.create(name, exporting());
    await cloud.create(`${name}-reader`, importing());
    expect(await stored(`${path}/q`)).toBe(`${path}/p`);
    const { Exports } = await cloud.cloudFormation.send(new ListExportsCommand({}));
    expect(Exports).toContainEqual(expect.objectContaining({ Name: `${name}-export`, Value: `${path}/p` }));
    const { Imports } = await cloud.cloudFormation.send(new ListImportsCommand({ ExportName: `${name}-export` }));
    expect(Imports).toEqual([`${name}-reader`]);

    const held = `Delete canceled. Cannot delete export ${name}-export as it is in use by ${name}-reader.`;
    expect(await remove(name)).toMatchObject({ StackStatus: 'CREATE_COMPLETE', StackStatusReason: held });
    expect(await cloud.update(name, template({ P: parameter(`${path}/p`) }))).toMatchObject({
      StackStatus: 'UPDATE_ROLLBACK_COMPLETE',
    });
    await remove(`${name}-reader`);
    expect(await remove(name)).toMatchObject({ StackStatus: 'DELETE_COMPLETE' });
  });

  it('have one owner, and must exist', async () => {
    await cloud.create(name, exporting('x'));
    const other = template(
      { P: parameter(`${path}/r`) },
      { Outputs: { O: { Value: 'y', Export: { Name: `${name}-export` } } } },
    );
    expect(await cloud.create(`${name}-other`, other)).toMatchObject({ StackStatus: 'ROLLBACK_COMPLETE' });
    expect((await cloud.events(`${name}-other`)).join()).toContain(
      `Export with name ${name}-export is already exported by stack ${name}`,
    );
    const missing = template({ Q: parameter(path, { 'Fn::ImportValue': 'nobody' }) });
    await expect(cloud.create(`${name}-late`, missing)).rejects.toThrow('No export named nobody found.');
  });
});

describe('values from elsewhere', () => {
  it('dynamic references and outputs of other stacks are taken when the stack is deployed', async () => {
    await ssm.send(new PutParameterCommand({ Name: `${path}/source`, Type: 'String', Value: 'found' }));
    await cloud.create(
      `${name}-other`,
      template({ P: parameter(`${path}/p`) }, { Outputs: { O: { Value: 'output' } } }),
    );
    const resources = {
      Dynamic: parameter(`${path}/dynamic`, { 'Fn::Sub': `{{resolve:ssm:${path}/\${Name}}}` }),
      Output: parameter(`${path}/output`, { 'Fn::GetStackOutput': { StackName: `${name}-other`, OutputName: 'O' } }),
    };
    await cloud.create(name, template(resources, { Parameters: { Name: { Type: 'String', Default: 'source' } } }));
    expect(await stored(`${path}/dynamic`)).toBe('found');
    expect(await stored(`${path}/output`)).toBe('output');
  });
});

describe('looking at stacks', () => {
  it('lists them, deleted ones too, and their resources', async () => {
    await cloud.create(name, template({ P: parameter(path) }));
    const { StackResourceSummaries } = await cloud.cloudFormation.send(
      new ListStackResourcesCommand({ StackName: name }),
    );
    expect(StackResourceSummaries).toMatchObject([
      {
        LogicalResourceId: 'P',
        PhysicalResourceId: path,
        ResourceType: 'AWS::SSM::Parameter',
        ResourceStatus: 'CREATE_COMPLETE',
      },
    ]);
    await remove(name);
    const { Stacks } = await cloud.cloudFormation.send(new DescribeStacksCommand({}));
    expect(Stacks?.map(({ StackName }) => StackName)).not.toContain(name);
    const StackStatusFilter = ['DELETE_COMPLETE' as const];
    const { StackSummaries } = await cloud.cloudFormation.send(new ListStacksCommand({ StackStatusFilter }));
    expect(StackSummaries?.map(({ StackName }) => StackName)).toContain(name);
  });

  it('tells what a template needs', async () => {
    const TemplateBody = template(
      { R: { Type: 'AWS::IAM::User', Properties: { UserName: 'u' } } },
      { Description: 'about', Parameters: { A: { Type: 'String', Default: 'x', AllowedValues: ['x'] } } },
    );
    expect(await cloud.cloudFormation.send(new GetTemplateSummaryCommand({ TemplateBody }))).toMatchObject({
      Description: 'about',
      Capabilities: ['CAPABILITY_NAMED_IAM'],
      ResourceTypes: ['AWS::IAM::User'],
      Parameters: [{ ParameterKey: 'A', DefaultValue: 'x', ParameterConstraints: { AllowedValues: ['x'] } }],
    });
    expect(await cloud.cloudFormation.send(new ValidateTemplateCommand({ TemplateBody }))).toMatchObject({
      Parameters: [{ ParameterKey: 'A', DefaultValue: 'x' }],
    });
    await expect(
      cloud.cloudFormation.send(new ValidateTemplateCommand({ TemplateBody: '{"Resources": {}}' })),
    ).rejects.toMatchObject({ name: 'ValidationError' });
  });

  it('a stack that is not there is told as clients expect it', async () => {
    const missing = { StackName: 'missing' };
    await expect(cloud.cloudFormation.send(new UpdateStackCommand({ ...missing, TemplateBody: '{}' }))).rejects.toThrow(
      'Stack [missing] does not exist',
    );
    await expect(cloud.events('missing')).rejects.toThrow('Stack [missing] does not exist');
    await expect(
      cloud.cloudFormation.send(new ExecuteChangeSetCommand({ ...missing, ChangeSetName: 'c' })),
    ).rejects.toMatchObject({ name: 'ChangeSetNotFoundException' });
  });
});
