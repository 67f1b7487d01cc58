import type { Service } from '../../service.ts';
import { getQueueAttributes, setQueueAttributes } from './attribute-operations.ts';
import { listDeadLetterSourceQueues } from './dead-letters.ts';
import { deleteMessage, deleteMessageBatch } from './delete-message.ts';
import { missingParameter } from './errors.ts';
import { resumeMoveTasks, stopMoveTasks } from './message-move-tasks.ts';
import { cancelMessageMoveTask, listMessageMoveTasks, startMessageMoveTask } from './move-task-operations.ts';
import { startMeasuring, stopMeasuring } from './queue-metrics.ts';
import { createQueue, deleteQueue, getQueueUrl, listQueues, purgeQueue } from './queue-operations.ts';
import { addPermission, removePermission } from './queue-policy.ts';
import { receiveMessage } from './receive-message.ts';
import { sendMessage, sendMessageBatch } from './send-message.ts';
import { listQueueTags, tagQueue, untagQueue } from './tags.ts';
import { changeMessageVisibility, changeMessageVisibilityBatch } from './visibility.ts';

/**
 * Amazon SQS. Standard queues give messages out in the order they became visible and each once per visibility timeout,
 * which is more than AWS promises; message groups of standard queues (fair queues) are kept but order nothing. KMS keys are
 * kept as settings: nothing is encrypted.
 */
export const sqs: Service = {
  name: 'sqs',
  model: () => import('@aws-sdk/client-sqs'),
  xmlNamespace: 'http://queue.amazonaws.com/doc/2012-11-05/',
  queryCompatible: true,
  missingMember: missingParameter,
  throttlingCode: 'RequestThrottled',
  operations: {
    AddPermission: addPermission,
    CancelMessageMoveTask: cancelMessageMoveTask,
    ChangeMessageVisibility: changeMessageVisibility,
    ChangeMessageVisibilityBatch: changeMessageVisibilityBatch,
    CreateQueue: createQueue,
    DeleteMessage: deleteMessage,
    DeleteMessageBatch: deleteMessageBatch,
    DeleteQueue: deleteQueue,
    GetQueueAttributes: getQueueAttributes,
    GetQueueUrl: getQueueUrl,
    ListDeadLetterSourceQueues: listDeadLetterSourceQueues,
    ListMessageMoveTasks: listMessageMoveTasks,
    ListQueueTags: listQueueTags,
    ListQueues: listQueues,
    PurgeQueue: purgeQueue,
    ReceiveMessage: receiveMessage,
    RemovePermission: removePermission,
    SendMessage: sendMessage,
    SendMessageBatch: sendMessageBatch,
    SetQueueAttributes: setQueueAttributes,
    StartMessageMoveTask: startMessageMoveTask,
    TagQueue: tagQueue,
    UntagQueue: untagQueue,
  },
  start(cloud) {
    if (cloud.scopes('sqs').length > 0) startMeasuring(cloud);
    resumeMoveTasks(cloud);
  },
  async close(cloud) {
    stopMeasuring(cloud);
    stopMoveTasks(cloud);
  },
};
