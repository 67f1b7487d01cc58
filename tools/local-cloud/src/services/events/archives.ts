import type {
  CreateArchiveCommandInput,
  CreateArchiveCommandOutput,
  DeleteArchiveCommandInput,
  DeleteArchiveCommandOutput,
  DescribeArchiveCommandInput,
  DescribeArchiveCommandOutput,
  ListArchivesCommandInput,
  ListArchivesCommandOutput,
  UpdateArchiveCommandInput,
  UpdateArchiveCommandOutput,
} from '@aws-sdk/client-eventbridge';
import { between, lengthBetween, matches } from '../../constraints.ts';
import { validationError } from '../../errors.ts';
import { type Call, operation } from '../../service.ts';
import { alreadyExists, notFound, unsupported, validate } from './errors.ts';
import { pageOf } from './page.ts';
import { busOf } from './references.ts';
import { type Archive, archiveArn, type Bus, busArn, eventsOf, type Rule, ruleArn } from './state.ts';
import { readPattern } from './test-event-pattern.ts';

const dayMs = 86_400_000;

const onArchive =
  (action: string) =>
  ({ ArchiveName = '' }: { ArchiveName: string | undefined }, call: Call) => [
    { action: `events:${action}`, resource: archiveArn(ArchiveName, call) },
  ];

const createArchive = operation<CreateArchiveCommandInput, CreateArchiveCommandOutput>({
  demands: onArchive('CreateArchive'),
  run(input, call) {
    const { ArchiveName: name = '' } = input;
    validate(lengthBetween('archiveName', name, 1, 48), matches('archiveName', name, '[\\.\\-_A-Za-z0-9]+'));
    checkSettings(input);
    const bus = busOf(input.EventSourceArn, call);
    const { archives } = eventsOf(call.cloud, call);
    if (archives.has(name)) throw alreadyExists(`Archive ${name}`);
    const archive: Archive = {
      name,
      arn: archiveArn(name, call),
      account: call.account,
      region: call.region,
      busName: bus.name,
      created: new Date(call.cloud.clock.now()),
      state: 'ENABLED',
      description: input.Description || undefined,
      eventPattern: input.EventPattern || undefined,
      retentionDays: input.RetentionDays ?? 0,
      events: [],
    };
    archives.set(name, archive);
    addManagedRule(bus, archive, call);
    return answer(archive);
  },
});

const updateArchive = operation<UpdateArchiveCommandInput, UpdateArchiveCommandOutput>({
  demands: onArchive('UpdateArchive'),
  run(input, call) {
    checkSettings(input);
    const archive = archiveOf(input, call);
    if (input.Description !== undefined) archive.description = input.Description || undefined;
    if (input.EventPattern !== undefined) archive.eventPattern = input.EventPattern || undefined;
    if (input.RetentionDays !== undefined) archive.retentionDays = input.RetentionDays;
    addManagedRule(busOf(archive.busName, call), archive, call);
    return answer(archive);
  },
});

const deleteArchive = operation<DeleteArchiveCommandInput, DeleteArchiveCommandOutput>({
  demands: onArchive('DeleteArchive'),
  run(input, call) {
    const archive = archiveOf(input, call);
    const { archives, buses } = eventsOf(call.cloud, call);
    archives.delete(archive.name);
    buses.get(archive.busName)?.rules.delete(managedRuleName(archive));
    return {};
  },
});

const describeArchive = operation<DescribeArchiveCommandInput, DescribeArchiveCommandOutput>({
  demands: onArchive('DescribeArchive'),
  run(input, call) {
    const archive = archiveOf(input, call);
    return {
      ...summary(archive),
      ArchiveArn: archive.arn,
      ...(archive.description !== undefined && { Description: archive.description }),
      ...(archive.eventPattern !== undefined && { EventPattern: archive.eventPattern }),
    };
  },
});

const listArchives = operation<ListArchivesCommandInput, ListArchivesCommandOutput>({
  demands: () => [{ action: 'events:ListArchives', resource: '*' }],
  run(input, call) {
    const { NamePrefix = '', EventSourceArn, State } = input;
    if ([NamePrefix || undefined, EventSourceArn, State].filter((one) => one !== undefined).length > 1) {
      throw validationError(
        'At most one filter is allowed for ListArchives. Use either : State, EventSourceArn, or NamePrefix.',
      );
    }
    const bus = EventSourceArn === undefined ? undefined : busOf(EventSourceArn, call).name;
    const archives = [...eventsOf(call.cloud, call).archives.values()]
      .filter((archive) => archive.name.startsWith(NamePrefix))
      .filter((archive) => bus === undefined || archive.busName === bus)
      .filter((archive) => State === undefined || archive.state === State);
    const { page, next } = pageOf(archives, input);
    for (const archive of page) expire(archive, call);
    return { Archives: page.map(summary), ...next };
  },
});

function checkSettings(
  input: Pick<CreateArchiveCommandInput, 'Description' | 'EventPattern' | 'RetentionDays' | 'KmsKeyIdentifier'>,
): void {
  validate(
    lengthBetween('description', input.Description, 0, 512),
    lengthBetween('eventPattern', input.EventPattern, 0, 4096),
    between('retentionDays', input.RetentionDays, 0, Number.MAX_SAFE_INTEGER),
  );
  if (input.EventPattern) readPattern(input.EventPattern);
  if (input.KmsKeyIdentifier) throw unsupported('customer managed KMS keys', 'leave KmsKeyIdentifier out');
}

/** The archive an input names, without what its retention has removed. Throws ResourceNotFoundException. */
export function archiveOf({ ArchiveName = '' }: { ArchiveName: string | undefined }, call: Call): Archive {
  const archive = eventsOf(call.cloud, call).archives.get(ArchiveName);
  if (!archive) throw notFound(`Archive ${ArchiveName}`);
  expire(archive, call);
  return archive;
}

function expire(archive: Archive, { cloud }: Call): void {
  if (archive.retentionDays === 0) return;
  const start = cloud.clock.now() - archive.retentionDays * dayMs;
  archive.events = archive.events.filter(({ ingested }) => ingested >= start);
}

/**
 * "EventBridge creates a rule `Events-Archive-archive-name` on the bus, managed by the service", Archiving events (User
 * Guide). The archive itself collects: the rule is what lists show, and cannot be changed.
 */
function addManagedRule(bus: Bus, archive: Archive, { cloud }: Call): void {
  const name = managedRuleName(archive);
  const pattern = archive.eventPattern === undefined ? {} : (JSON.parse(archive.eventPattern) as object);
  const rule: Rule = {
    name,
    busName: bus.name,
    account: bus.account,
    region: bus.region,
    arn: ruleArn(name, bus.name, bus),
    eventPattern: JSON.stringify({ ...pattern, 'replay-name': [{ exists: false }] }),
    scheduleExpression: undefined,
    description: undefined,
    roleArn: undefined,
    state: 'ENABLED',
    managedBy: 'prod.vhs.events.aws.internal',
    scheduledFrom: cloud.clock.now(),
    targets: new Map(),
    tags: new Map(),
  };
  bus.rules.set(name, rule);
}

const managedRuleName = ({ name }: Archive) => `Events-Archive-${name}`;

function answer({ arn, created, state }: Archive) {
  return { ArchiveArn: arn, CreationTime: created, State: state };
}

function summary(archive: Archive) {
  return {
    ArchiveName: archive.name,
    EventSourceArn: busArn(archive.busName, archive),
    State: archive.state,
    RetentionDays: archive.retentionDays,
    EventCount: archive.events.length,
    SizeBytes: archive.events.reduce((bytes, { text }) => bytes + Buffer.byteLength(text), 0),
    CreationTime: archive.created,
  };
}

export const archiveOperations = {
  CreateArchive: createArchive,
  DeleteArchive: deleteArchive,
  DescribeArchive: describeArchive,
  ListArchives: listArchives,
  UpdateArchive: updateArchive,
};
