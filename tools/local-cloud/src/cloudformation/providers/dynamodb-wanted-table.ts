import type {
  CreateTableCommandInput,
  GlobalSecondaryIndex,
  PointInTimeRecoverySpecification,
  TimeToLiveSpecification,
} from '@aws-sdk/client-dynamodb';
import { AwsError } from '../../errors.ts';
import type { Properties } from '../provider.ts';
import { policyText, type TagEntry } from './calls.ts';

/** What both table types of CloudFormation come to: the table itself, and what has operations of its own. */
export interface WantedTable {
  readonly table: Omit<CreateTableCommandInput, 'TableName' | 'Tags' | 'ResourcePolicy'>;
  readonly timeToLive: TimeToLiveSpecification | undefined;
  readonly recovery: PointInTimeRecoverySpecification | undefined;
  /** As text. */
  readonly policy: string | undefined;
  readonly tags: readonly TagEntry[];
}

/** AWS::DynamoDB::Table, CloudFormation Template Reference. */
export function wantedTable(properties: Properties): WantedTable {
  const { BillingMode = 'PROVISIONED', GlobalSecondaryIndexes: global, ResourcePolicy } = properties;
  return {
    table: {
      ...shared(properties),
      BillingMode,
      ProvisionedThroughput: BillingMode === 'PROVISIONED' ? properties['ProvisionedThroughput'] : undefined,
      OnDemandThroughput: properties['OnDemandThroughput'],
      GlobalSecondaryIndexes: global?.map((index: GlobalSecondaryIndex) => ({
        ...index,
        ProvisionedThroughput: BillingMode === 'PROVISIONED' ? index.ProvisionedThroughput : undefined,
      })),
      DeletionProtectionEnabled: properties['DeletionProtectionEnabled'],
      TableClass: properties['TableClass'],
      SSESpecification: encryptionOf(properties['SSESpecification']),
    },
    timeToLive: properties['TimeToLiveSpecification'],
    recovery: properties['PointInTimeRecoverySpecification'],
    policy: ResourcePolicy && policyText(ResourcePolicy.PolicyDocument),
    tags: properties['Tags'] ?? [],
  };
}

/**
 * AWS::DynamoDB::GlobalTable, CloudFormation Template Reference, with the one replica in the stack's Region. Capacities
 * that would scale by themselves start, as there, with their SeedCapacity or MinCapacity, and stay. Throws
 * ValidationException for replicas in other Regions.
 */
export function wantedGlobalTable(properties: Properties, region: string): WantedTable {
  const { BillingMode = 'PROVISIONED', Replicas, GlobalSecondaryIndexes: global } = properties;
  const [replica, ...others] = Replicas as readonly Properties[];
  if (others.length > 0 || replica?.['Region'] !== region) {
    const regions = (Replicas as readonly Properties[]).map((each) => each['Region']).join(', ');
    throw new AwsError(
      'ValidationException',
      `The embedded cloud has no replicas in other Regions: Replicas names ${regions}, this stack is in ${region}.`,
    );
  }
  checkReplica(replica);
  const readOfIndex = (name: string) =>
    replica['GlobalSecondaryIndexes']?.find((index: Properties) => index['IndexName'] === name);
  const capacity = (read: Properties | undefined, write: Properties | undefined) =>
    BillingMode === 'PROVISIONED' ? provisioned(read, write) : undefined;
  return {
    table: {
      ...shared(properties),
      BillingMode,
      ProvisionedThroughput: capacity(replica, properties),
      OnDemandThroughput: onDemandLimits(replica, properties),
      GlobalSecondaryIndexes: global?.map((index: Properties) => ({
        IndexName: index['IndexName'],
        KeySchema: index['KeySchema'],
        Projection: index['Projection'],
        ProvisionedThroughput: capacity(readOfIndex(index['IndexName']), index),
        OnDemandThroughput: onDemandLimits(readOfIndex(index['IndexName']), index),
      })),
      DeletionProtectionEnabled: replica['DeletionProtectionEnabled'],
      TableClass: replica['TableClass'],
      SSESpecification: encryptionOf(properties['SSESpecification'], replica['SSESpecification']?.KMSMasterKeyId),
    },
    timeToLive: properties['TimeToLiveSpecification'],
    recovery: replica['PointInTimeRecoverySpecification'],
    policy: replica['ResourcePolicy'] && policyText(replica['ResourcePolicy'].PolicyDocument),
    tags: replica['Tags'] ?? [],
  };
}

const replicaProperties = [
  'DeletionProtectionEnabled',
  'GlobalSecondaryIndexes',
  'PointInTimeRecoverySpecification',
  'ReadOnDemandThroughputSettings',
  'ReadProvisionedThroughputSettings',
  'Region',
  'ResourcePolicy',
  'SSESpecification',
  'TableClass',
  'Tags',
];

/** Throws ValidationException for what a replica would do and nothing here does. */
function checkReplica(replica: Properties): void {
  const isOff = (value: unknown) => (value as { Enabled?: boolean } | undefined)?.Enabled === false;
  const other = Object.keys(replica).find((name) => !replicaProperties.includes(name) && !isOff(replica[name]));
  if (other === undefined) return;
  throw new AwsError(
    'ValidationException',
    `The embedded cloud does not carry out ${other} of a replica: leave it out.`,
  );
}

function shared(properties: Properties) {
  const { StreamSpecification: stream } = properties;
  return {
    AttributeDefinitions: properties['AttributeDefinitions'],
    KeySchema: properties['KeySchema'],
    LocalSecondaryIndexes: properties['LocalSecondaryIndexes'],
    StreamSpecification: stream && { StreamEnabled: true, StreamViewType: stream.StreamViewType },
  };
}

function encryptionOf(specification: Properties | undefined, key?: string) {
  if (!specification) return undefined;
  const { SSEEnabled: Enabled, SSEType, KMSMasterKeyId = key } = specification;
  return { Enabled, SSEType, KMSMasterKeyId };
}

function provisioned(read: Properties | undefined, write: Properties | undefined) {
  const reading = read?.['ReadProvisionedThroughputSettings'];
  const writing = write?.['WriteProvisionedThroughputSettings'];
  return {
    ReadCapacityUnits: reading?.ReadCapacityUnits ?? startOf(reading?.ReadCapacityAutoScalingSettings),
    WriteCapacityUnits: startOf(writing?.WriteCapacityAutoScalingSettings),
  };
}

function startOf(settings: Properties | undefined): number | undefined {
  return settings?.['SeedCapacity'] ?? settings?.['MinCapacity'];
}

function onDemandLimits(read: Properties | undefined, write: Properties | undefined) {
  const MaxReadRequestUnits = read?.['ReadOnDemandThroughputSettings']?.MaxReadRequestUnits;
  const MaxWriteRequestUnits = write?.['WriteOnDemandThroughputSettings']?.MaxWriteRequestUnits;
  if (MaxReadRequestUnits === undefined && MaxWriteRequestUnits === undefined) return undefined;
  return { MaxReadRequestUnits, MaxWriteRequestUnits };
}
