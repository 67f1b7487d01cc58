import {
  CreateEventBusCommand,
  DeleteEventBusCommand,
  DeleteRuleCommand,
  EventBridgeClient,
  PutRuleCommand,
  type PutRuleCommandInput,
  PutTargetsCommand,
  RemoveTargetsCommand,
  type Target as RuleTarget,
} from '@aws-sdk/client-eventbridge';
import type { Target } from './contract.ts';

export const reference = (operation: string) => `EventBridge API Reference, ${operation}`;

/** An event bus of its own. */
export async function bus(target: Target) {
  const events = target.client(EventBridgeClient);
  const Name = target.name();
  target.afterwards(() => events.send(new DeleteEventBusCommand({ Name })));
  const { EventBusArn = '' } = await events.send(new CreateEventBusCommand({ Name }));
  return { events, Name, EventBusArn };
}

/** A rule of a bus of its own, and a queue it may name as its target (nothing is sent there). */
export async function rule(target: Target, more: Partial<PutRuleCommandInput> = {}) {
  const { events, Name: EventBusName, EventBusArn } = await bus(target);
  const Name = target.name();
  const reference = { EventBusName, Name };
  target.afterwards(() => events.send(new DeleteRuleCommand(reference)));
  const EventPattern = '{"source":["shop"]}';
  const { RuleArn = '' } = await events.send(new PutRuleCommand({ ...reference, EventPattern, ...more }));
  const Arn = `arn:aws:sqs:${target.region}:${target.account}:${target.name()}`;
  const put = async (...Targets: Partial<RuleTarget>[]) => {
    const all = Targets.map((given, i) => ({ Id: `target-${i}`, Arn, ...given }));
    const answer = await events.send(new PutTargetsCommand({ Rule: Name, EventBusName, Targets: all }));
    const Ids = all.map(({ Id }) => Id);
    target.afterwards(() => events.send(new RemoveTargetsCommand({ Rule: Name, EventBusName, Ids })));
    return answer;
  };
  return { events, reference, RuleArn, EventBusArn, Arn, put };
}
