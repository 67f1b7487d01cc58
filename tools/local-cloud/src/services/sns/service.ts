import type { Service } from '../../service.ts';
import { certificateRoute } from './certificate-route.ts';
import { confirmSubscription, unsubscribe } from './confirmations.ts';
import { resumeDeliveries, stopDeliveries } from './deliver.ts';
import { publish, publishBatch } from './publish.ts';
import { subscribe } from './subscribe.ts';
import {
  getSubscriptionAttributes,
  listSubscriptions,
  listSubscriptionsByTopic,
  setSubscriptionAttributes,
} from './subscriptions.ts';
import { listTagsForResource, tagResource, untagResource } from './tags.ts';
import { getTopicAttributes, setTopicAttributes } from './topic-attributes.ts';
import { addPermission, removePermission } from './topic-policy.ts';
import { createTopic, deleteTopic, listTopics } from './topics.ts';

/**
 * Amazon SNS: standard and FIFO topics that deliver to functions, queues and HTTP endpoints on loopback addresses. Mail
 * subscriptions stay pending; mobile push, text messages and Firehose are refused.
 */
export const sns: Service = {
  name: 'sns',
  model: () => import('@aws-sdk/client-sns'),
  xmlNamespace: 'http://sns.amazonaws.com/doc/2010-03-31/',
  operations: {
    AddPermission: addPermission,
    ConfirmSubscription: confirmSubscription,
    CreateTopic: createTopic,
    DeleteTopic: deleteTopic,
    GetSubscriptionAttributes: getSubscriptionAttributes,
    GetTopicAttributes: getTopicAttributes,
    ListSubscriptions: listSubscriptions,
    ListSubscriptionsByTopic: listSubscriptionsByTopic,
    ListTagsForResource: listTagsForResource,
    ListTopics: listTopics,
    Publish: publish,
    PublishBatch: publishBatch,
    RemovePermission: removePermission,
    SetSubscriptionAttributes: setSubscriptionAttributes,
    SetTopicAttributes: setTopicAttributes,
    Subscribe: subscribe,
    TagResource: tagResource,
    Unsubscribe: unsubscribe,
    UntagResource: untagResource,
  },
  // The links in messages, SubscribeURL and UnsubscribeURL, are followed without a signature.
  unsigned: ['ConfirmSubscription', 'Unsubscribe'],
  routes: [certificateRoute],
  start: resumeDeliveries,
  async close(cloud) {
    stopDeliveries(cloud);
  },
};
