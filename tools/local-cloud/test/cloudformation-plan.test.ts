import { describe, expect, it } from 'vitest';
import { knownAfterApply } from '../src/cloudformation/evaluate.ts';
import { planDeployment } from '../src/cloudformation/plan.ts';
import type { Surroundings } from '../src/cloudformation/scope.ts';
import type { StackOutput, StackResource } from '../src/cloudformation/state.ts';
import type { ResourceDefinition, Template } from '../src/cloudformation/template.ts';

const caller = {
  account: '000000000000',
  type: 'root',
  arn: 'arn:aws:iam::000000000000:root',
  userId: 'root',
} as const;
// Nothing in these templates is looked up elsewhere.
const surroundings = {
  account: caller.account,
  region: 'us-east-1',
  caller,
  stack: { id: 'arn:stack', name: 'orders' },
} as unknown as Surroundings;

type Resources = Readonly<Record<string, ResourceDefinition>>;

const stream = (properties: object = {}): ResourceDefinition => ({
  Type: 'AWS::Kinesis::Stream',
  Properties: { Name: 'orders', ShardCount: 1, ...properties },
});
const parameter = (properties: object): ResourceDefinition => ({
  Type: 'AWS::SSM::Parameter',
  Properties: { Type: 'String', Value: 'v', ...properties },
});

function deployed(logicalId: string, definition: ResourceDefinition, more: Partial<StackResource> = {}): StackResource {
  return {
    logicalId,
    type: definition.Type,
    physicalId: `${logicalId}-1`,
    properties: definition.Properties ?? {},
    attributes: { Arn: `arn:${logicalId}` },
    metadata: undefined,
    deletionPolicy: 'Delete',
    updateReplacePolicy: 'Delete',
    dependencies: [],
    status: 'CREATE_COMPLETE',
    statusReason: undefined,
    updated: new Date(0),
    ...more,
  };
}

async function plan(
  definitions: Resources,
  standing: readonly StackResource[] = [],
  more: { sections?: Partial<Template>; tags?: { Key: string; Value: string }[]; outputs?: StackOutput[] } = {},
) {
  const template = { Resources: definitions, ...more.sections };
  const deployment = { templateBody: '', parameters: [], tags: more.tags ?? [], capabilities: [] };
  const resources = new Map(standing.map((resource) => [resource.logicalId, resource]));
  return planDeployment(surroundings, template, deployment, { resources, outputs: more.outputs ?? [] });
}

async function changes(...given: Parameters<typeof plan>) {
  return (await plan(...given)).changes.map(({ ResourceChange }) => ResourceChange);
}

describe('what a change set shows', () => {
  it('new resources are added, gone ones removed, equal ones not mentioned', async () => {
    const standing = [deployed('Same', stream()), deployed('Gone', parameter({}), { deletionPolicy: 'Retain' })];
    expect(await changes({ Same: stream(), New: parameter({}) }, standing)).toMatchObject([
      { Action: 'Add', LogicalResourceId: 'New', ResourceType: 'AWS::SSM::Parameter' },
      { Action: 'Remove', LogicalResourceId: 'Gone', PhysicalResourceId: 'Gone-1', PolicyAction: 'Retain' },
    ]);
  });

  it('a property that can be updated does not replace', async () => {
    const [change] = await changes({ S: stream({ RetentionPeriodHours: '48' }) }, [deployed('S', stream())]);
    expect(change).toMatchObject({
      Action: 'Modify',
      Replacement: 'False',
      Scope: ['Properties'],
      Details: [
        {
          Evaluation: 'Static',
          ChangeSource: 'DirectModification',
          Target: {
            Attribute: 'Properties',
            Name: 'RetentionPeriodHours',
            RequiresRecreation: 'Never',
            AfterValue: '48',
          },
        },
      ],
    });
  });

  it('a create-only property replaces, and who refers to it is told so', async () => {
    const reader = parameter({ Value: { Ref: 'S' } });
    const standing = [deployed('S', stream()), deployed('P', parameter({ Value: 'S-1' }))];
    expect(await changes({ S: stream({ Name: 'other' }), P: reader }, standing)).toMatchObject([
      { LogicalResourceId: 'S', Replacement: 'True', PolicyAction: 'ReplaceAndDelete' },
      {
        LogicalResourceId: 'P',
        Replacement: 'False',
        Details: [
          {
            Evaluation: 'Dynamic',
            ChangeSource: 'ResourceReference',
            CausingEntity: 'S',
            Target: { Name: 'Value', AfterValue: knownAfterApply },
          },
        ],
      },
    ]);
  });

  it('a create-only property that depends on another resource may replace', async () => {
    const named = parameter({ Name: { 'Fn::Sub': `/\${S}` } });
    const standing = [deployed('S', stream()), deployed('P', parameter({ Name: '/S-1' }))];
    const [, change] = await changes({ S: stream({ Name: 'other' }), P: named }, standing);
    expect(change).toMatchObject({ LogicalResourceId: 'P', Replacement: 'Conditional' });
  });

  it('values are compared as their documented types: 1 is "1" where a number is wanted', async () => {
    const standing = [deployed('S', stream({ ShardCount: 1 }))];
    expect(await changes({ S: stream({ ShardCount: '1' }) }, standing)).toEqual([]);
  });

  it('stack tags reach the resources that take tags; their own take precedence', async () => {
    const own = stream({ Tags: [{ Key: 'owner', Value: 'orders' }] });
    const tags = [
      { Key: 'owner', Value: 'platform' },
      { Key: 'stage', Value: 'dev' },
    ];
    const [change] = await changes({ S: own }, [deployed('S', own)], { tags });
    expect(change?.Details?.[0]?.Target).toMatchObject({
      Attribute: 'Tags',
      AfterValue: JSON.stringify([
        { Key: 'owner', Value: 'orders' },
        { Key: 'stage', Value: 'dev' },
      ]),
    });
  });

  it('metadata and policies alone change nothing at the service', async () => {
    const next = { ...stream(), Metadata: { a: 1 }, DeletionPolicy: 'Retain' };
    expect(await changes({ S: next }, [deployed('S', stream())])).toMatchObject([
      { Action: 'Modify', Replacement: 'False', Scope: ['Metadata', 'DeletionPolicy'] },
    ]);
  });

  it('outputs alone are a change', async () => {
    const sections = { Outputs: { Name: { Value: { Ref: 'S' } } } };
    const outputs = [{ key: 'Name', value: 'S-1' }];
    expect(await plan({ S: stream() }, [deployed('S', stream())], { sections })).toMatchObject({ outputsChange: true });
    expect(await plan({ S: stream() }, [deployed('S', stream())], { sections, outputs })).toMatchObject({
      changes: [],
      outputsChange: false,
    });
  });
});

describe('what can’t be planned', () => {
  it('properties AWS does not know, lacks, or knows otherwise are all told at once', async () => {
    const wrong = { Type: 'AWS::Lambda::Function', Properties: { Code: { Zip: 1 }, Timeout: 'long', constructor: 1 } };
    const { problems } = await plan({ F: wrong });
    expect(problems.map(({ path, message }) => `${path}: ${message}`)).toEqual([
      '/Resources/F/Properties/Code/Zip: Encountered unsupported property Zip',
      '/Resources/F/Properties/Timeout: expected type: integer, found: string',
      '/Resources/F/Properties/constructor: Encountered unsupported property constructor',
      '/Resources/F/Properties: required key [Role] not found',
    ]);
  });

  it('a property AWS knows and this cloud does not carry out is told as that', async () => {
    const { problems } = await plan({ B: { Type: 'AWS::S3::Bucket', Properties: { WebsiteConfiguration: {} } } });
    expect(problems).toMatchObject([{ message: expect.stringContaining('does not carry out the property Website') }]);
  });

  it.each<[string, Resources, RegExp]>([
    [
      'types without a provider',
      { A: { Type: 'AWS::EC2::Instance' }, B: { Type: 'AWS::GameLift::Fleet' } },
      /no resource types \[AWS::EC2::Instance, AWS::GameLift::Fleet\]/,
    ],
    [
      'attributes AWS does not document',
      { S: stream(), P: parameter({ Value: { 'Fn::GetAtt': ['S', 'Arm'] } }) },
      /resource S does not support attribute type Arm in Fn::GetAtt/,
    ],
    [
      'a deletion policy this cloud lacks',
      { S: { ...stream(), DeletionPolicy: 'Snapshot' } },
      /"Snapshot" is no deletion policy of resource S/,
    ],
  ])('%s', async (_, definitions, message) => {
    await expect(plan(definitions)).rejects.toThrow(message);
  });

  it('a resource that changes its type', async () => {
    await expect(plan({ S: parameter({}) }, [deployed('S', stream())])).rejects.toThrow(
      'Update of resource type is not permitted. The new template modifies resource type of the following resources: [S]',
    );
  });
});

it('1,000 resources are planned in under a second', async () => {
  await plan({ S: stream() });
  const definitions = Object.fromEntries(
    Array.from({ length: 1000 }, (_, index) => [
      `P${index}`,
      parameter({ Name: `/p/${index}`, Value: index === 0 ? 'first' : { 'Fn::Sub': `after \${P${index - 1}}` } }),
    ]),
  );
  const started = process.cpuUsage();
  const { changes: planned } = await plan(definitions);
  expect(planned).toHaveLength(1000);
  // Of the processor's time: the machine may have other things to do.
  expect(process.cpuUsage(started).user / 1000).toBeLessThan(1000);
});
