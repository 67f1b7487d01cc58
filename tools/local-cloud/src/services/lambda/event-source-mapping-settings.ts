import type {
  CreateEventSourceMappingCommandInput,
  UpdateEventSourceMappingCommandInput,
} from '@aws-sdk/client-lambda';
import { between, matches, oneOf, sizeBetween } from '../../constraints.ts';
import { compileEventPattern, InvalidPattern } from '../../event-patterns/compile.ts';
import type { MappingSettings } from '../../event-sources/mapping.ts';
import { invalidParameter, unsupported, validate } from './errors.ts';

/** What creation and update have in common. */
export type MappingInput = Partial<CreateEventSourceMappingCommandInput & UpdateEventSourceMappingCommandInput>;

/** "Lambda parameters for Amazon Kinesis Data Streams event source mappings". */
export const streamDefaults: MappingSettings = {
  batchSize: 100,
  batchingWindowSeconds: 0,
  parallelizationFactor: 1,
  bisect: false,
  maximumRetryAttempts: -1,
  maximumRecordAgeSeconds: -1,
  tumblingWindowSeconds: 0,
  reportBatchItemFailures: false,
  filters: [],
  onFailure: undefined,
  maximumConcurrency: undefined,
};

/** Of all event sources; streams have narrower ones. */
const destinationPattern =
  '$|kafka://([^.]([a-zA-Z0-9\\-_.]{0,248}))|arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\\-])+:((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1})?:(\\d{12})?:(.*)';
/** "By default, you can define up to five different filters", Control which events Lambda sends to your function. */
const mostFilters = 5;
const longestFilter = 4096;

/** Members that belong to sources other than streams, or that change what is polled in ways there is no counterpart for. */
const foreign = [
  'AmazonManagedKafkaEventSourceConfig',
  'DocumentDBEventSourceConfig',
  'KMSKeyArn',
  'MetricsConfig',
  'LoggingConfig',
  'ProvisionedPollerConfig',
  'Queues',
  'ScalingConfig',
  'SelfManagedEventSource',
  'SelfManagedKafkaEventSourceConfig',
  'SourceAccessConfigurations',
  'Topics',
] as const;

/** Settings of a stream's mapping with what the input changes. Throws ValidationException, InvalidParameterValueException. */
export function readStreamSettings(input: MappingInput, before: MappingSettings): MappingSettings {
  const destination = input.DestinationConfig?.OnFailure?.Destination;
  const responseTypes = input.FunctionResponseTypes;
  validate(
    between('batchSize', input.BatchSize, 1, 10_000),
    between('maximumBatchingWindowInSeconds', input.MaximumBatchingWindowInSeconds, 0, 300),
    between('parallelizationFactor', input.ParallelizationFactor, 1, 10),
    between('maximumRecordAgeInSeconds', input.MaximumRecordAgeInSeconds, -1, 604_800),
    between('maximumRetryAttempts', input.MaximumRetryAttempts, -1, 10_000),
    between('tumblingWindowInSeconds', input.TumblingWindowInSeconds, 0, 900),
    sizeBetween('functionResponseTypes', responseTypes?.length ?? 0, 0, 1),
    oneOf('functionResponseTypes', responseTypes?.[0], ['ReportBatchItemFailures']),
    matches('destinationConfig.onFailure.destination', destination, destinationPattern),
  );
  for (const name of foreign) if (isGiven(input[name])) throw unsupported(`${name} of an event source mapping`);
  const age = input.MaximumRecordAgeInSeconds;
  if (age !== undefined && age >= 0 && age < 60) {
    throw invalidParameter('MaximumRecordAgeInSeconds must be -1 or between 60 and 604800.');
  }
  checkBatching(input, before);
  return {
    batchSize: input.BatchSize ?? before.batchSize,
    batchingWindowSeconds: input.MaximumBatchingWindowInSeconds ?? before.batchingWindowSeconds,
    parallelizationFactor: input.ParallelizationFactor ?? before.parallelizationFactor,
    bisect: input.BisectBatchOnFunctionError ?? before.bisect,
    maximumRetryAttempts: input.MaximumRetryAttempts ?? before.maximumRetryAttempts,
    maximumRecordAgeSeconds: age ?? before.maximumRecordAgeSeconds,
    tumblingWindowSeconds: input.TumblingWindowInSeconds ?? before.tumblingWindowSeconds,
    reportBatchItemFailures: responseTypes ? responseTypes.length > 0 : before.reportBatchItemFailures,
    filters: input.FilterCriteria ? readFilters(input.FilterCriteria) : before.filters,
    onFailure: input.DestinationConfig ? readDestination(input.DestinationConfig) : before.onFailure,
    maximumConcurrency: undefined,
  };
}

/** "When you set BatchSize to a value greater than 10, you must set MaximumBatchingWindowInSeconds" holds for queues only. */
function checkBatching(input: MappingInput, before: MappingSettings): void {
  const window = input.TumblingWindowInSeconds ?? before.tumblingWindowSeconds;
  const batching = input.MaximumBatchingWindowInSeconds ?? before.batchingWindowSeconds;
  if (window > 0 && batching > window) {
    throw invalidParameter('MaximumBatchingWindowInSeconds cannot be greater than TumblingWindowInSeconds.');
  }
}

/** The patterns, each one checked. Throws InvalidParameterValueException. */
export function readFilters({ Filters = [] }: NonNullable<MappingInput['FilterCriteria']>): string[] {
  if (Filters.length > mostFilters) {
    throw invalidParameter(`The number of filters exceeds the limit of ${mostFilters} for an event source mapping.`);
  }
  return Filters.map(({ Pattern = '{}' }) => {
    if (Pattern.length > longestFilter) throw invalidParameter('Invalid filter pattern definition.');
    try {
      compileEventPattern(Pattern);
    } catch (error) {
      if (!(error instanceof InvalidPattern)) throw error;
      throw invalidParameter(`Invalid filter pattern definition. ${error.message}`);
    }
    return Pattern;
  });
}

function readDestination({ OnFailure, OnSuccess }: NonNullable<MappingInput['DestinationConfig']>): string | undefined {
  if (OnSuccess?.Destination)
    throw invalidParameter('OnSuccess destinations are not supported for event source mappings.');
  if (OnFailure && OnFailure.Destination === undefined) {
    throw invalidParameter('The Destination field is required for an OnFailure configuration.');
  }
  const arn = OnFailure?.Destination || undefined;
  if (arn !== undefined && !/^arn:aws:(s3:::|sns:|sqs:)/.test(arn)) {
    throw unsupported(
      `the on-failure destination ${arn} of an event source mapping: buckets, topics and queues can be one`,
    );
  }
  return arn;
}

export function isGiven(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== null;
}
