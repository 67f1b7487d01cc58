import { isDeepStrictEqual } from 'node:util';
import type { AttributeDefinition } from '@aws-sdk/client-dynamodb';
import { physicalName } from '../physical-name.ts';
import type { CreateRequest, Properties, ResourceProvider, UpdateRequest } from '../provider.ts';
import { createTable, deleteTable, describedTable, resultOf, updateTable } from './dynamodb-table-changes.ts';
import { type WantedTable, wantedGlobalTable, wantedTable } from './dynamodb-wanted-table.ts';

export const dynamodbTable: ResourceProvider = {
  type: 'AWS::DynamoDB::Table',
  properties: [
    'AttributeDefinitions',
    'BillingMode',
    'DeletionProtectionEnabled',
    'GlobalSecondaryIndexes',
    'KeySchema',
    'LocalSecondaryIndexes',
    'OnDemandThroughput',
    'PointInTimeRecoverySpecification',
    'ProvisionedThroughput',
    'ResourcePolicy',
    'SSESpecification',
    'StreamSpecification',
    'TableClass',
    'TableName',
    'Tags',
    'TimeToLiveSpecification',
  ],
  ...lifecycle(wantedTable),
  async read(request) {
    const table = await describedTable(request, request.physicalId);
    if (!table) return undefined;
    const { ReadCapacityUnits, WriteCapacityUnits } = table.ProvisionedThroughput ?? {};
    const BillingMode = table.BillingModeSummary?.BillingMode ?? 'PROVISIONED';
    const { StreamViewType } = table.StreamSpecification ?? {};
    const properties = {
      TableName: table.TableName,
      AttributeDefinitions: table.AttributeDefinitions,
      KeySchema: table.KeySchema,
      BillingMode,
      ProvisionedThroughput: BillingMode === 'PROVISIONED' ? { ReadCapacityUnits, WriteCapacityUnits } : undefined,
      StreamSpecification: StreamViewType && { StreamViewType },
      DeletionProtectionEnabled: table.DeletionProtectionEnabled,
      TableClass: table.TableClassSummary?.TableClass ?? 'STANDARD',
    };
    return { ...resultOf(table), properties };
  },
};

/** What CDK's TableV2 makes. */
export const dynamodbGlobalTable: ResourceProvider = {
  type: 'AWS::DynamoDB::GlobalTable',
  properties: [
    'AttributeDefinitions',
    'BillingMode',
    'GlobalSecondaryIndexes',
    'KeySchema',
    'LocalSecondaryIndexes',
    'Replicas',
    'SSESpecification',
    'StreamSpecification',
    'TableName',
    'TimeToLiveSpecification',
    'WriteOnDemandThroughputSettings',
    'WriteProvisionedThroughputSettings',
  ],
  ...lifecycle(wantedGlobalTable),
};

function lifecycle(
  wanted: (properties: Properties, region: string) => WantedTable,
): Pick<ResourceProvider, 'create' | 'update' | 'delete'> {
  const create = (request: CreateRequest) => {
    const name = request.properties['TableName'] ?? physicalName(request, { longest: 255 });
    return createTable(request, name, wanted(request.properties, request.region));
  };
  return {
    create,
    update(request) {
      if (needsReplacement(request)) return create({ ...request, created: () => {} });
      const { physicalId, properties, previous, region } = request;
      return updateTable(request, physicalId, wanted(properties, region), wanted(previous, region));
    },
    delete: (request) => deleteTable(request, request.physicalId),
  };
}

/** Keys can't change their type, and local indexes only come with the table. */
function needsReplacement({ properties, previous }: UpdateRequest): boolean {
  if (!isDeepStrictEqual(properties['LocalSecondaryIndexes'], previous['LocalSecondaryIndexes'])) return true;
  return typesOf(properties).some(({ AttributeName, AttributeType }) => {
    const before = typesOf(previous).find((attribute) => attribute.AttributeName === AttributeName);
    return before !== undefined && before.AttributeType !== AttributeType;
  });
}

function typesOf(properties: Properties): readonly AttributeDefinition[] {
  return properties['AttributeDefinitions'] ?? [];
}
