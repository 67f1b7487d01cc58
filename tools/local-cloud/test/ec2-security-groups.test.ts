import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  CreateVpcCommand,
  DeleteSecurityGroupCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
  UpdateSecurityGroupRuleDescriptionsIngressCommand,
} from '@aws-sdk/client-ec2';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestCloud } from '../src/testing.ts';

let cloud: Awaited<ReturnType<typeof startTestCloud>>;
let ec2: EC2Client;
let VpcId: string;
beforeAll(async () => {
  cloud = await startTestCloud();
  ec2 = cloud.client(EC2Client);
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
  VpcId = Vpc?.VpcId ?? '';
});
afterAll(() => cloud.close());

async function group(GroupName: string): Promise<string> {
  const created = await ec2.send(new CreateSecurityGroupCommand({ GroupName, Description: GroupName, VpcId }));
  return created.GroupId ?? '';
}

async function described(GroupId: string) {
  const { SecurityGroups } = await ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [GroupId] }));
  return SecurityGroups?.[0];
}

const web = { IpProtocol: 'tcp', FromPort: 80, ToPort: 80, IpRanges: [{ CidrIp: '0.0.0.0/0', Description: 'all' }] };

test('a new group lets nothing in and everything out', async () => {
  const found = await described(await group('fresh'));
  expect(found).toMatchObject({ GroupName: 'fresh', VpcId, IpPermissions: [] });
  expect(found?.IpPermissionsEgress).toMatchObject([{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }]);
  await expect(group('fresh')).rejects.toMatchObject({
    name: 'InvalidGroup.Duplicate',
    message: `The security group 'fresh' already exists for VPC '${VpcId}'`,
  });
});

test('rules of one port range are one permission, each with an ID of its own', async () => {
  const [GroupId, peer] = [await group('web'), await group('peer')];
  const fromPeer = { IpProtocol: '6', FromPort: 80, ToPort: 80, UserIdGroupPairs: [{ GroupId: peer }] };
  const { SecurityGroupRules } = await ec2.send(
    new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [web, fromPeer] }),
  );
  expect(SecurityGroupRules?.map(({ SecurityGroupRuleId }) => SecurityGroupRuleId?.slice(0, 4))).toEqual([
    'sgr-',
    'sgr-',
  ]);
  expect((await described(GroupId))?.IpPermissions).toMatchObject([
    {
      IpProtocol: 'tcp',
      FromPort: 80,
      ToPort: 80,
      IpRanges: [{ CidrIp: '0.0.0.0/0', Description: 'all' }],
      UserIdGroupPairs: [{ GroupId: peer, UserId: '000000000000' }],
    },
  ]);
  const search = await ec2.send(
    new DescribeSecurityGroupsCommand({ Filters: [{ Name: 'ip-permission.group-id', Values: [peer] }] }),
  );
  expect(search.SecurityGroups?.map((one) => one.GroupName)).toEqual(['web']);
});

test('the same rule twice is refused, with all that came with it', async () => {
  const GroupId = await group('twice');
  await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [web] }));
  const other = { ...web, FromPort: 81, ToPort: 81 };
  await expect(
    ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [other, web] })),
  ).rejects.toMatchObject({
    name: 'InvalidPermission.Duplicate',
    message: 'the specified rule "peer: 0.0.0.0/0, TCP, from port: 80, to port: 80, ALLOW" already exists',
  });
  expect((await described(GroupId))?.IpPermissions).toHaveLength(1);
});

test('rules are taken back by what they allow or by ID', async () => {
  const GroupId = await group('revoked');
  await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [web] }));
  await ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions: [web] }));
  await expect(
    ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions: [web] })),
  ).rejects.toMatchObject({ name: 'InvalidPermission.NotFound' });
  const { SecurityGroupRules } = await ec2.send(
    new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: 'group-id', Values: [GroupId] }] }),
  );
  const SecurityGroupRuleIds = SecurityGroupRules?.map(({ SecurityGroupRuleId = '' }) => SecurityGroupRuleId);
  await ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId, SecurityGroupRuleIds }));
  expect(await described(GroupId)).toMatchObject({ IpPermissions: [], IpPermissionsEgress: [] });
});

test('a rule can be described anew', async () => {
  const GroupId = await group('described');
  await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [web] }));
  const IpPermissions = [{ ...web, IpRanges: [{ CidrIp: '0.0.0.0/0', Description: 'shoppers' }] }];
  await ec2.send(new UpdateSecurityGroupRuleDescriptionsIngressCommand({ GroupId, IpPermissions }));
  expect((await described(GroupId))?.IpPermissions?.[0]?.IpRanges).toEqual(IpPermissions[0]?.IpRanges);
});

test('a group that another refers to stays', async () => {
  const [GroupId, peer] = [await group('referring'), await group('referred')];
  const rule = { IpProtocol: 'tcp', FromPort: 8080, ToPort: 8080, UserIdGroupPairs: [{ GroupId: peer }] };
  await ec2.send(new AuthorizeSecurityGroupEgressCommand({ GroupId, IpPermissions: [rule] }));
  await expect(ec2.send(new DeleteSecurityGroupCommand({ GroupId: peer }))).rejects.toMatchObject({
    name: 'DependencyViolation',
    message: `resource ${peer} has a dependent object`,
  });
  await ec2.send(new DeleteSecurityGroupCommand({ GroupId }));
  await ec2.send(new DeleteSecurityGroupCommand({ GroupId: peer }));
  await expect(described(peer)).rejects.toMatchObject({
    name: 'InvalidGroup.NotFound',
    message: `The security group '${peer}' does not exist`,
  });
});

test('IAM is asked about the group: who may change one may not change another', async () => {
  const [mine, theirs] = [await group('mine'), await group('theirs')];
  const iam = cloud.client(IAMClient);
  const role = { RoleName: 'gatekeeper', PolicyName: 'one-group' };
  const { Role } = await iam.send(
    new CreateRoleCommand({
      ...role,
      AssumeRolePolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: 'arn:aws:iam::000000000000:root' } },
        ],
      }),
    }),
  );
  const resource = `arn:aws:ec2:us-east-1:000000000000:security-group/${mine}`;
  await iam.send(
    new PutRolePolicyCommand({
      ...role,
      PolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 'ec2:AuthorizeSecurityGroupIngress', Resource: resource }],
      }),
    }),
  );
  const { Credentials } = await cloud
    .client(STSClient)
    .send(new AssumeRoleCommand({ RoleArn: Role?.Arn, RoleSessionName: 'test' }));
  const limited = cloud.client(EC2Client, {
    credentials: {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    },
  });
  const allow = (GroupId: string) =>
    limited.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [web] }));
  await allow(mine);
  await expect(allow(theirs)).rejects.toMatchObject({
    name: 'UnauthorizedOperation',
    message: expect.stringContaining(`security-group/${theirs}`),
  });
});

test('a wrong key is refused in EC2’s words', async () => {
  const stranger = cloud.client(EC2Client, { credentials: { accessKeyId: 'nobody', secretAccessKey: 'x' } });
  await expect(stranger.send(new DescribeSecurityGroupsCommand())).rejects.toMatchObject({
    name: 'AuthFailure',
    $metadata: { httpStatusCode: 401 },
  });
});
