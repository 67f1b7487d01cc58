import type {
  DeleteResourcePolicyCommandInput,
  DeleteResourcePolicyCommandOutput,
  GetResourcePolicyCommandInput,
  GetResourcePolicyCommandOutput,
  PutResourcePolicyCommandInput,
  PutResourcePolicyCommandOutput,
} from '@aws-sdk/client-kinesis';
import { operation } from '../../service.ts';
import { resourceOf } from './consumer-reference.ts';
import { onResource } from './demands.ts';
import { invalidArgument } from './errors.ts';

export const putResourcePolicy = operation<PutResourcePolicyCommandInput, PutResourcePolicyCommandOutput>({
  demands: onResource('PutResourcePolicy'),
  run(input, call) {
    const policy = input.Policy as string;
    checkPolicy(policy);
    resourceOf(input.ResourceARN ?? '', call).policy = policy;
    return {};
  },
});

/** A stream or consumer without a policy answers an empty one, as AWS does. */
export const getResourcePolicy = operation<GetResourcePolicyCommandInput, GetResourcePolicyCommandOutput>({
  demands: onResource('GetResourcePolicy'),
  run: (input, call) => ({ Policy: resourceOf(input.ResourceARN ?? '', call).policy ?? '{}' }),
});

export const deleteResourcePolicy = operation<DeleteResourcePolicyCommandInput, DeleteResourcePolicyCommandOutput>({
  demands: onResource('DeleteResourcePolicy'),
  run(input, call) {
    resourceOf(input.ResourceARN ?? '', call).policy = undefined;
    return {};
  },
});

function checkPolicy(policy: string): void {
  let document: { Statement?: unknown };
  try {
    document = JSON.parse(policy);
  } catch (error) {
    throw invalidArgument(`The policy is not valid JSON: ${(error as Error).message}`);
  }
  if (typeof document?.Statement !== 'object') throw invalidArgument('The policy has no Statement.');
}
