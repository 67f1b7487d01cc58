import type {
  GetStackPolicyCommandInput,
  GetStackPolicyCommandOutput,
  SetStackPolicyCommandInput,
  SetStackPolicyCommandOutput,
} from '@aws-sdk/client-cloudformation';
import { validationError } from '../../cloudformation/errors.ts';
import { readStackPolicy } from '../../cloudformation/stack-policy.ts';
import { type Call, operation } from '../../service.ts';
import { onStack, stackOf } from './stack-reference.ts';
import { readObject } from './template-input.ts';

/** "SetStackPolicy", CloudFormation API Reference: bytes. */
const longestPolicy = 16_384;

/**
 * The policy a request gives as text or as an object of S3, checked; `undefined` when it gives none. Throws
 * ValidationError.
 */
export async function policyOf(
  body: string | undefined,
  url: string | undefined,
  call: Call,
): Promise<string | undefined> {
  if (body !== undefined && url !== undefined) {
    throw validationError('You cannot specify both StackPolicyBody and StackPolicyURL');
  }
  const text = url === undefined ? body : await readObject(url, call, 'Stack policy', longestPolicy);
  if (text === undefined) return undefined;
  if (Buffer.byteLength(text) > longestPolicy) {
    throw validationError(
      `1 validation error detected: Value at 'stackPolicyBody' failed to satisfy constraint: Member must have length less than or equal to ${longestPolicy}`,
    );
  }
  readStackPolicy(text);
  return text;
}

export const setStackPolicy = operation<SetStackPolicyCommandInput, SetStackPolicyCommandOutput>({
  demands: onStack('SetStackPolicy'),
  async run({ StackName, StackPolicyBody, StackPolicyURL }, call) {
    const stack = stackOf(call, StackName, `Stack [${StackName}] does not exist`);
    const policy = await policyOf(StackPolicyBody, StackPolicyURL, call);
    if (policy === undefined) throw validationError('You must specify either StackPolicyBody or StackPolicyURL');
    stack.policy = policy;
    return {};
  },
});

export const getStackPolicy = operation<GetStackPolicyCommandInput, GetStackPolicyCommandOutput>({
  demands: onStack('GetStackPolicy'),
  run({ StackName }, call) {
    const { policy } = stackOf(call, StackName, `Stack [${StackName}] does not exist`);
    return policy === undefined ? {} : { StackPolicyBody: policy };
  },
});
