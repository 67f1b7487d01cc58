import type { DescribeParametersCommandInput, DescribeParametersCommandOutput } from '@aws-sdk/client-ssm';
import { validationError } from '../../errors.ts';
import { operation } from '../../service.ts';
import { filterParameters } from './filters.ts';
import { pageOf } from './pages.ts';
import { latest, parameterArn, ssmState } from './state.ts';

const filterKeys = ['Name', 'Path', 'Type', 'KeyId', 'Tier', 'DataType', 'Label', 'tag'];

export const describeParameters = operation<DescribeParametersCommandInput, DescribeParametersCommandOutput>({
  run(input, call) {
    if (input.Filters?.length) {
      throw validationError(
        'Filters is the older form of ParameterFilters and not supported here: use ParameterFilters.',
      );
    }
    const all = input.Shared ? [] : [...ssmState(call).parameters.values()];
    const sorted = all.sort((a, b) => (a.name < b.name ? -1 : 1));
    const { page, ...next } = pageOf(filterParameters(sorted, input.ParameterFilters ?? [], filterKeys), input, 50);
    return {
      Parameters: page.map((parameter) => {
        const version = latest(parameter);
        return {
          Name: parameter.name,
          ARN: parameterArn(parameter.name, call),
          Type: version.type,
          ...(version.keyId && { KeyId: version.keyId }),
          LastModifiedDate: version.modified,
          LastModifiedUser: version.modifiedBy,
          ...(version.description && { Description: version.description }),
          ...(version.allowedPattern && { AllowedPattern: version.allowedPattern }),
          Version: version.version,
          Tier: version.tier,
          Policies: [],
          DataType: version.dataType,
        };
      }),
      ...next,
    };
  },
});
