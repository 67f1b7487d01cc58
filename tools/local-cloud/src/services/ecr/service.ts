import type { Service } from '../../service.ts';
import { getAuthorizationToken } from './authorization.ts';
import { imageOperations } from './image-operations.ts';
import { layerOperations } from './layer-operations.ts';
import { registryRoute } from './registry/route.ts';
import { repositoryOperations } from './repository-operations.ts';
import { repositorySettings } from './repository-settings.ts';
import { tagOperations } from './tags.ts';

/**
 * Amazon ECR: private registries, their API and the OCI Distribution API beside it. Kept but not carried out: lifecycle
 * policies (no image expires) and image scanning.
 */
export const ecr: Service = {
  name: 'ecr',
  validationCode: 'InvalidParameterException',
  model: () => import('@aws-sdk/client-ecr'),
  operations: {
    GetAuthorizationToken: getAuthorizationToken,
    ...repositoryOperations,
    ...repositorySettings,
    ...imageOperations,
    ...layerOperations,
    ...tagOperations,
  },
  routes: [registryRoute],
};
