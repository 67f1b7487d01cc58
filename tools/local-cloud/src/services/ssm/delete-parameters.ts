import type {
  DeleteParameterCommandInput,
  DeleteParameterCommandOutput,
  DeleteParametersCommandInput,
  DeleteParametersCommandOutput,
} from '@aws-sdk/client-ssm';
import { validationError } from '../../errors.ts';
import { operation } from '../../service.ts';
import { parameterArn, parameterOf, ssmState } from './state.ts';

export const deleteParameter = operation<DeleteParameterCommandInput, DeleteParameterCommandOutput>({
  demands: (input, call) => [{ action: 'ssm:DeleteParameter', resource: parameterArn(input.Name ?? '', call) }],
  run(input, call) {
    const { name } = parameterOf(input.Name ?? '', call);
    ssmState(call).parameters.delete(name);
    return {};
  },
});

export const deleteParameters = operation<DeleteParametersCommandInput, DeleteParametersCommandOutput>({
  demands: (input, call) =>
    (input.Names ?? []).map((name) => ({ action: 'ssm:DeleteParameters', resource: parameterArn(name, call) })),
  run(input, call) {
    const names = input.Names ?? [];
    // "DeleteParameters": 1 to 10 names.
    if (names.length < 1 || names.length > 10)
      throw validationError(`DeleteParameters takes 1 to 10 names, not ${names.length}.`);
    const { parameters } = ssmState(call);
    const known = names.filter((name) => parameters.has(name));
    for (const name of known) parameters.delete(name);
    return { DeletedParameters: known, InvalidParameters: names.filter((name) => !known.includes(name)) };
  },
});
