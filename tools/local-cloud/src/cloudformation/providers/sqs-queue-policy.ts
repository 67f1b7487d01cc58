import { physicalName } from '../physical-name.ts';
import type { ResourceProvider, ResourceRequest } from '../provider.ts';
import { policyText, unlessGone } from './calls.ts';

/** "AWS::SQS::QueuePolicy", CloudFormation Template Reference: one policy for each of the queues. */
export const sqsQueuePolicy: ResourceProvider = {
  type: 'AWS::SQS::QueuePolicy',
  properties: ['PolicyDocument', 'Queues'],
  async create(request) {
    await setPolicy(request, request.properties['Queues'], policyText(request.properties['PolicyDocument']));
    return { physicalId: physicalName(request, { longest: 80 }) };
  },
  async update(request) {
    const { previous, properties, physicalId } = request;
    const queues: readonly string[] = properties['Queues'];
    const left = ((previous['Queues'] ?? []) as readonly string[]).filter((queue) => !queues.includes(queue));
    await setPolicy(request, left, '');
    await setPolicy(request, queues, policyText(properties['PolicyDocument']));
    return { physicalId };
  },
  async delete(request) {
    await setPolicy(request, request.properties['Queues'] ?? [], '');
  },
};

/** An empty text takes the policy away, also from a queue that is gone already. */
async function setPolicy({ call }: ResourceRequest, queues: readonly string[], Policy: string): Promise<void> {
  for (const QueueUrl of queues) {
    const set = () => call('sqs', 'SetQueueAttributes', { QueueUrl, Attributes: { Policy } });
    if (Policy === '') await unlessGone(['QueueDoesNotExist', 'InvalidAddress'], set);
    else await set();
  }
}
