import type { Operations } from '../../service.ts';
import { getQueueAttributes, setQueueAttributes } from './attribute-operations.ts';
import { listDeadLetterSourceQueues } from './dead-letters.ts';
import { deleteMessage, deleteMessageBatch } from './delete-message.ts';
import { cancelMessageMoveTask, listMessageMoveTasks, startMessageMoveTask } from './move-task-operations.ts';
import { createQueue, deleteQueue, getQueueUrl, listQueues, purgeQueue } from './queue-operations.ts';
import { addPermission, removePermission } from './queue-policy.ts';
import { receiveMessage } from './receive-message.ts';
import { sendMessage, sendMessageBatch } from './send-message.ts';
import { listQueueTags, tagQueue, untagQueue } from './tags.ts';
import { changeMessageVisibility, changeMessageVisibilityBatch } from './visibility.ts';

export const operations: Operations = {
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
};
