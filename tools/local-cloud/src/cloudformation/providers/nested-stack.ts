import type { CreateStackCommandOutput } from '@aws-sdk/client-cloudformation';
import { AwsError } from '../../errors.ts';
import { PlainFailure } from '../failure-reason.ts';
import { physicalName } from '../physical-name.ts';
import type { Properties, ResourceProvider, ResourceRequest, ResourceResult } from '../provider.ts';
import { operationDone } from '../running-operations.ts';
import { type Stack, stateOf } from '../state.ts';

/** A stack in a stack, made by the same API as any other. */
export const nestedStack: ResourceProvider = {
  type: 'AWS::CloudFormation::Stack',
  properties: ['Parameters', 'Tags', 'TemplateURL'],
  async create(request) {
    const { StackId = '' } = await request.call<CreateStackCommandOutput>('cloudformation', 'CreateStack', {
      ...inputOf(request),
      StackName: physicalName(request, { longest: 128, letters: 'upper' }),
      // The parent's rollback deletes it.
      OnFailure: 'DO_NOTHING',
    });
    const stack = stackOf(request, StackId);
    stack.parentId = request.stack.id;
    stack.rootId = stackOf(request, request.stack.id).rootId ?? request.stack.id;
    request.created(StackId);
    return finished(request, stack, 'created');
  },
  async update(request) {
    const stack = stackOf(request, request.physicalId);
    try {
      await request.call('cloudformation', 'UpdateStack', { ...inputOf(request), StackName: stack.id });
    } catch (error) {
      if (!(error instanceof AwsError && error.message === 'No updates are to be performed.')) throw error;
      return resultOf(stack);
    }
    return finished(request, stack, 'updated');
  },
  async delete(request) {
    const stack = stackOf(request, request.physicalId);
    await request.call('cloudformation', 'DeleteStack', { StackName: stack.id });
    await finished(request, stack, 'deleted');
  },
};

function inputOf({ properties, stack }: ResourceRequest): object {
  const { TemplateURL, Tags, Parameters = {} } = properties;
  return {
    TemplateURL,
    Tags: Tags ?? [],
    Parameters: Object.entries(Parameters as Properties).map(([ParameterKey, ParameterValue]) => ({
      ParameterKey,
      ParameterValue,
    })),
    Capabilities: stack.capabilities,
  };
}

function stackOf({ cloud, account, region }: ResourceRequest, id: string): Stack {
  const stack = stateOf(cloud, account, region).stacks.get(id);
  if (!stack) throw new PlainFailure(`Stack with id ${id} does not exist`);
  return stack;
}

/** Waits for the nested stack's operation. Throws its reason when it did not end as it should. */
async function finished(
  request: ResourceRequest,
  stack: Stack,
  verb: 'created' | 'updated' | 'deleted',
): Promise<ResourceResult> {
  await operationDone(request.cloud, stack.id);
  if (stack.status !== completed[verb]) {
    const reason = stack.statusReason ?? stack.status;
    throw new PlainFailure(`Embedded stack ${stack.id} was not successfully ${verb}: ${reason}`);
  }
  return resultOf(stack);
}

const completed = { created: 'CREATE_COMPLETE', updated: 'UPDATE_COMPLETE', deleted: 'DELETE_COMPLETE' } as const;

function resultOf(stack: Stack): ResourceResult {
  const outputs = stack.outputs.map(({ key, value }) => [`Outputs.${key}`, value]);
  return { physicalId: stack.id, attributes: Object.fromEntries(outputs) };
}
