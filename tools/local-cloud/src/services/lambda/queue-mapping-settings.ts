import { between, oneOf, sizeBetween } from '../../constraints.ts';
import type { MappingSettings } from '../../event-sources/mapping.ts';
import { invalidParameter, unsupported, validate } from './errors.ts';
import { isGiven, type MappingInput, readFilters, streamDefaults } from './event-source-mapping-settings.ts';

/** "Lambda parameters for Amazon SQS event source mappings"; the other members are those of streams. */
export const queueDefaults: MappingSettings = { ...streamDefaults, batchSize: 10 };

const ofStreams = [
  'BisectBatchOnFunctionError',
  'MaximumRecordAgeInSeconds',
  'MaximumRetryAttempts',
  'ParallelizationFactor',
  'StartingPosition',
  'StartingPositionTimestamp',
  'TumblingWindowInSeconds',
] as const;

const unknownHere = ['KMSKeyArn', 'MetricsConfig', 'LoggingConfig', 'ProvisionedPollerConfig'] as const;

/** What a queue without a batching window and a FIFO queue give at once. */
const mostWithoutWindow = 10;

/** Settings of a queue's mapping with what the input changes. Throws ValidationException, InvalidParameterValueException. */
export function readQueueSettings(arn: string, input: MappingInput, before: MappingSettings): MappingSettings {
  const responseTypes = input.FunctionResponseTypes;
  const concurrency = input.ScalingConfig?.MaximumConcurrency;
  validate(
    between('batchSize', input.BatchSize, 1, 10_000),
    between('maximumBatchingWindowInSeconds', input.MaximumBatchingWindowInSeconds, 0, 300),
    between('scalingConfig.maximumConcurrency', concurrency, 2, 1000),
    sizeBetween('functionResponseTypes', responseTypes?.length ?? 0, 0, 1),
    oneOf('functionResponseTypes', responseTypes?.[0], ['ReportBatchItemFailures']),
  );
  const foreign = ofStreams.find((name) => input[name] !== undefined);
  if (foreign !== undefined) throw invalidParameter(`${foreign} is not supported for SQS event sources.`);
  if (input.DestinationConfig?.OnFailure?.Destination || input.DestinationConfig?.OnSuccess?.Destination) {
    throw invalidParameter(
      'DestinationConfig is not supported for SQS event sources: give the queue a redrive policy.',
    );
  }
  for (const name of unknownHere) if (isGiven(input[name])) throw unsupported(`${name} of an event source mapping`);
  const settings: MappingSettings = {
    ...before,
    batchSize: input.BatchSize ?? before.batchSize,
    batchingWindowSeconds: input.MaximumBatchingWindowInSeconds ?? before.batchingWindowSeconds,
    reportBatchItemFailures: responseTypes ? responseTypes.length > 0 : before.reportBatchItemFailures,
    filters: input.FilterCriteria ? readQueueFilters(input.FilterCriteria) : before.filters,
    maximumConcurrency: input.ScalingConfig ? concurrency : before.maximumConcurrency,
  };
  checkBatching(arn.endsWith('.fifo'), settings);
  return settings;
}

function checkBatching(isFifo: boolean, { batchSize, batchingWindowSeconds }: MappingSettings): void {
  if (isFifo && batchingWindowSeconds > 0) throw invalidParameter('Batching window is not supported for FIFO queues');
  if (isFifo && batchSize > mostWithoutWindow) {
    throw invalidParameter(`The batch size ${batchSize} is too large: FIFO queues allow at most ${mostWithoutWindow}.`);
  }
  if (batchSize > mostWithoutWindow && batchingWindowSeconds === 0) {
    throw invalidParameter(
      'Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10',
    );
  }
}

/**
 * "Amazon SQS event source mappings only support filtering on the body key": another key would match nothing, and so
 * delete every message.
 */
function readQueueFilters(criteria: NonNullable<MappingInput['FilterCriteria']>): string[] {
  const filters = readFilters(criteria);
  for (const filter of filters) {
    const other = Object.keys(JSON.parse(filter)).find((key) => key !== 'body' && key !== '$or');
    if (other === undefined) continue;
    throw invalidParameter(
      `Invalid filter pattern definition. SQS messages are filtered by their body, not by ${other}.`,
    );
  }
  return filters;
}
