import type {
  CreateEventBusCommandInput,
  CreateEventBusCommandOutput,
  DeleteEventBusCommandInput,
  DeleteEventBusCommandOutput,
  DescribeEventBusCommandInput,
  DescribeEventBusCommandOutput,
  ListEventBusesCommandInput,
  ListEventBusesCommandOutput,
  UpdateEventBusCommandInput,
  UpdateEventBusCommandOutput,
} from '@aws-sdk/client-eventbridge';
import { lengthBetween, matches } from '../../constraints.ts';
import { validationError } from '../../errors.ts';
import { operation } from '../../service.ts';
import { onBus } from './demands.ts';
import { alreadyExists, limitExceeded, unsupported, validate } from './errors.ts';
import { pageOf } from './page.ts';
import { busOf, locateBus } from './references.ts';
import { type Bus, defaultBus, eventsOf, newBus } from './state.ts';
import { addTags } from './tags.ts';

/** "EventBridge event bus quotas", User Guide. */
const mostBuses = 100;

const createEventBus = operation<CreateEventBusCommandInput, CreateEventBusCommandOutput>({
  demands: onBus('CreateEventBus'),
  run(input, call) {
    const { Name = '' } = input;
    // API Reference: "Custom event bus names can't contain the / character".
    validate(lengthBetween('name', Name, 1, 256), matches('name', Name, '[\\.\\-_A-Za-z0-9]+'));
    refuseUnsupported(input);
    const { buses } = eventsOf(call.cloud, call);
    if (buses.has(Name)) throw alreadyExists(`Event bus ${Name}`);
    if (buses.size >= mostBuses) throw limitExceeded();
    const bus = newBus(Name, call, new Date(call.cloud.clock.now()));
    addTags(bus, input.Tags);
    configure(bus, input);
    buses.set(Name, bus);
    return { EventBusArn: bus.arn, ...settingsOf(bus) };
  },
});

const updateEventBus = operation<UpdateEventBusCommandInput, UpdateEventBusCommandOutput>({
  demands: onBus('UpdateEventBus'),
  run(input, call) {
    refuseUnsupported(input);
    const bus = busOf(input.Name, call);
    configure(bus, input);
    bus.modified = new Date(call.cloud.clock.now());
    return { Arn: bus.arn, Name: bus.name, ...settingsOf(bus) };
  },
});

const describeEventBus = operation<DescribeEventBusCommandInput, DescribeEventBusCommandOutput>({
  demands: onBus('DescribeEventBus'),
  run: (input, call) => summary(busOf(input.Name, call)),
});

const listEventBuses = operation<ListEventBusesCommandInput, ListEventBusesCommandOutput>({
  demands: () => [{ action: 'events:ListEventBuses', resource: '*' }],
  run(input, call) {
    const buses = [...eventsOf(call.cloud, call).buses.values()];
    const { page, next } = pageOf(
      buses.filter(({ name }) => name.startsWith(input.NamePrefix ?? '')),
      input,
    );
    return { EventBuses: page.map(summary), ...next };
  },
});

/** One that is not there is success, as it is in AWS. */
const deleteEventBus = operation<DeleteEventBusCommandInput, DeleteEventBusCommandOutput>({
  demands: onBus('DeleteEventBus'),
  run(input, call) {
    const { name } = locateBus(input.Name, call);
    if (name === defaultBus) throw validationError('Cannot delete event bus default.');
    const { buses } = eventsOf(call.cloud, call);
    if ([...(buses.get(name)?.rules.values() ?? [])].length > 0) {
      throw validationError(`Cannot delete event bus ${name} since it has rules.`);
    }
    buses.delete(name);
    return {};
  },
});

type Settings = Pick<
  CreateEventBusCommandInput,
  'Description' | 'DeadLetterConfig' | 'KmsKeyIdentifier' | 'LogConfig' | 'EventSourceName'
>;

function refuseUnsupported({ KmsKeyIdentifier, LogConfig, EventSourceName }: Settings): void {
  if (KmsKeyIdentifier) throw unsupported('customer managed KMS keys', 'leave KmsKeyIdentifier out');
  if (EventSourceName) throw unsupported('partner event sources', 'leave EventSourceName out');
  if (LogConfig?.Level && LogConfig.Level !== 'OFF') throw unsupported('logs of event buses', 'leave LogConfig out');
}

/** The dead-letter queue of a bus is for events its KMS key can't encrypt, of which there are none without a key. */
function configure(bus: Bus, { Description, DeadLetterConfig }: Settings): void {
  bus.description = Description || undefined;
  bus.deadLetterArn = DeadLetterConfig?.Arn;
}

function settingsOf({ description, deadLetterArn }: Bus) {
  return {
    ...(description !== undefined && { Description: description }),
    ...(deadLetterArn !== undefined && { DeadLetterConfig: { Arn: deadLetterArn } }),
  };
}

function summary(bus: Bus) {
  return {
    Name: bus.name,
    Arn: bus.arn,
    CreationTime: bus.created,
    LastModifiedTime: bus.modified,
    ...settingsOf(bus),
    ...(bus.policy !== undefined && { Policy: bus.policy }),
  };
}

export const eventBusOperations = {
  CreateEventBus: createEventBus,
  DeleteEventBus: deleteEventBus,
  DescribeEventBus: describeEventBus,
  ListEventBuses: listEventBuses,
  UpdateEventBus: updateEventBus,
};
