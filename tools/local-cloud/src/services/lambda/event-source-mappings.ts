import { randomUUID } from 'node:crypto';
import type {
  CreateEventSourceMappingCommandInput,
  CreateEventSourceMappingCommandOutput,
  DeleteEventSourceMappingCommandInput,
  DeleteEventSourceMappingCommandOutput,
  EventSourceMappingConfiguration,
  GetEventSourceMappingCommandInput,
  GetEventSourceMappingCommandOutput,
  ListEventSourceMappingsCommandInput,
  ListEventSourceMappingsCommandOutput,
  UpdateEventSourceMappingCommandInput,
  UpdateEventSourceMappingCommandOutput,
} from '@aws-sdk/client-lambda';
import { oneOf } from '../../constraints.ts';
import { AwsError } from '../../errors.ts';
import {
  type EventSourceMapping,
  isQueueArn,
  type MappingSettings,
  type MappingState,
  mappingsOf,
} from '../../event-sources/mapping.ts';
import { startPoller, stopPoller } from '../../event-sources/pollers.ts';
import { type Call, type Demand, operation } from '../../service.ts';
import { isConsumerArn } from '../kinesis/consumer-reference.ts';
import { conflict, invalidParameter, resourceNotFound, validate } from './errors.ts';
import { checkSource } from './event-source-access.ts';
import { type MappingInput, readStreamSettings, streamDefaults } from './event-source-mapping-settings.ts';
import { arnOf, type FunctionReference, functionOf, referenceOf, targetOf } from './function-reference.ts';
import { page } from './paging.ts';
import { queueDefaults, readQueueSettings } from './queue-mapping-settings.ts';
import { checkTags } from './tag-rules.ts';

/** Creating, Enabling, Updating and Disabling take AWS up to a minute; here just long enough to be seen. */
const transitionMs = 200;

interface MappingId {
  readonly UUID?: string | undefined;
}

export const createEventSourceMapping = operation<
  CreateEventSourceMappingCommandInput,
  CreateEventSourceMappingCommandOutput
>({
  demands: (input, call) => [
    {
      action: 'lambda:CreateEventSourceMapping',
      resource: '*',
      context: { 'lambda:FunctionArn': arnOf(referenceOf(input, call)) },
    },
  ],
  async run(input, call) {
    const { cloud, account, region } = call;
    validate(oneOf('startingPosition', input.StartingPosition, ['TRIM_HORIZON', 'LATEST', 'AT_TIMESTAMP']));
    const eventSourceArn = input.EventSourceArn;
    if (eventSourceArn === undefined) throw invalidParameter('EventSourceArn is required.');
    const isQueue = isQueueArn(eventSourceArn);
    const settings = readSettings(eventSourceArn, input, isQueue ? queueDefaults : streamDefaults);
    const start = isQueue ? undefined : startOf(input, cloud.clock.now());
    const target = targetFunction(input, call);
    await checkSource(eventSourceArn, target, call);
    checkTags(input.Tags ?? {});
    const mappings = mappingsOf(cloud, account, region);
    refuseTwin([...mappings.values()], eventSourceArn, target);
    const enabled = input.Enabled ?? true;
    const mapping: EventSourceMapping = {
      uuid: randomUUID(),
      account,
      region,
      eventSourceArn,
      startingPosition: start?.position,
      startingTimestamp: start?.timestamp,
      target,
      settings,
      enabled,
      state: 'Creating',
      lastModified: cloud.clock.now(),
      lastProcessingResult: 'No records processed',
      checkpoints: new Map(),
      tags: new Map(Object.entries(input.Tags ?? {})),
    };
    mappings.set(mapping.uuid, mapping);
    const answer = described(mapping);
    settle(mapping, call);
    return answer;
  },
});

export const getEventSourceMapping = operation<GetEventSourceMappingCommandInput, GetEventSourceMappingCommandOutput>({
  demands: onMapping('GetEventSourceMapping'),
  run: (input, call) => described(mappingOf(input, call)),
});

export const listEventSourceMappings = operation<
  ListEventSourceMappingsCommandInput,
  ListEventSourceMappingsCommandOutput
>({
  demands: () => [{ action: 'lambda:ListEventSourceMappings', resource: '*' }],
  run(input, call) {
    const target = input.FunctionName === undefined ? undefined : arnOf(referenceOf(input, call));
    const found = [...mappingsOf(call.cloud, call.account, call.region).values()].filter(
      (mapping) =>
        (target === undefined || arnOf(mapping.target) === target) &&
        (input.EventSourceArn === undefined || mapping.eventSourceArn === input.EventSourceArn),
    );
    const { items, next } = page(found, input, 100);
    return { EventSourceMappings: items.map(described), NextMarker: next };
  },
});

export const updateEventSourceMapping = operation<
  UpdateEventSourceMappingCommandInput,
  UpdateEventSourceMappingCommandOutput
>({
  demands: onMapping('UpdateEventSourceMapping'),
  async run(input, call) {
    const { cloud } = call;
    const mapping = mappingOf(input, call);
    requireSettled(mapping, 'update');
    const { eventSourceArn } = mapping;
    const settings = readSettings(eventSourceArn, input, mapping.settings);
    const target = input.FunctionName === undefined ? mapping.target : targetFunction(input, call);
    if (target !== mapping.target || isQueueArn(eventSourceArn)) await checkSource(eventSourceArn, target, call);
    const enabled = input.Enabled ?? mapping.enabled;
    mapping.state = changing(mapping.enabled, enabled);
    mapping.lastModified = cloud.clock.now();
    const answer = described({ ...mapping, settings, target });
    void stopPoller(cloud, mapping).then(() => {
      if (mapping.state === 'Deleting') return;
      Object.assign(mapping, { settings, target, enabled });
      settle(mapping, call);
    });
    return answer;
  },
});

export const deleteEventSourceMapping = operation<
  DeleteEventSourceMappingCommandInput,
  DeleteEventSourceMappingCommandOutput
>({
  demands: onMapping('DeleteEventSourceMapping'),
  run(input, call) {
    const { cloud, account, region } = call;
    const mapping = mappingOf(input, call);
    if (mapping.state === 'Deleting') throw inUse(mapping, 'delete');
    mapping.state = 'Deleting';
    mapping.enabled = false;
    const answer = described(mapping);
    void stopPoller(cloud, mapping).then(() => mappingsOf(cloud, account, region).delete(mapping.uuid));
    return answer;
  },
});

function readSettings(arn: string, input: MappingInput, before: MappingSettings): MappingSettings {
  return isQueueArn(arn) ? readQueueSettings(arn, input, before) : readStreamSettings(input, before);
}

/** Lets a transition take its time, then has the mapping poll or rest. */
function settle(mapping: EventSourceMapping, { cloud }: Call): void {
  cloud.clock.after(transitionMs, () => {
    if (mapping.state === 'Deleting') return;
    mapping.state = mapping.enabled ? 'Enabled' : 'Disabled';
    if (mapping.enabled) startPoller(cloud, mapping);
  });
}

function changing(before: boolean, after: boolean): MappingState {
  if (before === after) return 'Updating';
  return after ? 'Enabling' : 'Disabling';
}

function requireSettled(mapping: EventSourceMapping, verb: string): void {
  if (mapping.state !== 'Enabled' && mapping.state !== 'Disabled') throw inUse(mapping, verb);
}

/** "The operation conflicts with the resource's availability", ResourceInUseException. */
function inUse(mapping: EventSourceMapping, verb: string): AwsError {
  const message = `Cannot ${verb} the event source mapping because it is in use.`;
  return new AwsError('ResourceInUseException', `${message} Its state is ${mapping.state}.`, {
    members: { Type: 'User' },
  });
}

function mappingOf({ UUID = '' }: MappingId, call: Call): EventSourceMapping {
  const mapping = mappingsOf(call.cloud, call.account, call.region).get(UUID);
  if (!mapping) throw resourceNotFound();
  return mapping;
}

function onMapping(action: string) {
  return ({ UUID = '' }: MappingId, call: Call): readonly Demand[] => {
    const mapping = mappingsOf(call.cloud, call.account, call.region).get(UUID);
    const context = mapping && { 'lambda:FunctionArn': arnOf(mapping.target) };
    return [{ action: `lambda:${action}`, resource: mappingArn({ ...call, uuid: UUID }), ...(context && { context }) }];
  };
}

function mappingArn({ account, region, uuid }: { account: string; region: string; uuid: string }): string {
  return `arn:aws:lambda:${region}:${account}:event-source-mapping:${uuid}`;
}

function targetFunction(input: { FunctionName?: string | undefined }, call: Call): FunctionReference {
  const target = referenceOf(input, call);
  targetOf(functionOf(call.cloud, target), target);
  return target;
}

function startOf(input: CreateEventSourceMappingCommandInput, now: number) {
  const { StartingPosition: position, StartingPositionTimestamp: timestamp } = input;
  if (position === undefined) {
    throw invalidParameter('1 validation error detected: Starting position is required for Kinesis event sources.');
  }
  if (position === 'AT_TIMESTAMP' && input.EventSourceArn?.startsWith('arn:aws:dynamodb:')) {
    throw invalidParameter(
      `Unsupported starting position for the DynamoDB stream ${input.EventSourceArn}: AT_TIMESTAMP. Valid ones are TRIM_HORIZON and LATEST.`,
    );
  }
  if (position === 'AT_TIMESTAMP' && !timestamp) {
    throw invalidParameter('Starting position AT_TIMESTAMP needs a StartingPositionTimestamp.');
  }
  if (position !== 'AT_TIMESTAMP' && timestamp) {
    throw invalidParameter('StartingPositionTimestamp is only valid for the starting position AT_TIMESTAMP.');
  }
  if (timestamp && timestamp.getTime() > now) {
    throw invalidParameter('StartingPositionTimestamp cannot be in the future.');
  }
  return { position, timestamp: timestamp?.getTime() };
}

function refuseTwin(mappings: readonly EventSourceMapping[], sourceArn: string, target: FunctionReference): void {
  const same = mappings.filter((mapping) => mapping.eventSourceArn === sourceArn);
  const twin = same.find((mapping) => arnOf(mapping.target) === arnOf(target));
  if (!twin) {
    // A shard gives a consumer one subscription: two mappings would take it from each other.
    if (!same[0] || !isConsumerArn(sourceArn)) return;
    throw conflict(
      `The stream consumer ${sourceArn} is read by the event source mapping with UUID ${same[0].uuid} already: register another consumer.`,
    );
  }
  throw conflict(
    `The event source arn (" ${sourceArn} ") and function (" ${target.name} ") provided mapping already exists. Please update or delete the existing mapping with UUID ${twin.uuid}`,
  );
}

function described(mapping: EventSourceMapping): EventSourceMappingConfiguration {
  const { settings } = mapping;
  return {
    UUID: mapping.uuid,
    EventSourceMappingArn: mappingArn(mapping),
    EventSourceArn: mapping.eventSourceArn,
    FunctionArn: arnOf(mapping.target),
    BatchSize: settings.batchSize,
    MaximumBatchingWindowInSeconds: settings.batchingWindowSeconds,
    FunctionResponseTypes: settings.reportBatchItemFailures ? ['ReportBatchItemFailures'] : [],
    ...(settings.filters.length > 0 && {
      FilterCriteria: { Filters: settings.filters.map((Pattern) => ({ Pattern })) },
    }),
    LastModified: new Date(mapping.lastModified),
    State: mapping.state,
    ...(isQueueArn(mapping.eventSourceArn) ? queueMembers(mapping) : streamMembers(mapping)),
  };
}

function queueMembers({ settings }: EventSourceMapping): EventSourceMappingConfiguration {
  const { maximumConcurrency: MaximumConcurrency } = settings;
  return {
    ...(MaximumConcurrency !== undefined && { ScalingConfig: { MaximumConcurrency } }),
    StateTransitionReason: 'USER_INITIATED',
  };
}

function streamMembers({ settings, ...mapping }: EventSourceMapping): EventSourceMappingConfiguration {
  const { startingTimestamp } = mapping;
  return {
    StartingPosition: mapping.startingPosition,
    ...(startingTimestamp !== undefined && { StartingPositionTimestamp: new Date(startingTimestamp) }),
    ParallelizationFactor: settings.parallelizationFactor,
    BisectBatchOnFunctionError: settings.bisect,
    MaximumRetryAttempts: settings.maximumRetryAttempts,
    MaximumRecordAgeInSeconds: settings.maximumRecordAgeSeconds,
    TumblingWindowInSeconds: settings.tumblingWindowSeconds,
    DestinationConfig: { OnFailure: settings.onFailure === undefined ? {} : { Destination: settings.onFailure } },
    LastProcessingResult: mapping.lastProcessingResult,
    StateTransitionReason: 'User action',
  };
}
