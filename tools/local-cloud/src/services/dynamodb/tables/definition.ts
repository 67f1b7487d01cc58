import type {
  AttributeDefinition,
  GlobalSecondaryIndex,
  KeySchemaElement,
  LocalSecondaryIndex,
  Projection,
  ProvisionedThroughput,
} from '@aws-sdk/client-dynamodb';
import { lengthBetween, matches, oneOf } from '../../../constraints.ts';
import { validationError } from '../../../errors.ts';
import { invalidParameters, validate } from '../errors.ts';
import type { Throughput } from '../state.ts';

/** "Global secondary indexes: 20 per table", "Local secondary indexes: 5 per table" ("Quotas in Amazon DynamoDB"). */
const mostGlobalIndexes = 20;
const mostLocalIndexes = 5;
/** "You can project a total of up to 100 attributes into all of a table's local and global secondary indexes." */
const mostProjected = 100;

interface Definition {
  readonly AttributeDefinitions?: readonly AttributeDefinition[] | undefined;
  readonly KeySchema?: readonly KeySchemaElement[] | undefined;
  readonly LocalSecondaryIndexes?: readonly LocalSecondaryIndex[] | undefined;
  readonly GlobalSecondaryIndexes?: readonly GlobalSecondaryIndex[] | undefined;
  readonly BillingMode?: string | undefined;
}

/** Throws ValidationException unless keys, attributes and indexes of a table fit together. */
export function checkDefinition(input: Definition): void {
  const {
    KeySchema = [],
    AttributeDefinitions = [],
    LocalSecondaryIndexes: local,
    GlobalSecondaryIndexes: global,
  } = input;
  for (const { AttributeType } of AttributeDefinitions) {
    validate(oneOf('attributeDefinitions.1.member.attributeType', AttributeType, ['B', 'N', 'S']));
  }
  checkKeySchema(KeySchema, AttributeDefinitions);
  if (local) checkLocal(local, KeySchema, AttributeDefinitions);
  if (global) checkGlobal(global, AttributeDefinitions, input.BillingMode);
  const indexes = [...(local ?? []), ...(global ?? [])];
  const names = indexes.map(({ IndexName }) => IndexName);
  const double = names.find((name, i) => names.indexOf(name) < i);
  if (double !== undefined) throw invalidParameters(`Duplicate index name: ${double}`);
  checkProjected(indexes.map(({ Projection: projection }) => projection));
  checkAllUsed([KeySchema, ...indexes.map((index) => index.KeySchema ?? [])], AttributeDefinitions);
}

function checkAllUsed(schemas: readonly (readonly KeySchemaElement[])[], definitions: readonly AttributeDefinition[]) {
  const keys = new Set(schemas.flat().map(({ AttributeName }) => AttributeName));
  const defined = definitions.map(({ AttributeName }) => AttributeName);
  if (defined.every((name) => keys.has(name))) return;
  if (schemas.length === 1) {
    throw invalidParameters(
      'Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions',
    );
  }
  throw invalidParameters(
    `Some AttributeDefinitions are not used. AttributeDefinitions: [${defined.join(', ')}], keys used: [${[...keys].join(', ')}]`,
  );
}

function checkKeySchema(schema: readonly KeySchemaElement[], definitions: readonly AttributeDefinition[]): void {
  if (schema.length < 1 || schema.length > 2) {
    const bound = schema.length < 1 ? 'greater than or equal to 1' : 'less than or equal to 2';
    throw validationError(
      `1 validation error detected: Value '[${schema.map(({ AttributeName }) => AttributeName).join(', ')}]' at 'keySchema' failed to satisfy constraint: Member must have length ${bound}`,
    );
  }
  for (const { KeyType } of schema) validate(oneOf('keySchema.1.member.keyType', KeyType, ['HASH', 'RANGE']));
  const keys = schema.map(({ AttributeName }) => AttributeName);
  const defined = definitions.map(({ AttributeName }) => AttributeName);
  if (keys.some((key) => !defined.includes(key))) {
    throw invalidParameters(
      `Some index key attributes are not defined in AttributeDefinitions. Keys: [${keys.join(', ')}], AttributeDefinitions: [${defined.join(', ')}]`,
    );
  }
  if (schema[0]?.KeyType !== 'HASH') {
    throw validationError('Invalid KeySchema: The first KeySchemaElement is not a HASH key type');
  }
  if (schema[1] && schema[1].KeyType !== 'RANGE') {
    throw validationError('Invalid KeySchema: The second KeySchemaElement is not a RANGE key type');
  }
  if (schema[1] && keys[0] === keys[1]) {
    throw validationError('Both the Hash Key and the Range Key element in the KeySchema have the same name');
  }
}

function checkLocal(
  indexes: readonly LocalSecondaryIndex[],
  tableSchema: readonly KeySchemaElement[],
  definitions: readonly AttributeDefinition[],
): void {
  if (indexes.length === 0) throw invalidParameters('List of LocalSecondaryIndexes is empty');
  if (tableSchema.length < 2) {
    throw invalidParameters(
      'Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex',
    );
  }
  const tableHash = tableSchema[0]?.AttributeName;
  for (const { IndexName, KeySchema = [], Projection: projection } of indexes) {
    checkIndex(IndexName, KeySchema, definitions, projection);
    if (KeySchema.length < 2)
      throw invalidParameters(`Index KeySchema does not have a range key for index: ${IndexName}`);
    const hash = KeySchema[0]?.AttributeName;
    if (hash !== tableHash) {
      throw invalidParameters(
        `Index KeySchema does not have the same leading hash key as table KeySchema for index: ${IndexName}. index hash key: ${hash}, table hash key: ${tableHash}`,
      );
    }
  }
  if (indexes.length > mostLocalIndexes) {
    throw invalidParameters(`Number of LocalSecondaryIndexes exceeds per-table limit of ${mostLocalIndexes}`);
  }
}

function checkGlobal(
  indexes: readonly GlobalSecondaryIndex[],
  definitions: readonly AttributeDefinition[],
  billingMode: string | undefined,
): void {
  if (indexes.length === 0) throw invalidParameters('List of GlobalSecondaryIndexes is empty');
  for (const index of indexes) checkGlobalIndex(index, definitions, billingMode);
  checkGlobalCount(indexes.length);
}

/** Throws ValidationException. */
export function checkGlobalCount(count: number): void {
  if (count <= mostGlobalIndexes) return;
  throw invalidParameters(`GlobalSecondaryIndex count exceeds the per-table limit of ${mostGlobalIndexes}`);
}

/** The same for one global index, as UpdateTable adds it. */
export function checkGlobalIndex(
  { IndexName, KeySchema = [], Projection: projection, ProvisionedThroughput: throughput }: GlobalSecondaryIndex,
  definitions: readonly AttributeDefinition[],
  billingMode: string | undefined,
): void {
  checkIndex(IndexName, KeySchema, definitions, projection);
  if (billingMode === 'PAY_PER_REQUEST' && throughput) {
    throw invalidParameters(
      `ProvisionedThroughput should not be specified for index: ${IndexName} when BillingMode is PAY_PER_REQUEST`,
    );
  }
  if (billingMode !== 'PAY_PER_REQUEST' && !throughput) {
    throw invalidParameters(`ProvisionedThroughput must be specified for index: ${IndexName}`);
  }
}

function checkIndex(
  name: string | undefined,
  schema: readonly KeySchemaElement[],
  definitions: readonly AttributeDefinition[],
  projection: Projection | undefined,
): void {
  validate(matches('indexName', name, '[a-zA-Z0-9_.-]+'), lengthBetween('indexName', name, 3, 255));
  checkKeySchema(schema, definitions);
  const { ProjectionType, NonKeyAttributes } = projection ?? {};
  if (!ProjectionType) throw invalidParameters('Unknown ProjectionType: null');
  validate(oneOf('projection.projectionType', ProjectionType, ['ALL', 'INCLUDE', 'KEYS_ONLY']));
  if (NonKeyAttributes && ProjectionType !== 'INCLUDE') {
    throw invalidParameters(`ProjectionType is ${ProjectionType}, but NonKeyAttributes is specified`);
  }
  if (ProjectionType === 'INCLUDE' && !NonKeyAttributes) {
    throw invalidParameters('ProjectionType is INCLUDE, but NonKeyAttributes is not specified');
  }
}

function checkProjected(projections: readonly (Projection | undefined)[]): void {
  const count = projections.flatMap((projection) => projection?.NonKeyAttributes ?? []).length;
  if (count <= mostProjected) return;
  throw invalidParameters(
    `Number of attributes specified for projection into all indexes exceeds the limit of ${mostProjected}`,
  );
}

/** Throws ValidationException unless throughput and billing mode go together; answers the units, 0 when on demand. */
export function throughputOf(
  billingMode: string | undefined,
  throughput: ProvisionedThroughput | undefined,
): Throughput {
  if (billingMode === 'PAY_PER_REQUEST') {
    if (throughput) {
      throw invalidParameters(
        'Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST',
      );
    }
    return { read: 0, write: 0 };
  }
  const { ReadCapacityUnits: read, WriteCapacityUnits: write } = throughput ?? {};
  if (!read || !write) {
    throw invalidParameters(
      'ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED',
    );
  }
  for (const [name, value] of Object.entries({ ReadCapacityUnits: read, WriteCapacityUnits: write })) {
    if (value < 1 || value > 1_000_000_000_000) {
      throw validationError(`Given value ${value} for ${name} is out of bounds`);
    }
  }
  return { read, write };
}
