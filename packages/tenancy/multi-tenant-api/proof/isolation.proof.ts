import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListRolePoliciesCommand,
  ListRolesCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import {
  BatchGetCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { eventually } from '@stackyard/proof-kit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { call, newTenant, output, signedIn, stackName, unique } from './deployed.ts';

const iam = new IAMClient({});
const RoleName = `tenant-probe-${unique()}`;
let TableName: string;
let acme: string;
let other: string;
let productId: string;

/** What the stack lets a tenant's session do, as IAM has it. */
async function policyOfTenantRole(): Promise<string> {
  const { Roles = [] } = await iam.send(new ListRolesCommand({}));
  const role = Roles.find(
    ({ RoleName: name = '', Description }) =>
      name.startsWith(stackName) && Description?.startsWith('One session a tenant'),
  );
  const { PolicyNames: [PolicyName] = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName: role?.RoleName }));
  const { PolicyDocument = '' } = await iam.send(new GetRolePolicyCommand({ RoleName: role?.RoleName, PolicyName }));
  return decodeURIComponent(PolicyDocument);
}

// Only the products function may take the tenant role. A role of the same policy, which this proof may take, is what is tried.
beforeAll(async () => {
  TableName = await output('ProductsTable');
  const { Account } = await new STSClient({}).send(new GetCallerIdentityCommand({}));
  const Principal = { AWS: `arn:aws:iam::${Account}:root` };
  const Statement = [{ Effect: 'Allow', Principal, Action: ['sts:AssumeRole', 'sts:TagSession'] }];
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  const PolicyDocument = await policyOfTenantRole();
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'tenant', PolicyDocument }));
  [acme, other] = [await newTenant('standard'), await newTenant('standard')];
  const token = await signedIn(other);
  const headers = { 'content-type': 'application/json' };
  const made = await call('products', token, { method: 'POST', headers, body: '{"name":"secret recipe"}' });
  productId = made.body.productId;
});
afterAll(async () => {
  await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'tenant' }));
  await iam.send(new DeleteRoleCommand({ RoleName }));
});

async function sessionOf(tenantId: string): Promise<DynamoDBDocumentClient> {
  const sts = new STSClient({});
  const { Account } = await sts.send(new GetCallerIdentityCommand({}));
  const taking = new AssumeRoleCommand({
    RoleArn: `arn:aws:iam::${Account}:role/${RoleName}`,
    RoleSessionName: 'probe',
    Tags: [{ Key: 'TenantId', Value: tenantId }],
  });
  // A new role is not known at once everywhere.
  const { Credentials } = await eventually(() => sts.send(taking));
  const credentials = {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken ?? '',
  };
  return DynamoDBDocumentClient.from(new DynamoDBClient({ credentials }));
}

const query = (tenantId: string) =>
  new QueryCommand({
    TableName,
    KeyConditionExpression: 'tenantId = :tenantId',
    ExpressionAttributeValues: { ':tenantId': tenantId },
  });

describe('given the session of a tenant', () => {
  test('when it reads its own rows, then it has them', async () => {
    const session = await sessionOf(other);
    expect((await eventually(() => session.send(query(other)))).Items).toMatchObject([{ name: 'secret recipe' }]);
  });

  test('when it tries anything with another tenant’s rows, then IAM denies it, whatever the code intends', async () => {
    const session = await sessionOf(acme);
    const Key = { tenantId: other, productId };
    const attempts = {
      GetItem: () => session.send(new GetCommand({ TableName, Key })),
      Query: () => session.send(query(other)),
      PutItem: () => session.send(new PutCommand({ TableName, Item: { ...Key, name: 'forged' } })),
      UpdateItem: () => session.send(new UpdateCommand({ TableName, Key })),
      DeleteItem: () => session.send(new DeleteCommand({ TableName, Key })),
      Scan: () => session.send(new ScanCommand({ TableName })),
      BatchGetItem: () => session.send(new BatchGetCommand({ RequestItems: { [TableName]: { Keys: [Key] } } })),
    };
    const answers = Object.entries(attempts).map(async ([name, attempt]) => {
      const answer = await attempt().then(
        () => 'done',
        (error: Error) => error.name,
      );
      return [name, answer];
    });
    const denied = Object.keys(attempts).map((name) => [name, 'AccessDeniedException']);
    expect(await Promise.all(answers)).toEqual(denied);
  });
});
