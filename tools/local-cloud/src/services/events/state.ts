import type { ArchiveState, ReplayDestination, ReplayState, RuleState, Target } from '@aws-sdk/client-eventbridge';
import type { Cloud } from '../../service.ts';
import type { BusEvent } from './event.ts';

export interface Place {
  readonly account: string;
  readonly region: string;
}

export interface Rule extends Place {
  readonly name: string;
  readonly busName: string;
  readonly arn: string;
  readonly eventPattern: string | undefined;
  readonly scheduleExpression: string | undefined;
  readonly description: string | undefined;
  readonly roleArn: string | undefined;
  readonly state: RuleState;
  /** The AWS service that made it. */
  readonly managedBy: string | undefined;
  /** What rates count from: when the rule was made, changed or enabled. Milliseconds since the epoch. */
  readonly scheduledFrom: number;
  /** By id. Kept when the rule is put again, as are the tags. */
  readonly targets: Map<string, Target>;
  readonly tags: Map<string, string>;
}

export interface Bus extends Place {
  readonly name: string;
  readonly arn: string;
  readonly created: Date;
  modified: Date;
  description: string | undefined;
  deadLetterArn: string | undefined;
  /** As it was put. */
  policy: string | undefined;
  /** By name. */
  readonly rules: Map<string, Rule>;
  readonly tags: Map<string, string>;
}

export interface Archive extends Place {
  readonly name: string;
  readonly arn: string;
  readonly busName: string;
  readonly created: Date;
  readonly state: ArchiveState;
  description: string | undefined;
  eventPattern: string | undefined;
  /** 0: for ever. */
  retentionDays: number;
  /** In order of arrival. */
  events: BusEvent[];
}

export interface Replay extends Place {
  readonly name: string;
  readonly arn: string;
  readonly archiveArn: string;
  readonly description: string | undefined;
  readonly destination: ReplayDestination;
  readonly eventStart: Date;
  readonly eventEnd: Date;
  readonly started: Date;
  state: ReplayState;
  ended?: Date;
  lastReplayed?: Date;
}

export interface EventsState {
  readonly buses: Map<string, Bus>;
  readonly archives: Map<string, Archive>;
  readonly replays: Map<string, Replay>;
}

export const defaultBus = 'default';

/** The state of one account and region; the default event bus is there from the beginning. */
export function eventsOf(cloud: Cloud, { account, region }: Place): EventsState {
  return cloud.store('events', account, region, () => ({
    buses: new Map([[defaultBus, newBus(defaultBus, { account, region }, new Date(cloud.clock.now()))]]),
    archives: new Map<string, Archive>(),
    replays: new Map<string, Replay>(),
  }));
}

export function newBus(name: string, place: Place, now: Date): Bus {
  return {
    name,
    account: place.account,
    region: place.region,
    arn: busArn(name, place),
    created: now,
    modified: now,
    description: undefined,
    deadLetterArn: undefined,
    policy: undefined,
    rules: new Map(),
    tags: new Map(),
  };
}

export function busArn(name: string, { account, region }: Place): string {
  return `arn:aws:events:${region}:${account}:event-bus/${name}`;
}

/** Rules of the default bus are named without it. */
export function ruleArn(name: string, busName: string, { account, region }: Place): string {
  const path = busName === defaultBus ? name : `${busName}/${name}`;
  return `arn:aws:events:${region}:${account}:rule/${path}`;
}

export function archiveArn(name: string, { account, region }: Place): string {
  return `arn:aws:events:${region}:${account}:archive/${name}`;
}

export function replayArn(name: string, { account, region }: Place): string {
  return `arn:aws:events:${region}:${account}:replay/${name}`;
}
