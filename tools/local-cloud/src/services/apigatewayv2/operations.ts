import type { Operations } from '../../service.ts';
import { createApi, deleteApi, deleteCorsConfiguration, getApi, getApis, updateApi } from './apis.ts';
import { authorizers } from './authorizers.ts';
import { createDeployment, deleteDeployment, getDeployment, getDeployments } from './deployments.ts';
import { integrations } from './integrations.ts';
import { routes } from './routes.ts';
import {
  createStage,
  deleteAccessLogSettings,
  deleteRouteSettings,
  deleteStage,
  getStage,
  getStages,
  updateStage,
} from './stages.ts';
import { getTags, tagResource, untagResource } from './tags.ts';

export const operations: Operations = {
  CreateApi: createApi,
  CreateAuthorizer: authorizers.create,
  CreateDeployment: createDeployment,
  CreateIntegration: integrations.create,
  CreateRoute: routes.create,
  CreateStage: createStage,
  DeleteAccessLogSettings: deleteAccessLogSettings,
  DeleteApi: deleteApi,
  DeleteAuthorizer: authorizers.delete,
  DeleteCorsConfiguration: deleteCorsConfiguration,
  DeleteDeployment: deleteDeployment,
  DeleteIntegration: integrations.delete,
  DeleteRoute: routes.delete,
  DeleteRouteSettings: deleteRouteSettings,
  DeleteStage: deleteStage,
  GetApi: getApi,
  GetApis: getApis,
  GetAuthorizer: authorizers.get,
  GetAuthorizers: authorizers.list,
  GetDeployment: getDeployment,
  GetDeployments: getDeployments,
  GetIntegration: integrations.get,
  GetIntegrations: integrations.list,
  GetRoute: routes.get,
  GetRoutes: routes.list,
  GetStage: getStage,
  GetStages: getStages,
  GetTags: getTags,
  TagResource: tagResource,
  UntagResource: untagResource,
  UpdateApi: updateApi,
  UpdateAuthorizer: authorizers.update,
  UpdateIntegration: integrations.update,
  UpdateRoute: routes.update,
  UpdateStage: updateStage,
};
