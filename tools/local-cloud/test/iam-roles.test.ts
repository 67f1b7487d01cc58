import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
  ListRoleTagsCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  TagRoleCommand,
  UntagRoleCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
} from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestCloud } from '../src/testing.ts';

const trust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});
const policy = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'kinesis:PutRecords', Resource: '*' }],
});
const basic = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';

let cloud: Awaited<ReturnType<typeof startTestCloud>>;
let iam: IAMClient;
beforeAll(async () => {
  cloud = await startTestCloud();
  iam = cloud.client(IAMClient);
});
afterAll(() => cloud.close());

const create = (RoleName: string, more: Partial<CreateRoleCommand['input']> = {}) =>
  iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust, ...more }));

describe('a role', () => {
  test('is made and found again with all it was given', async () => {
    const { Role: made } = await create('Reader', {
      Path: '/service/',
      Description: 'reads',
      MaxSessionDuration: 7200,
      Tags: [{ Key: 'owner', Value: 'platform' }],
    });
    expect(made?.Arn).toBe('arn:aws:iam::000000000000:role/service/Reader');
    expect(made?.RoleId).toMatch(/^AROA[A-Z2-7]{17}$/);
    const { Role: found } = await iam.send(new GetRoleCommand({ RoleName: 'reader' }));
    expect(found).toMatchObject({
      RoleName: 'Reader',
      Path: '/service/',
      Description: 'reads',
      MaxSessionDuration: 7200,
      Tags: [{ Key: 'owner', Value: 'platform' }],
    });
    expect(JSON.parse(decodeURIComponent(found?.AssumeRolePolicyDocument ?? ''))).toEqual(JSON.parse(trust));
  });

  test('has a name of its own, whatever its case', async () => {
    await create('Taken');
    await expect(create('TAKEN')).rejects.toMatchObject({
      name: 'EntityAlreadyExistsException',
      message: 'Role with name TAKEN already exists.',
      $metadata: { httpStatusCode: 409 },
    });
  });

  test.each([
    [{ RoleName: 'a b' }, 'ValidationError', /^The specified value for roleName is invalid\./],
    [{ RoleName: 'x'.repeat(65) }, 'ValidationError', /Member must have length less than or equal to 64$/],
    [{ Path: 'no-slashes' }, 'ValidationError', /^The specified value for path is invalid\./],
    [{ MaxSessionDuration: 3599 }, 'ValidationError', /'maxSessionDuration' .* greater than or equal to 3600$/],
    [
      { PermissionsBoundary: 'arn:aws:iam::aws:policy/Nope' },
      'NoSuchEntityException',
      /does not exist or is not attachable/,
    ],
    [
      {
        Tags: [
          { Key: 'a', Value: '' },
          { Key: 'A', Value: '' },
        ],
      },
      'InvalidInputException',
      /^Duplicate tag keys found\./,
    ],
    [{ AssumeRolePolicyDocument: policy }, 'MalformedPolicyDocumentException', /^Has prohibited field Resource$/],
    [{ AssumeRolePolicyDocument: '{' }, 'MalformedPolicyDocumentException', /^This policy contains invalid Json$/],
    [
      { AssumeRolePolicyDocument: trust.replace('lambda.amazonaws.com"}', 'x"},"Where":"?"') },
      'MalformedPolicyDocumentException',
      /^Syntax errors in policy\.$/,
    ],
    [
      {
        AssumeRolePolicyDocument: trust.replace(
          '"Service":"lambda.amazonaws.com"',
          '"AWS":"arn:aws:iam::000000000000:role/None"',
        ),
      },
      'MalformedPolicyDocumentException',
      /^Invalid principal in policy: "AWS":"arn:aws:iam::000000000000:role\/None"$/,
    ],
  ])('is refused with %j', async (wrong, name, message) => {
    await expect(create('Refused', wrong)).rejects.toMatchObject({ name, message: expect.stringMatching(message) });
    await expect(iam.send(new GetRoleCommand({ RoleName: 'Refused' }))).rejects.toMatchObject({
      name: 'NoSuchEntityException',
      message: 'The role with name Refused cannot be found.',
      $metadata: { httpStatusCode: 404 },
    });
  });

  test('can be changed', async () => {
    await create('Changing');
    await iam.send(new UpdateRoleCommand({ RoleName: 'Changing', Description: 'new', MaxSessionDuration: 43_200 }));
    const ecs = trust.replace('lambda', 'ecs-tasks');
    await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: 'Changing', PolicyDocument: ecs }));
    await iam.send(new PutRolePermissionsBoundaryCommand({ RoleName: 'Changing', PermissionsBoundary: basic }));
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: 'Changing' }));
    expect(Role).toMatchObject({
      Description: 'new',
      MaxSessionDuration: 43_200,
      PermissionsBoundary: { PermissionsBoundaryArn: basic },
    });
    expect(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '')).toBe(ecs);
  });

  test('goes only when nothing is attached', async () => {
    await create('Leaving');
    await iam.send(new PutRolePolicyCommand({ RoleName: 'Leaving', PolicyName: 'p', PolicyDocument: policy }));
    await iam.send(new AttachRolePolicyCommand({ RoleName: 'Leaving', PolicyArn: basic }));
    const leave = () => iam.send(new DeleteRoleCommand({ RoleName: 'Leaving' }));
    await expect(leave()).rejects.toMatchObject({
      name: 'DeleteConflictException',
      message: 'Cannot delete entity, must delete policies first.',
    });
    await iam.send(new DeleteRolePolicyCommand({ RoleName: 'Leaving', PolicyName: 'p' }));
    await expect(leave()).rejects.toMatchObject({ message: 'Cannot delete entity, must detach all policies first.' });
    await iam.send(new DetachRolePolicyCommand({ RoleName: 'Leaving', PolicyArn: basic }));
    await leave();
    await expect(iam.send(new GetRoleCommand({ RoleName: 'Leaving' }))).rejects.toThrow('cannot be found');
  });

  test('is listed by path, page by page', async () => {
    for (const name of ['L1', 'L2', 'L3']) await create(name, { Path: '/listed/' });
    const first = await iam.send(new ListRolesCommand({ PathPrefix: '/listed/', MaxItems: 2 }));
    expect(first.Roles?.map((role) => role.RoleName)).toEqual(['L1', 'L2']);
    expect(first.IsTruncated).toBe(true);
    const rest = await iam.send(new ListRolesCommand({ PathPrefix: '/listed/', MaxItems: 2, Marker: first.Marker }));
    expect(rest.Roles?.map((role) => role.RoleName)).toEqual(['L3']);
    expect(rest.IsTruncated).toBe(false);
  });

  test('carries tags, 50 at most', async () => {
    await create('Tagged');
    const tags = Array.from({ length: 50 }, (_, i) => ({ Key: `k${i}`, Value: `${i}` }));
    await iam.send(new TagRoleCommand({ RoleName: 'Tagged', Tags: tags }));
    await expect(
      iam.send(new TagRoleCommand({ RoleName: 'Tagged', Tags: [{ Key: 'one-more', Value: '' }] })),
    ).rejects.toMatchObject({ name: 'LimitExceededException' });
    await iam.send(new UntagRoleCommand({ RoleName: 'Tagged', TagKeys: tags.slice(1).map((tag) => tag.Key) }));
    const { Tags } = await iam.send(new ListRoleTagsCommand({ RoleName: 'Tagged' }));
    expect(Tags).toEqual([{ Key: 'k0', Value: '0' }]);
  });
});

describe("a role's policies", () => {
  test('inline ones are kept as they were written', async () => {
    await create('Inline');
    const written = JSON.stringify(JSON.parse(policy), undefined, 2);
    await iam.send(new PutRolePolicyCommand({ RoleName: 'Inline', PolicyName: 'write', PolicyDocument: written }));
    const found = await iam.send(new GetRolePolicyCommand({ RoleName: 'Inline', PolicyName: 'write' }));
    expect(decodeURIComponent(found.PolicyDocument ?? '')).toBe(written);
    const { PolicyNames } = await iam.send(new ListRolePoliciesCommand({ RoleName: 'Inline' }));
    expect(PolicyNames).toEqual(['write']);
    await expect(iam.send(new GetRolePolicyCommand({ RoleName: 'Inline', PolicyName: 'other' }))).rejects.toThrow(
      'The role policy with name other cannot be found.',
    );
  });

  test.each([
    [{ Statement: [] }, 'Syntax errors in policy.'],
    [{ Statement: { Effect: 'allow', Action: 'a:b', Resource: '*' } }, 'Syntax errors in policy.'],
    [{ Statement: { Effect: 'Allow', Resource: '*' } }, 'Policy statement must contain actions.'],
    [{ Statement: { Effect: 'Allow', Action: 'a:b' } }, 'Policy statement must contain resources.'],
    [
      { Statement: { Effect: 'Allow', Action: 'a:b', Resource: 'logs' } },
      'Resource logs must be in ARN format or "*".',
    ],
    [
      { Statement: { Effect: 'Allow', Action: 'PutRecords', Resource: '*' } },
      'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.',
    ],
    [
      { Statement: { Effect: 'Allow', Action: 'a:b', Resource: '*', Principal: '*' } },
      'Policy document should not specify a principal.',
    ],
    [
      { Statement: { Effect: 'Allow', Action: 'a:b', Resource: '*', Condition: { Like: { 'a:b': 'c' } } } },
      'Invalid Condition type : Like.',
    ],
  ])('%j is malformed', async (document, message) => {
    await create('Malformed').catch(() => {});
    const put = iam.send(
      new PutRolePolicyCommand({ RoleName: 'Malformed', PolicyName: 'p', PolicyDocument: JSON.stringify(document) }),
    );
    await expect(put).rejects.toMatchObject({ name: 'MalformedPolicyDocumentException', message });
  });

  test('inline ones have 10,240 characters together', async () => {
    await create('Large');
    const large = (characters: number) => policy.replace('"*"', `"arn:aws:kinesis:${'x'.repeat(characters)}"`);
    await iam.send(new PutRolePolicyCommand({ RoleName: 'Large', PolicyName: 'a', PolicyDocument: large(5000) }));
    await expect(
      iam.send(new PutRolePolicyCommand({ RoleName: 'Large', PolicyName: 'b', PolicyDocument: large(5200) })),
    ).rejects.toMatchObject({
      name: 'LimitExceededException',
      message: 'Maximum policy size of 10240 bytes exceeded for role Large',
    });
  });

  test('ten managed ones can be attached, and only ones that exist', async () => {
    await create('Attached');
    const attach = (PolicyArn: string) => iam.send(new AttachRolePolicyCommand({ RoleName: 'Attached', PolicyArn }));
    await expect(attach('arn:aws:iam::aws:policy/AWSNoSuchPolicy')).rejects.toMatchObject({
      name: 'NoSuchEntityException',
      message: 'Policy arn:aws:iam::aws:policy/AWSNoSuchPolicy does not exist or is not attachable.',
    });
    await attach(basic);
    await attach(basic);
    for (let i = 0; i < 9; i += 1) {
      const made = await iam.send(new CreatePolicyCommand({ PolicyName: `attached-${i}`, PolicyDocument: policy }));
      await attach(made.Policy?.Arn ?? '');
    }
    await expect(attach('arn:aws:iam::aws:policy/ReadOnlyAccess')).rejects.toMatchObject({
      name: 'LimitExceededException',
      message: 'Cannot exceed quota for PoliciesPerRole: 10',
    });
    const { AttachedPolicies } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName: 'Attached' }));
    expect(AttachedPolicies).toHaveLength(10);
    expect(AttachedPolicies?.[0]).toEqual({ PolicyName: 'AWSLambdaBasicExecutionRole', PolicyArn: basic });
  });
});
