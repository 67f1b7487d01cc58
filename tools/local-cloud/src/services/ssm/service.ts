import type { Service } from '../../service.ts';
import { deleteParameter, deleteParameters } from './delete-parameters.ts';
import { describeParameters } from './describe-parameters.ts';
import { getParameter, getParameterHistory, getParameters, getParametersByPath } from './get-parameters.ts';
import { labelParameterVersion } from './label-parameter-version.ts';
import { putParameter } from './put-parameter.ts';
import { addTagsToResource, listTagsForResource, removeTagsFromResource } from './tags.ts';

/** Parameter Store of AWS Systems Manager. The public parameters below `/aws/service` do not exist here. */
export const ssm: Service = {
  name: 'ssm',
  model: () => import('@aws-sdk/client-ssm'),
  operations: {
    PutParameter: putParameter,
    GetParameter: getParameter,
    GetParameters: getParameters,
    GetParametersByPath: getParametersByPath,
    GetParameterHistory: getParameterHistory,
    DescribeParameters: describeParameters,
    DeleteParameter: deleteParameter,
    DeleteParameters: deleteParameters,
    LabelParameterVersion: labelParameterVersion,
    AddTagsToResource: addTagsToResource,
    ListTagsForResource: listTagsForResource,
    RemoveTagsFromResource: removeTagsFromResource,
  },
};
