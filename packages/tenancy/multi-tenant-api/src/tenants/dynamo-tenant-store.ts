import { randomUUID } from 'node:crypto';
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, ScanCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { TenancyError } from '../errors.ts';
import type { Audit, TenantStore } from './ports.ts';
import type { Tenant } from './tenant.ts';

/**
 * One table, partition key `pk`, sort key `sk`:
 *
 * | pk | sk | holds |
 * |---|---|---|
 * | `<tenantId>` | `TENANT` | the tenant |
 * | `<tenantId>` | `AUDIT#<time>#<id>` | who changed what, written with the change or not at all |
 * | `SLUG#<slug>` | `SLUG` | whose a slug is |
 */
export function dynamoTenantStore(client: DynamoDBDocumentClient, TableName: string): TenantStore {
  const key = (tenantId: string) => ({ pk: tenantId, sk: 'TENANT' });
  const auditOf = (tenant: Tenant, { by, action }: Audit) => ({
    Put: {
      TableName,
      Item: {
        pk: tenant.tenantId,
        sk: `AUDIT#${tenant.updatedAt}#${randomUUID()}`,
        by,
        action,
        plan: tenant.plan,
        status: tenant.status,
        version: tenant.version,
      },
    },
  });

  async function find(tenantId: string): Promise<Tenant | undefined> {
    const { Item } = await client.send(new GetCommand({ TableName, Key: key(tenantId), ConsistentRead: true }));
    return Item && tenantOf(Item);
  }

  return {
    find,
    async findBySlug(slug) {
      const Key = { pk: `SLUG#${slug}`, sk: 'SLUG' };
      const { Item } = await client.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
      return Item && find(Item['tenantId']);
    },
    async add(tenant, audit) {
      const { tenantId, slug } = tenant;
      const ConditionExpression = 'attribute_not_exists(pk)';
      const TransactItems = [
        { Put: { TableName, Item: { pk: `SLUG#${slug}`, sk: 'SLUG', tenantId }, ConditionExpression } },
        { Put: { TableName, Item: { ...key(tenantId), ...tenant }, ConditionExpression } },
        auditOf(tenant, audit),
      ];
      await unlessCanceled(client.send(new TransactWriteCommand({ TransactItems })), () => {
        throw new TenancyError('TENANT_EXISTS', [`${slug} was taken just now; try again`]);
      });
    },
    async replace(before, wanted, audit) {
      const after = { ...wanted, version: before.version + 1 };
      const Put = {
        TableName,
        Item: { ...key(after.tenantId), ...after },
        ConditionExpression: '#version = :version',
        ExpressionAttributeNames: { '#version': 'version' },
        ExpressionAttributeValues: { ':version': before.version },
      };
      const TransactItems = [{ Put }, auditOf(after, audit)];
      await unlessCanceled(client.send(new TransactWriteCommand({ TransactItems })), () => {
        throw new TenancyError('TENANT_BUSY', [`${after.tenantId} was changed meanwhile; read it and try again`]);
      });
      return after;
    },
    async *all() {
      let ExclusiveStartKey: Record<string, unknown> | undefined;
      do {
        const page = await client.send(
          new ScanCommand({
            TableName,
            FilterExpression: 'sk = :tenant',
            ExpressionAttributeValues: { ':tenant': 'TENANT' },
            ConsistentRead: true,
            ExclusiveStartKey,
          }),
        );
        for (const item of page.Items ?? []) yield tenantOf(item);
        ExclusiveStartKey = page.LastEvaluatedKey;
      } while (ExclusiveStartKey);
    },
  };
}

function tenantOf({ pk: _, sk: __, ...tenant }: Record<string, unknown>): Tenant {
  return tenant as unknown as Tenant;
}

async function unlessCanceled(write: Promise<unknown>, refuse: () => never): Promise<void> {
  try {
    await write;
  } catch (error) {
    if (error instanceof TransactionCanceledException) refuse();
    throw error;
  }
}
