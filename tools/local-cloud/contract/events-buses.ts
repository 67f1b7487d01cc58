import {
  CreateEventBusCommand,
  DeleteEventBusCommand,
  DescribeEventBusCommand,
  EventBridgeClient,
  ListEventBusesCommand,
  PutPermissionCommand,
  RemovePermissionCommand,
  UpdateEventBusCommand,
} from '@aws-sdk/client-eventbridge';
import { expect } from 'vitest';
import { type Claim, refusal } from './contract.ts';
import { bus, reference } from './events-support.ts';

/** Claims about event buses and who may put events on them. */
export const busClaims: readonly Claim[] = [
  {
    operation: 'CreateEventBus',
    claim: 'answers the ARN, and refuses the name a second time',
    source: reference('CreateEventBus'),
    async run(target) {
      const { events, Name, EventBusArn } = await bus(target);
      expect(EventBusArn).toBe(`arn:aws:events:${target.region}:${target.account}:event-bus/${Name}`);
      expect(await refusal(events.send(new CreateEventBusCommand({ Name })))).toEqual({
        name: 'ResourceAlreadyExistsException',
        message: `Event bus ${Name} already exists.`,
      });
    },
  },
  {
    operation: 'CreateEventBus',
    claim: 'refuses a name with a slash',
    source: reference('CreateEventBus'),
    async run(target) {
      const call = new CreateEventBusCommand({ Name: 'a/b' });
      expect((await refusal(target.client(EventBridgeClient).send(call))).name).toBe('ValidationException');
    },
  },
  {
    operation: 'DescribeEventBus',
    claim: 'knows the default event bus without its being made, and no other',
    source: reference('DescribeEventBus'),
    async run(target) {
      const events = target.client(EventBridgeClient);
      expect((await events.send(new DescribeEventBusCommand({}))).Name).toBe('default');
      const Name = target.name();
      expect(await refusal(events.send(new DescribeEventBusCommand({ Name })))).toEqual({
        name: 'ResourceNotFoundException',
        message: `Event bus ${Name} does not exist.`,
      });
    },
  },
  {
    operation: 'UpdateEventBus',
    beside: ['DescribeEventBus'],
    claim: 'changes the description',
    source: reference('UpdateEventBus'),
    async run(target) {
      const { events, Name } = await bus(target);
      await events.send(new UpdateEventBusCommand({ Name, Description: 'of orders' }));
      expect((await events.send(new DescribeEventBusCommand({ Name }))).Description).toBe('of orders');
    },
  },
  {
    operation: 'ListEventBuses',
    claim: 'finds buses by the beginning of their names, a page at a time',
    source: reference('ListEventBuses'),
    async run(target) {
      const { events, Name } = await bus(target);
      const { EventBuses } = await events.send(new ListEventBusesCommand({ NamePrefix: Name }));
      expect(EventBuses?.map((one) => one.Name)).toEqual([Name]);
      const first = await events.send(new ListEventBusesCommand({ Limit: 1 }));
      expect(first.EventBuses).toHaveLength(1);
      expect(first.NextToken).toBeDefined();
    },
  },
  {
    operation: 'DeleteEventBus',
    claim: 'does not delete the default event bus',
    source: reference('DeleteEventBus'),
    async run(target) {
      const call = new DeleteEventBusCommand({ Name: 'default' });
      expect(await refusal(target.client(EventBridgeClient).send(call))).toEqual({
        name: 'ValidationException',
        message: 'Cannot delete event bus default.',
      });
    },
  },
  {
    operation: 'PutPermission',
    beside: ['DescribeEventBus'],
    claim: 'adds a statement that allows another account what it says',
    source: reference('PutPermission'),
    async run(target) {
      const { events, Name, EventBusArn } = await bus(target);
      const [Principal, Action, StatementId] = [target.account, 'events:PutEvents', 'neighbour'];
      await events.send(new PutPermissionCommand({ EventBusName: Name, Principal, Action, StatementId }));
      const { Policy = '' } = await events.send(new DescribeEventBusCommand({ Name }));
      expect(JSON.parse(Policy).Statement).toEqual([
        {
          Sid: StatementId,
          Effect: 'Allow',
          Principal: { AWS: `arn:aws:iam::${target.account}:root` },
          Action,
          Resource: EventBusArn,
        },
      ]);
    },
  },
  {
    operation: 'RemovePermission',
    claim: 'does not know a statement that is not there',
    source: reference('RemovePermission'),
    async run(target) {
      const { events, Name } = await bus(target);
      const call = new RemovePermissionCommand({ EventBusName: Name, StatementId: 'nobody' });
      expect(await refusal(events.send(call))).toEqual({
        name: 'ResourceNotFoundException',
        message: 'Statement with the provided id does not exist.',
      });
    },
  },
];
