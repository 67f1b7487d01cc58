import type { Cloud } from '../../service.ts';
import type { BusEvent } from './event.ts';
import { replayed } from './event.ts';
import { sendToRules } from './route-event.ts';
import { type Archive, type Bus, eventsOf, type Replay } from './state.ts';

/** AWS takes minutes to start; here STARTING lasts only so long that it can be seen. */
const startMs = 200;
const minuteMs = 60_000;

/**
 * Sends archived events to the rules of their bus again: "based on the time in the event, and on one minute intervals"
 * (Archiving and replaying events, User Guide).
 */
export async function runReplay(replay: Replay, archive: Archive, bus: Bus, cloud: Cloud): Promise<void> {
  await cloud.clock.sleep(startMs);
  if (replay.state === 'STARTING') replay.state = 'RUNNING';
  for (const minute of minutesOf(replay, archive)) {
    if (replay.state !== 'RUNNING') break;
    const { FilterArns = [] } = replay.destination;
    const rules = [...bus.rules.values()].filter(({ arn }) => FilterArns.length === 0 || FilterArns.includes(arn));
    for (const event of minute) sendToRules(cloud, rules, replayed(event, replay.name, cloud.clock.now()));
    replay.lastReplayed = new Date(timeOf(minute.at(-1) as BusEvent));
    await cloud.clock.sleep(startMs);
  }
  replay.state = replay.state === 'RUNNING' ? 'COMPLETED' : 'CANCELLED';
  replay.ended = new Date(cloud.clock.now());
}

/** What is left of a replay when the cloud starts again with kept state is that it failed. */
export function failInterrupted(cloud: Cloud): void {
  for (const place of cloud.scopes('events')) {
    for (const replay of eventsOf(cloud, place).replays.values()) {
      if (['STARTING', 'RUNNING', 'CANCELLING'].includes(replay.state)) replay.state = 'FAILED';
    }
  }
}

function minutesOf({ eventStart, eventEnd }: Replay, { events }: Archive): BusEvent[][] {
  const within = events.filter((event) => timeOf(event) >= eventStart.getTime() && timeOf(event) < eventEnd.getTime());
  const minutes = Map.groupBy(within, (event) => Math.floor(timeOf(event) / minuteMs));
  return [...minutes].sort(([a], [b]) => a - b).map(([, group]) => group);
}

const timeOf = ({ json }: BusEvent) => Date.parse(String(json['time']));
