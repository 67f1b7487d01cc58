import type { MessageAttributeValue } from '@aws-sdk/client-sns';
import type { Cloud } from '../../service.ts';

export interface Topic {
  readonly name: string;
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  readonly isFifo: boolean;
  /** Attributes as they were set, by name; those that are not there have their defaults. */
  readonly attributes: Map<string, string>;
  /** As it was put, JSON. */
  policy: string;
  tags: Map<string, string>;
  subscriptionsDeleted: number;
  /** FIFO: what was published within the deduplication interval, by deduplication id (and group). */
  readonly recent: Map<string, Published>;
  /** FIFO: how many messages the topic has taken. */
  taken: number;
}

/** What a publisher is answered with. */
export interface Published {
  readonly messageId: string;
  readonly sequenceNumber?: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export const protocols = [
  'http',
  'https',
  'email',
  'email-json',
  'sms',
  'sqs',
  'application',
  'lambda',
  'firehose',
] as const;
export type Protocol = (typeof protocols)[number];

export interface Subscription {
  readonly arn: string;
  readonly topicArn: string;
  /** 12 digits: whose subscription it is. */
  readonly owner: string;
  /** ARN of who subscribed. */
  readonly principal: string;
  readonly protocol: Protocol;
  readonly endpoint: string;
  /** As they were set, by name. */
  readonly attributes: Map<string, string>;
  /** What ConfirmSubscription has to bring, while the endpoint's owner has not agreed. */
  pending?: { readonly token: string; readonly since: number } | undefined;
  wasAuthenticated: boolean;
  authenticateOnUnsubscribe: boolean;
}

/** A message as it was published; `bodies` has texts of their own for some protocols. */
export interface Message {
  readonly id: string;
  readonly topicArn: string;
  readonly type: 'Notification' | 'SubscriptionConfirmation' | 'UnsubscribeConfirmation';
  readonly body: string;
  readonly bodies?: Readonly<Record<string, string>>;
  readonly subject?: string | undefined;
  readonly attributes: Readonly<Record<string, MessageAttributeValue>>;
  /** Milliseconds since the epoch. */
  readonly published: number;
  readonly signatureVersion: '1' | '2';
  readonly groupId?: string | undefined;
  readonly deduplicationId?: string | undefined;
  readonly sequenceNumber?: string | undefined;
  /** Of confirmations. */
  readonly token?: string;
}

/** A message on its way to one subscriber. */
export interface Delivery {
  readonly id: string;
  /** As it was when the delivery began: confirmations of an unsubscription outlive it. */
  readonly subscription: Subscription;
  readonly message: Message;
  failures: number;
  /** When the next attempt is due. Milliseconds since the epoch. */
  due: number;
}

interface SnsState {
  /** By name. */
  readonly topics: Map<string, Topic>;
  /** By ARN. */
  readonly subscriptions: Map<string, Subscription>;
  /** By token: what an unsigned request has ended and its endpoint can take back. */
  readonly ended: Map<string, Subscription>;
  /** By id: what was not delivered yet is delivered after a restart with `--data`. */
  readonly deliveries: Map<string, Delivery>;
}

const store = 'sns';

/** Where something of SNS is. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

export function stateOf(cloud: Cloud, { account, region }: Place): SnsState {
  return cloud.store(store, account, region, () => ({
    topics: new Map(),
    subscriptions: new Map(),
    ended: new Map(),
    deliveries: new Map(),
  }));
}

export const placesOf = (cloud: Cloud): readonly Place[] => cloud.scopes(store);

export function subscriptionsTo(cloud: Cloud, topic: Topic): readonly Subscription[] {
  return [...stateOf(cloud, topic).subscriptions.values()].filter(({ topicArn }) => topicArn === topic.arn);
}
