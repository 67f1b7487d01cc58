import {
  AddTagsToResourceCommand,
  DeleteParameterCommand,
  DeleteParametersCommand,
  DescribeParametersCommand,
  GetParameterCommand,
  GetParameterHistoryCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  LabelParameterVersionCommand,
  ListTagsForResourceCommand,
  PutParameterCommand,
  type PutParameterCommandInput,
  RemoveTagsFromResourceCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestCloud } from '../src/testing.ts';

let cloud: Awaited<ReturnType<typeof startTestCloud>>;
let ssm: SSMClient;
/** A path of its own for each test. */
let path: string;
let made = 0;

beforeAll(async () => {
  cloud = await startTestCloud();
  ssm = cloud.client(SSMClient);
});
afterAll(() => cloud.close());
beforeEach(() => {
  path = `/test${++made}`;
});

const put = (Name: string, Value: string, more: Partial<PutParameterCommandInput> = {}) =>
  ssm.send(new PutParameterCommand({ Name, Value, Type: 'String', ...more }));
const get = async (Name: string, WithDecryption = false) =>
  (await ssm.send(new GetParameterCommand({ Name, WithDecryption }))).Parameter;

describe('PutParameter and GetParameter', () => {
  it('gives back what was put, with its ARN and version', async () => {
    expect(await put(`${path}/a`, 'one')).toMatchObject({ Version: 1, Tier: 'Standard' });
    expect(await get(`${path}/a`)).toMatchObject({
      Name: `${path}/a`,
      Value: 'one',
      Type: 'String',
      Version: 1,
      DataType: 'text',
      ARN: `arn:aws:ssm:us-east-1:000000000000:parameter${path}/a`,
      LastModifiedDate: expect.any(Date),
    });
  });

  it('overwrites only when asked to, as a new version', async () => {
    const Name = `${path}/a`;
    await put(Name, 'one');
    await expect(put(Name, 'two')).rejects.toMatchObject({ name: 'ParameterAlreadyExists' });
    expect(await put(Name, 'two', { Overwrite: true })).toMatchObject({ Version: 2 });
    expect((await get(Name))?.Value).toBe('two');
    expect((await get(`${Name}:1`))?.Value).toBe('one');
    expect((await get(`arn:aws:ssm:us-east-1:000000000000:parameter${Name}`))?.Value).toBe('two');
    await expect(get(`${Name}:9`)).rejects.toMatchObject({ name: 'ParameterVersionNotFound' });
  });

  it('answers ParameterNotFound, also for the public parameters of AWS', async () => {
    await expect(get(`${path}/missing`)).rejects.toMatchObject({ name: 'ParameterNotFound' });
    const ami = get('/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64');
    await expect(ami).rejects.toMatchObject({ name: 'ParameterNotFound' });
  });

  it('shows a SecureString only to who asks for decryption', async () => {
    const Name = `${path}/secret`;
    await put(Name, 'hush', { Type: 'SecureString' });
    expect((await get(Name))?.Value).not.toContain('hush');
    expect((await get(Name, true))?.Value).toBe('hush');
  });

  it('keeps accounts and regions apart', async () => {
    await put(`${path}/a`, 'x');
    const command = new GetParameterCommand({ Name: `${path}/a` });
    const elsewhere = cloud.client(SSMClient, { region: 'eu-west-1' });
    const other = cloud.client(SSMClient, { credentials: { accessKeyId: '111111111111', secretAccessKey: 'test' } });
    await expect(elsewhere.send(command)).rejects.toMatchObject({ name: 'ParameterNotFound' });
    await expect(other.send(command)).rejects.toMatchObject({ name: 'ParameterNotFound' });
  });

  it('takes 4 KB in the standard and 8 KB in the advanced tier', async () => {
    await put(`${path}/standard`, 'x'.repeat(4096));
    await expect(put(`${path}/b`, 'x'.repeat(4097))).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining('maximum parameter value of 4096 characters'),
    });
    await put(`${path}/advanced`, 'x'.repeat(8192), { Tier: 'Advanced' });
    await expect(put(`${path}/c`, 'x'.repeat(8193), { Tier: 'Advanced' })).rejects.toMatchObject({
      name: 'ValidationException',
    });
    expect(await put(`${path}/chosen`, 'x'.repeat(4097), { Tier: 'Intelligent-Tiering' })).toMatchObject({
      Tier: 'Advanced',
    });
    const downgrade = put(`${path}/advanced`, 'x', { Tier: 'Standard', Overwrite: true });
    await expect(downgrade).rejects.toMatchObject({ message: expect.stringContaining("can't downgrade") });
  });

  it.each([
    ['no/leading/slash', 'ValidationException'],
    ['/with space', 'ValidationException'],
    ['/ends/', 'ValidationException'],
    ['ssm-something', 'ValidationException'],
    ['/aws/mine', 'AccessDeniedException'],
    [`/${Array.from({ length: 16 }, () => 'a').join('/')}`, 'HierarchyLevelLimitExceededException'],
    [`/${'a'.repeat(1011)}`, 'ValidationException'],
  ])('refuses the name %s', async (name, error) => {
    await expect(put(name, 'x')).rejects.toMatchObject({ name: error });
  });

  it('takes fifteen levels', async () => {
    await put(`${path}/${Array.from({ length: 14 }, () => 'a').join('/')}`, 'x');
  });

  it('checks values against the allowed pattern, also of an earlier version', async () => {
    const Name = `${path}/number`;
    await put(Name, '12', { AllowedPattern: '^\\d+$' });
    await expect(put(Name, 'twelve', { Overwrite: true })).rejects.toMatchObject({
      name: 'ParameterPatternMismatchException',
    });
    await expect(put(`${path}/b`, 'x', { AllowedPattern: '(' })).rejects.toMatchObject({
      name: 'InvalidAllowedPatternException',
    });
  });

  it('refuses a changed type, a missing type, tags with overwrite, and an empty value', async () => {
    const Name = `${path}/a`;
    await put(Name, 'x');
    await expect(put(Name, 'x', { Type: 'SecureString', Overwrite: true })).rejects.toMatchObject({
      name: 'HierarchyTypeMismatchException',
    });
    await expect(ssm.send(new PutParameterCommand({ Name: `${path}/b`, Value: 'x' }))).rejects.toMatchObject({
      message: 'A parameter type is required when you create a parameter.',
    });
    await expect(put(Name, 'x', { Overwrite: true, Tags: [{ Key: 'a', Value: 'b' }] })).rejects.toMatchObject({
      message: expect.stringContaining("tags and overwrite can't be used together"),
    });
    await expect(put(`${path}/c`, '')).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('keeps 100 versions and does not drop a labelled one', async () => {
    const Name = `${path}/a`;
    for (let i = 1; i <= 101; i++) await put(Name, `v${i}`, { Overwrite: true });
    await expect(get(`${Name}:1`)).rejects.toMatchObject({ name: 'ParameterVersionNotFound' });
    expect((await get(`${Name}:2`))?.Value).toBe('v2');
    await ssm.send(new LabelParameterVersionCommand({ Name, ParameterVersion: 2, Labels: ['pinned'] }));
    await expect(put(Name, 'v102', { Overwrite: true })).rejects.toMatchObject({
      name: 'ParameterMaxVersionLimitExceeded',
    });
  });
});

describe('GetParameters', () => {
  it('answers known names and lists the others', async () => {
    await put(`${path}/a`, '1');
    const answer = await ssm.send(new GetParametersCommand({ Names: [`${path}/a`, `${path}/b`] }));
    expect(answer.Parameters?.map(({ Value }) => Value)).toEqual(['1']);
    expect(answer.InvalidParameters).toEqual([`${path}/b`]);
  });

  it('refuses eleven names', async () => {
    const Names = Array.from({ length: 11 }, (_, i) => `${path}/${i}`);
    await expect(ssm.send(new GetParametersCommand({ Names }))).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

describe('GetParametersByPath', () => {
  const byPath = (more: object = {}) => ssm.send(new GetParametersByPathCommand({ Path: path, ...more }));

  it('answers one level, or everything below when recursive', async () => {
    for (const name of ['a', 'b', 'deep/c']) await put(`${path}/${name}`, name);
    await put(`${path}x`, 'a neighbour');
    const names = async (more: object) => (await byPath(more)).Parameters?.map(({ Value }) => Value);
    expect(await names({})).toEqual(['a', 'b']);
    expect(await names({ Recursive: true })).toEqual(['a', 'b', 'deep/c']);
  });

  it('pages by ten at most', async () => {
    for (let i = 10; i < 35; i++) await put(`${path}/${i}`, `${i}`);
    const seen: (string | undefined)[] = [];
    let NextToken: string | undefined;
    do {
      const page = await byPath({ NextToken });
      expect(page.Parameters?.length).toBeLessThanOrEqual(10);
      seen.push(...(page.Parameters ?? []).map(({ Value }) => Value));
      NextToken = page.NextToken;
    } while (NextToken);
    expect(seen).toEqual(Array.from({ length: 25 }, (_, i) => `${i + 10}`));
    await expect(byPath({ MaxResults: 11 })).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

describe('DescribeParameters', () => {
  it('filters by name, path, type and tag', async () => {
    await put(`${path}/a`, '1', { Description: 'first', Tags: [{ Key: `team${path}`, Value: 'blue' }] });
    await put(`${path}/b`, '1,2', { Type: 'StringList' });
    const names = async (...ParameterFilters: object[]) => {
      const filters = ParameterFilters as never;
      const answer = await ssm.send(new DescribeParametersCommand({ ParameterFilters: filters }));
      return answer.Parameters?.map(({ Name }) => Name);
    };
    const inPath = { Key: 'Path', Values: [path] };
    expect(await names(inPath)).toEqual([`${path}/a`, `${path}/b`]);
    expect(await names(inPath, { Key: 'Type', Values: ['StringList'] })).toEqual([`${path}/b`]);
    expect(await names({ Key: 'Name', Option: 'BeginsWith', Values: [`${path}/a`] })).toEqual([`${path}/a`]);
    expect(await names({ Key: `tag:team${path}`, Values: ['blue'] })).toEqual([`${path}/a`]);
    await expect(names({ Key: 'Colour', Values: ['x'] })).rejects.toMatchObject({ name: 'InvalidFilterKey' });
  });
});

describe('history and labels', () => {
  it('lists every version, oldest first, and moves a label', async () => {
    const Name = `${path}/a`;
    await put(Name, 'one');
    await put(Name, 'two', { Overwrite: true });
    const label = (ParameterVersion: number) =>
      ssm.send(new LabelParameterVersionCommand({ Name, ParameterVersion, Labels: ['live', '1bad'] }));
    expect((await label(1)).InvalidLabels).toEqual(['1bad']);
    await label(2);
    const { Parameters } = await ssm.send(new GetParameterHistoryCommand({ Name }));
    expect(Parameters?.map(({ Value, Version, Labels }) => [Value, Version, Labels])).toEqual([
      ['one', 1, []],
      ['two', 2, ['live']],
    ]);
    expect((await get(`${Name}:live`))?.Value).toBe('two');
  });
});

describe('deleting', () => {
  it('deletes one, and many with the unknown ones named', async () => {
    await put(`${path}/a`, '1');
    await ssm.send(new DeleteParameterCommand({ Name: `${path}/a` }));
    await expect(get(`${path}/a`)).rejects.toMatchObject({ name: 'ParameterNotFound' });
    await expect(ssm.send(new DeleteParameterCommand({ Name: `${path}/a` }))).rejects.toMatchObject({
      name: 'ParameterNotFound',
    });
    await put(`${path}/b`, '1');
    expect(await ssm.send(new DeleteParametersCommand({ Names: [`${path}/b`, `${path}/c`] }))).toMatchObject({
      DeletedParameters: [`${path}/b`],
      InvalidParameters: [`${path}/c`],
    });
  });
});

describe('tags', () => {
  it('adds, replaces and removes tags', async () => {
    const resource = { ResourceType: 'Parameter', ResourceId: `${path}/a` } as const;
    await put(`${path}/a`, '1', { Tags: [{ Key: 'a', Value: '1' }] });
    const Tags = [
      { Key: 'a', Value: '2' },
      { Key: 'b', Value: '3' },
    ];
    await ssm.send(new AddTagsToResourceCommand({ ...resource, Tags }));
    expect((await ssm.send(new ListTagsForResourceCommand(resource))).TagList).toEqual(Tags);
    await ssm.send(new RemoveTagsFromResourceCommand({ ...resource, TagKeys: ['a'] }));
    expect((await ssm.send(new ListTagsForResourceCommand(resource))).TagList).toEqual([{ Key: 'b', Value: '3' }]);
  });

  it('answers InvalidResourceId for a parameter that is not there', async () => {
    const list = new ListTagsForResourceCommand({ ResourceType: 'Parameter', ResourceId: `${path}/missing` });
    await expect(ssm.send(list)).rejects.toMatchObject({ name: 'InvalidResourceId' });
  });
});
