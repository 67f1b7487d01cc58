import type { Parameter } from '@aws-sdk/client-cloudformation';
import type { StackParameter } from '../../cloudformation/state.ts';

/** A stack's parameters as answers show them: those with NoEcho hidden. */
export function describeParameters(parameters: readonly StackParameter[]): Parameter[] {
  return parameters.map(({ key, value, resolved, noEcho }) => ({
    ParameterKey: key,
    ParameterValue: noEcho ? '****' : value,
    ...(resolved !== undefined && { ResolvedValue: noEcho ? '****' : resolved }),
  }));
}
