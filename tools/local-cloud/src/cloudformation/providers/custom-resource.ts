import { PlainFailure } from '../failure-reason.ts';
import type { CreateRequest, DeleteRequest, ResourceProvider, ResourceRequest, UpdateRequest } from '../provider.ts';
import { type CustomResourceAnswer, openAnswer, readAnswer } from './custom-resource-answers.ts';

/** "ServiceTimeout", AWS::CloudFormation::CustomResource: in seconds, 3,600 when not given. */
const defaultTimeout = 3600;

/** A resource that a Lambda function looks after ("Create custom provisioning logic", CloudFormation User Guide). */
export const customResource: ResourceProvider = {
  type: 'Custom::*',
  properties: 'any',
  async create(request) {
    const { PhysicalResourceId, Data } = await ask(request, 'Create', {}, (id) => request.created(id));
    if (!PhysicalResourceId) throw new PlainFailure('Invalid PhysicalResourceId');
    return { physicalId: PhysicalResourceId, attributes: Data ?? {} };
  },
  async update(request) {
    const answer = await ask(request, 'Update', {
      PhysicalResourceId: request.physicalId,
      OldResourceProperties: asText(request.previous),
    });
    return { physicalId: answer.PhysicalResourceId ?? request.physicalId, attributes: answer.Data ?? {} };
  },
  async delete(request) {
    await ask(request, 'Delete', { PhysicalResourceId: request.physicalId });
  },
};

type Request = CreateRequest | UpdateRequest | DeleteRequest;

/** Sends the function an event and waits for what it puts to the response URL. Throws when that is a failure, or nothing. */
async function ask(
  request: Request,
  RequestType: 'Create' | 'Update' | 'Delete',
  more: object,
  known?: (physicalId: string) => void,
): Promise<CustomResourceAnswer> {
  const { ServiceToken, ServiceTimeout } = request.properties;
  const functionArn = checkServiceToken(ServiceToken);
  const { id, url, answered, close } = openAnswer(request.cloud, request.region);
  try {
    const event = {
      RequestType,
      ServiceToken,
      ResponseURL: url,
      StackId: request.stack.id,
      RequestId: id,
      LogicalResourceId: request.logicalId,
      ResourceType: request.type,
      ResourceProperties: asText(request.properties),
      ...more,
    };
    await request.call('lambda', 'Invoke', {
      FunctionName: functionArn,
      InvocationType: 'Event',
      Payload: Buffer.from(JSON.stringify(event)),
    });
    const answer = readAnswer(await inTime(request, id, answered, Number(ServiceTimeout ?? defaultTimeout)));
    if (answer.Status === 'SUCCESS') return answer;
    if (answer.PhysicalResourceId) known?.(answer.PhysicalResourceId);
    throw new PlainFailure(
      `Received response status [FAILED] from custom resource. Message returned: ${answer.Reason ?? ''} (RequestId: ${id})`,
    );
  } finally {
    close();
  }
}

function checkServiceToken(token: unknown): string {
  if (typeof token === 'string' && /^arn:aws:lambda:[^:]+:\d{12}:function:.+/.test(token)) return token;
  throw new PlainFailure(
    `ServiceToken must be the ARN of a Lambda function (the embedded cloud has no SNS-backed custom resources): ${String(token)}`,
  );
}

async function inTime(
  { clock, signal }: ResourceRequest,
  id: string,
  answered: Promise<Buffer>,
  seconds: number,
): Promise<Buffer> {
  const over = new AbortController();
  const timeout = clock.sleep(seconds * 1000, AbortSignal.any([signal, over.signal])).then(() => {
    throw new PlainFailure(
      `CloudFormation did not receive a response from your Custom Resource. Please check your logs for requestId [${id}]. If you are using the Python cfn-response module, you may need to update your Lambda function code so that CloudFormation can attach the updated version.`,
    );
  });
  try {
    return await Promise.race([answered, timeout]);
  } finally {
    over.abort();
    timeout.catch(() => undefined);
  }
}

/** CloudFormation sends every number and boolean as text. */
function asText(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asText);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, asText(item)]));
  }
  return value === undefined ? undefined : String(value);
}
