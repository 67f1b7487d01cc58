import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { expect, test } from 'vitest';
import { call, output, signedIn, unique } from './deployed.ts';

const command = fileURLToPath(new URL('../cli.ts', import.meta.url));

interface Outcome {
  readonly code: number;
  // biome-ignore lint/suspicious/noExplicitAny: the proof knows what it asked for.
  readonly answer: any;
}

/** What `pnpm tenant` prints and ends with. */
function tenant(...args: string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(process.execPath, [command, ...args], (error, stdout) => {
      const code = typeof error?.code === 'number' ? error.code : 0;
      resolve({ code, answer: stdout === '' ? undefined : JSON.parse(stdout) });
    });
  });
}

/** What was done to a tenant and by whom, oldest first. */
async function auditOf(tenantId: string): Promise<readonly Record<string, unknown>[]> {
  const query = {
    TableName: await output('TenantsTable'),
    KeyConditionExpression: 'pk = :tenantId AND begins_with(sk, :audit)',
    ExpressionAttributeValues: { ':tenantId': tenantId, ':audit': 'AUDIT#' },
  };
  return (await DynamoDBDocumentClient.from(new DynamoDBClient({})).send(new QueryCommand(query))).Items ?? [];
}

test('given an operator, when they lead a tenant through its life from the terminal, then each step is done, once, and on record', async () => {
  const slug = `proof-${unique()}`;
  const added = await tenant('add', slug, '--plan', 'free');
  expect(added).toMatchObject({ code: 0, answer: { slug, plan: 'free', status: 'ACTIVE' } });
  const { tenantId } = added.answer;
  expect((await tenant('add', slug, '--plan', 'free')).answer).toEqual(added.answer);
  expect((await tenant('plan', tenantId, 'standard')).answer).toMatchObject({ plan: 'standard' });
  expect((await call('products', await signedIn(tenantId))).status).toBe(200);
  expect((await tenant('suspend', tenantId)).answer).toMatchObject({ status: 'SUSPENDED' });
  expect((await call('products', await signedIn(tenantId))).status).toBe(403);
  expect((await tenant('list')).answer.tenants).toContainEqual(expect.objectContaining({ slug, status: 'SUSPENDED' }));
  expect((await tenant('remove', tenantId)).answer).toMatchObject({ status: 'OFFBOARDED' });
  const audit = await auditOf(tenantId);
  expect(audit.map(({ action }) => action)).toEqual([
    'reserved',
    'onboarded',
    'plan standard',
    'status SUSPENDED',
    'offboarded',
  ]);
  for (const { by } of audit) expect(by).toMatch(/^arn:aws:/);
});

test('given a command that cannot be, when it is given, then it says so by its exit code', async () => {
  expect(await tenant('add', 'acme')).toEqual({ code: 2, answer: undefined });
  const { code, answer } = await tenant('show', 'nobody-0123456789abcdefghij');
  expect([code, answer.code]).toEqual([1, 'TENANT_UNKNOWN']);
});
