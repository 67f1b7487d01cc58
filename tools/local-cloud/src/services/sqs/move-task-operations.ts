import { randomUUID } from 'node:crypto';
import type {
  CancelMessageMoveTaskCommandInput,
  CancelMessageMoveTaskCommandOutput,
  ListMessageMoveTasksCommandInput,
  ListMessageMoveTasksCommandOutput,
  StartMessageMoveTaskCommandInput,
  StartMessageMoveTaskCommandOutput,
} from '@aws-sdk/client-sqs';
import { AwsError } from '../../errors.ts';
import { type Call, operation } from '../../service.ts';
import { sourcesOf } from './dead-letters.ts';
import { demand } from './demands.ts';
import { invalidParameter, invalidValue } from './errors.ts';
import { fastest, type MoveTask, runMoveTask, runningTask } from './message-move-tasks.ts';
import { messageCounts } from './queue-metrics.ts';
import { locateArn } from './queue-reference.ts';
import { type Queue, queueAt, sqsState } from './state.ts';

export const startMessageMoveTask = operation<StartMessageMoveTaskCommandInput, StartMessageMoveTaskCommandOutput>({
  /** "Configure queue permissions for dead-letter queue redrive": what it does to both queues is the caller's doing. */
  demands(input, call) {
    const source = locateArn('SourceArn', input.SourceArn ?? '');
    const found = queueAt(call.cloud, source);
    const destinations =
      input.DestinationArn === undefined
        ? found && sourcesOf(call.cloud, found)
        : [locateArn('DestinationArn', input.DestinationArn)];
    const onSource = ['StartMessageMoveTask', 'ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'];
    return [
      ...onSource.map((action) => demand(action, source, call)),
      ...(destinations ?? []).map((destination) => demand('SendMessage', destination, call)),
    ];
  },
  run(input, call) {
    const { cloud } = call;
    const source = named('SourceArn', input.SourceArn, call);
    const rate = input.MaxNumberOfMessagesPerSecond;
    if (sourcesOf(cloud, source).length === 0) {
      throw invalidParameter('Source queue must be configured as a Dead Letter Queue.');
    }
    if (input.DestinationArn !== undefined)
      checkDestination(source, named('DestinationArn', input.DestinationArn, call));
    if (rate !== undefined && (rate < 1 || rate > fastest)) {
      throw invalidValue(
        'MaxNumberOfMessagesPerSecond',
        rate,
        `You must enter a number that is between 1 and ${fastest}.`,
      );
    }
    if (runningTask(cloud, source)) {
      throw invalidParameter(
        'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
      );
    }
    const task: MoveTask = {
      id: randomUUID(),
      sourceArn: source.arn,
      destinationArn: input.DestinationArn,
      rate,
      startedAt: cloud.clock.now(),
      toMove: messageCounts(source, cloud.clock.now()).visible,
      moved: 0,
      status: 'RUNNING',
      failureReason: undefined,
    };
    sqsState(cloud, source).moveTasks.unshift(task);
    runMoveTask(cloud, task);
    return { TaskHandle: handleOf(task) };
  },
});

export const cancelMessageMoveTask = operation<CancelMessageMoveTaskCommandInput, CancelMessageMoveTaskCommandOutput>({
  demands: (input, call) => {
    const { sourceArn } = readHandle(input.TaskHandle ?? '');
    return [demand('CancelMessageMoveTask', locateArn('SourceArn', sourceArn), call)];
  },
  run(input, call) {
    const { taskId, sourceArn } = readHandle(input.TaskHandle ?? '');
    const task = sqsState(call.cloud, named('SourceArn', sourceArn, call)).moveTasks.find(({ id }) => id === taskId);
    if (!task) throw new AwsError('ResourceNotFoundException', 'Task does not exist.');
    // "You can only cancel a message movement when the current status is RUNNING", CancelMessageMoveTask.
    if (task.status !== 'RUNNING')
      throw invalidParameter(`Only a RUNNING task can be cancelled: this one is ${task.status}.`);
    task.status = 'CANCELLED';
    return { ApproximateNumberOfMessagesMoved: task.moved };
  },
});

export const listMessageMoveTasks = operation<ListMessageMoveTasksCommandInput, ListMessageMoveTasksCommandOutput>({
  demands: (input, call) => [demand('ListMessageMoveTasks', locateArn('SourceArn', input.SourceArn ?? ''), call)],
  run(input, call) {
    const most = input.MaxResults ?? 1;
    if (most < 1 || most > 10)
      throw invalidValue('MaxResults', most, 'MaxResults must be an integer between 1 and 10.');
    const source = named('SourceArn', input.SourceArn, call);
    const tasks = sqsState(call.cloud, source).moveTasks.filter(({ sourceArn }) => sourceArn === source.arn);
    return { Results: tasks.slice(0, most).map(described) };
  },
});

function named(parameter: string, arn: string | undefined, call: Call): Queue {
  const queue = queueAt(call.cloud, locateArn(parameter, arn ?? ''));
  if (queue) return queue;
  const message = `The resource that you specified for the ${parameter} parameter doesn't exist.`;
  throw new AwsError('ResourceNotFoundException', message);
}

function checkDestination(source: Queue, destination: Queue): void {
  if (source === destination) throw invalidParameter('Source and destination queue must be different.');
  if (source.fifo !== destination.fifo)
    throw invalidParameter('Source and destination queue must be of the same type.');
}

function described(task: MoveTask) {
  return {
    TaskHandle: task.status === 'RUNNING' ? handleOf(task) : undefined,
    Status: task.status,
    SourceArn: task.sourceArn,
    DestinationArn: task.destinationArn,
    MaxNumberOfMessagesPerSecond: task.rate,
    ApproximateNumberOfMessagesMoved: task.moved,
    ApproximateNumberOfMessagesToMove: task.toMove,
    FailureReason: task.failureReason,
    StartedTimestamp: task.startedAt,
  };
}

function handleOf({ id, sourceArn }: MoveTask): string {
  return Buffer.from(JSON.stringify({ taskId: id, sourceArn })).toString('base64');
}

function readHandle(handle: string): { taskId: string; sourceArn: string } {
  try {
    const { taskId, sourceArn } = JSON.parse(Buffer.from(handle, 'base64').toString());
    if (typeof taskId === 'string' && typeof sourceArn === 'string') return { taskId, sourceArn };
  } catch {
    // Not one of ours.
  }
  throw invalidParameter('Value for parameter TaskHandle is invalid.');
}
