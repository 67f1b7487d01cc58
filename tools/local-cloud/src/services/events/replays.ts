import type {
  CancelReplayCommandInput,
  CancelReplayCommandOutput,
  DescribeReplayCommandInput,
  DescribeReplayCommandOutput,
  ListReplaysCommandInput,
  ListReplaysCommandOutput,
  StartReplayCommandInput,
  StartReplayCommandOutput,
} from '@aws-sdk/client-eventbridge';
import { lengthBetween, matches } from '../../constraints.ts';
import { AwsError, validationError } from '../../errors.ts';
import { type Call, operation } from '../../service.ts';
import { archiveOf } from './archives.ts';
import { alreadyExists, notFound, validate } from './errors.ts';
import { pageOf } from './page.ts';
import { busOf } from './references.ts';
import { runReplay } from './run-replay.ts';
import { type Archive, type Bus, eventsOf, type Replay, replayArn } from './state.ts';

const onReplay =
  (action: string) =>
  ({ ReplayName = '' }: { ReplayName: string | undefined }, call: Call) => [
    { action: `events:${action}`, resource: replayArn(ReplayName, call) },
  ];

const startReplay = operation<StartReplayCommandInput, StartReplayCommandOutput>({
  demands: onReplay('StartReplay'),
  run(input, call) {
    const { ReplayName: name = '', EventSourceArn: archiveArn = '', EventStartTime, EventEndTime, Destination } = input;
    validate(lengthBetween('replayName', name, 1, 64), matches('replayName', name, '[\\.\\-_A-Za-z0-9]+'));
    const bus = busOf(Destination?.Arn, call);
    const archive = sourceOf(archiveArn, call);
    if (archive.busName !== bus.name) {
      throw validationError('Parameter Destination.Arn is not valid. Reason: Cross event bus replay is not permitted.');
    }
    const [start, end] = [EventStartTime ?? new Date(Number.NaN), EventEndTime ?? new Date(Number.NaN)];
    if (!(start.getTime() < end.getTime())) {
      throw validationError('Parameter EventEndTime is not valid. Reason: EventStartTime must be before EventEndTime.');
    }
    checkFilters(Destination?.FilterArns ?? [], bus);
    const { replays } = eventsOf(call.cloud, call);
    if (replays.has(name)) throw alreadyExists(`Replay ${name}`);
    const replay: Replay = {
      name,
      arn: replayArn(name, call),
      account: call.account,
      region: call.region,
      archiveArn: archive.arn,
      description: input.Description || undefined,
      destination: Destination as Replay['destination'],
      eventStart: start,
      eventEnd: end,
      started: new Date(call.cloud.clock.now()),
      state: 'STARTING',
    };
    replays.set(name, replay);
    void runReplay(replay, archive, bus, call.cloud);
    return { ReplayArn: replay.arn, ReplayStartTime: replay.started, State: 'STARTING' };
  },
});

function sourceOf(arn: string, call: Call): Archive {
  const [, ArchiveName] = /^arn:aws:events:[^:]+:\d{12}:archive\/([.\-_A-Za-z0-9]+)$/.exec(arn) ?? [];
  if (ArchiveName) return archiveOf({ ArchiveName }, call);
  throw validationError(`Parameter EventSourceArn is not valid. Reason: Must contain an archive ARN, not ${arn}.`);
}

function checkFilters(arns: readonly string[], bus: Bus): void {
  const known = [...bus.rules.values()].map(({ arn }) => arn);
  const unknown = arns.find((arn) => !known.includes(arn));
  if (unknown !== undefined) throw notFound(`Rule ${unknown}`);
}

/** "Cancels the specified replay": one that runs, or is about to. */
const cancelReplay = operation<CancelReplayCommandInput, CancelReplayCommandOutput>({
  demands: onReplay('CancelReplay'),
  run(input, call) {
    const replay = replayOf(input, call);
    if (replay.state !== 'STARTING' && replay.state !== 'RUNNING') {
      throw new AwsError('IllegalStatusException', `Replay ${replay.name} is not in a valid state for this operation.`);
    }
    replay.state = 'CANCELLING';
    return { ReplayArn: replay.arn, State: replay.state };
  },
});

const describeReplay = operation<DescribeReplayCommandInput, DescribeReplayCommandOutput>({
  demands: onReplay('DescribeReplay'),
  run(input, call) {
    const replay = replayOf(input, call);
    return {
      ...summary(replay),
      ReplayArn: replay.arn,
      Destination: replay.destination,
      ...(replay.description !== undefined && { Description: replay.description }),
    };
  },
});

const listReplays = operation<ListReplaysCommandInput, ListReplaysCommandOutput>({
  demands: () => [{ action: 'events:ListReplays', resource: '*' }],
  run(input, call) {
    const { NamePrefix = '', EventSourceArn, State } = input;
    const replays = [...eventsOf(call.cloud, call).replays.values()]
      .filter(({ name }) => name.startsWith(NamePrefix))
      .filter(({ archiveArn }) => EventSourceArn === undefined || archiveArn === EventSourceArn)
      .filter(({ state }) => State === undefined || state === State);
    const { page, next } = pageOf(replays, input);
    return { Replays: page.map(summary), ...next };
  },
});

function replayOf({ ReplayName = '' }: { ReplayName: string | undefined }, call: Call): Replay {
  const replay = eventsOf(call.cloud, call).replays.get(ReplayName);
  if (!replay) throw notFound(`Replay ${ReplayName}`);
  return replay;
}

function summary(replay: Replay) {
  return {
    ReplayName: replay.name,
    EventSourceArn: replay.archiveArn,
    State: replay.state,
    EventStartTime: replay.eventStart,
    EventEndTime: replay.eventEnd,
    ReplayStartTime: replay.started,
    ...(replay.lastReplayed && { EventLastReplayedTime: replay.lastReplayed }),
    ...(replay.ended && { ReplayEndTime: replay.ended }),
  };
}

export const replayOperations = {
  CancelReplay: cancelReplay,
  DescribeReplay: describeReplay,
  ListReplays: listReplays,
  StartReplay: startReplay,
};
