import {
  CancelReplayCommand,
  CreateArchiveCommand,
  DeleteArchiveCommand,
  DescribeArchiveCommand,
  DescribeReplayCommand,
  EventBridgeClient,
  ListArchivesCommand,
  ListReplaysCommand,
  ListRulesCommand,
  StartReplayCommand,
  UpdateArchiveCommand,
} from '@aws-sdk/client-eventbridge';
import { expect } from 'vitest';
import { type Claim, refusal, type Target } from './contract.ts';
import { bus, reference } from './events-support.ts';

/** An archive of all events of a bus of its own. */
async function archive(target: Target) {
  const { events, EventBusArn, Name: busName } = await bus(target);
  const ArchiveName = target.name();
  const { ArchiveArn = '' } = await events.send(new CreateArchiveCommand({ ArchiveName, EventSourceArn: EventBusArn }));
  target.afterwards(() => events.send(new DeleteArchiveCommand({ ArchiveName })));
  return { events, EventBusArn, busName, ArchiveName, ArchiveArn };
}

/** An archive with a way to replay its last hour; nothing is replayed yet. */
async function replay(target: Target) {
  const { events, EventBusArn, ArchiveArn } = await archive(target);
  const ReplayName = target.name();
  const start = (more: { ReplayName?: string; Arn?: string } = {}) =>
    events.send(
      new StartReplayCommand({
        ReplayName: more.ReplayName ?? ReplayName,
        EventSourceArn: ArchiveArn,
        EventStartTime: new Date(Date.now() - 3_600_000),
        EventEndTime: new Date(),
        Destination: { Arn: more.Arn ?? EventBusArn },
      }),
    );
  return { events, ReplayName, ArchiveArn, start };
}

/** Claims about archives and replays. */
export const archiveClaims: readonly Claim[] = [
  {
    operation: 'CreateArchive',
    beside: ['DescribeArchive', 'ListRules'],
    claim: 'collects from its bus by a rule that the service manages',
    source: 'EventBridge User Guide, Archiving events in Amazon EventBridge',
    async run(target) {
      const { events, busName, ArchiveName, EventBusArn } = await archive(target);
      expect(await events.send(new DescribeArchiveCommand({ ArchiveName }))).toMatchObject({
        EventSourceArn: EventBusArn,
        EventCount: 0,
        RetentionDays: 0,
        State: 'ENABLED',
      });
      const { Rules } = await events.send(new ListRulesCommand({ EventBusName: busName }));
      expect(Rules?.[0]).toMatchObject({ Name: `Events-Archive-${ArchiveName}`, ManagedBy: expect.any(String) });
    },
  },
  {
    operation: 'CreateArchive',
    claim: 'refuses a name that is taken',
    source: reference('CreateArchive'),
    async run(target) {
      const { events, ArchiveName, EventBusArn: EventSourceArn } = await archive(target);
      expect(await refusal(events.send(new CreateArchiveCommand({ ArchiveName, EventSourceArn })))).toEqual({
        name: 'ResourceAlreadyExistsException',
        message: `Archive ${ArchiveName} already exists.`,
      });
    },
  },
  {
    operation: 'DescribeArchive',
    claim: 'does not know what is not there',
    source: reference('DescribeArchive'),
    async run(target) {
      const ArchiveName = target.name();
      const call = new DescribeArchiveCommand({ ArchiveName });
      expect(await refusal(target.client(EventBridgeClient).send(call))).toEqual({
        name: 'ResourceNotFoundException',
        message: `Archive ${ArchiveName} does not exist.`,
      });
    },
  },
  {
    operation: 'UpdateArchive',
    beside: ['DescribeArchive'],
    claim: 'changes how long events are kept',
    source: reference('UpdateArchive'),
    async run(target) {
      const { events, ArchiveName } = await archive(target);
      await events.send(new UpdateArchiveCommand({ ArchiveName, RetentionDays: 3 }));
      expect((await events.send(new DescribeArchiveCommand({ ArchiveName }))).RetentionDays).toBe(3);
    },
  },
  {
    operation: 'ListArchives',
    claim: 'finds the archives of a bus',
    source: reference('ListArchives'),
    async run(target) {
      const { events, ArchiveName, EventBusArn: EventSourceArn } = await archive(target);
      const { Archives } = await events.send(new ListArchivesCommand({ EventSourceArn }));
      expect(Archives?.map((one) => one.ArchiveName)).toEqual([ArchiveName]);
    },
  },
  {
    operation: 'DeleteArchive',
    claim: 'does not know what is not there',
    source: reference('DeleteArchive'),
    async run(target) {
      const call = new DeleteArchiveCommand({ ArchiveName: target.name() });
      expect((await refusal(target.client(EventBridgeClient).send(call))).name).toBe('ResourceNotFoundException');
    },
  },
  {
    operation: 'StartReplay',
    beside: ['DescribeReplay', 'ListReplays'],
    claim: 'begins with STARTING and ends with COMPLETED',
    source: reference('StartReplay'),
    async run(target) {
      const { events, ReplayName, ArchiveArn, start } = await replay(target);
      expect((await start()).State).toBe('STARTING');
      await target.until(async () => {
        expect((await events.send(new DescribeReplayCommand({ ReplayName }))).State).toBe('COMPLETED');
      });
      const { Replays } = await events.send(new ListReplaysCommand({ NamePrefix: ReplayName }));
      expect(Replays).toMatchObject([{ ReplayName, EventSourceArn: ArchiveArn, State: 'COMPLETED' }]);
    },
  },
  {
    operation: 'StartReplay',
    claim: 'sends events to the bus they were archived from only',
    source: reference('StartReplay'),
    async run(target) {
      const { start } = await replay(target);
      const Arn = `arn:aws:events:${target.region}:${target.account}:event-bus/default`;
      expect(await refusal(start({ Arn }))).toEqual({
        name: 'ValidationException',
        message: 'Parameter Destination.Arn is not valid. Reason: Cross event bus replay is not permitted.',
      });
    },
  },
  {
    operation: 'CancelReplay',
    claim: 'cancels a replay that has not ended',
    source: reference('CancelReplay'),
    async run(target) {
      const { events, ReplayName, start } = await replay(target);
      await start();
      expect((await events.send(new CancelReplayCommand({ ReplayName }))).State).toBe('CANCELLING');
    },
  },
];
