import { startAllPollers, stopAllPollers } from '../../event-sources/pollers.ts';
import type { Service } from '../../service.ts';
import { createAlias, deleteAlias, getAlias, listAliases, updateAlias } from './aliases.ts';
import { closeQueue } from './asynchronous-events.ts';
import { packageRoute } from './code-location.ts';
import {
  deleteFunctionConcurrency,
  getAccountSettings,
  getFunctionConcurrency,
  putFunctionConcurrency,
} from './concurrency.ts';
import { createFunction } from './create-function.ts';
import { deleteFunction } from './delete-function.ts';
import {
  deleteFunctionEventInvokeConfig,
  getFunctionEventInvokeConfig,
  listFunctionEventInvokeConfigs,
  putFunctionEventInvokeConfig,
  updateFunctionEventInvokeConfig,
} from './event-invoke-configs.ts';
import {
  createEventSourceMapping,
  deleteEventSourceMapping,
  getEventSourceMapping,
  listEventSourceMappings,
  updateEventSourceMapping,
} from './event-source-mappings.ts';
import { fleetOf } from './fleet.ts';
import {
  createFunctionUrlConfig,
  deleteFunctionUrlConfig,
  getFunctionUrlConfig,
  listFunctionUrlConfigs,
  updateFunctionUrlConfig,
} from './function-url-configs.ts';
import { functionUrlRoute } from './function-url-route.ts';
import { getFunction, getFunctionConfiguration, listFunctions } from './get-function.ts';
import { invoke } from './invoke.ts';
import { invokeWithResponseStream } from './invoke-with-response-stream.ts';
import { addLayerVersionPermission, getLayerVersionPolicy, removeLayerVersionPermission } from './layer-permissions.ts';
import {
  deleteLayerVersion,
  getLayerVersion,
  getLayerVersionByArn,
  listLayers,
  listLayerVersions,
  publishLayerVersion,
} from './layers.ts';
import { addPermission, getPolicy, removePermission } from './permissions.ts';
import {
  deleteProvisionedConcurrencyConfig,
  getProvisionedConcurrencyConfig,
  listProvisionedConcurrencyConfigs,
  putProvisionedConcurrencyConfig,
} from './provisioned-concurrency.ts';
import { lambdaState } from './state.ts';
import { listTags, tagResource, untagResource } from './tags.ts';
import { updateFunctionCode, updateFunctionConfiguration } from './update-function.ts';
import { listVersionsByFunction, publishVersion } from './versions.ts';

/** AWS Lambda with event source mappings of Kinesis streams. */
export const lambda: Service = {
  name: 'lambda',
  rest: 'json',
  model: () => import('@aws-sdk/client-lambda'),
  operations: {
    AddLayerVersionPermission: addLayerVersionPermission,
    AddPermission: addPermission,
    CreateAlias: createAlias,
    CreateEventSourceMapping: createEventSourceMapping,
    CreateFunction: createFunction,
    CreateFunctionUrlConfig: createFunctionUrlConfig,
    DeleteAlias: deleteAlias,
    DeleteEventSourceMapping: deleteEventSourceMapping,
    DeleteFunction: deleteFunction,
    DeleteFunctionConcurrency: deleteFunctionConcurrency,
    DeleteFunctionEventInvokeConfig: deleteFunctionEventInvokeConfig,
    DeleteFunctionUrlConfig: deleteFunctionUrlConfig,
    DeleteLayerVersion: deleteLayerVersion,
    DeleteProvisionedConcurrencyConfig: deleteProvisionedConcurrencyConfig,
    GetAccountSettings: getAccountSettings,
    GetAlias: getAlias,
    GetEventSourceMapping: getEventSourceMapping,
    GetFunction: getFunction,
    GetFunctionConcurrency: getFunctionConcurrency,
    GetFunctionConfiguration: getFunctionConfiguration,
    GetFunctionEventInvokeConfig: getFunctionEventInvokeConfig,
    GetFunctionUrlConfig: getFunctionUrlConfig,
    GetLayerVersion: getLayerVersion,
    GetLayerVersionByArn: getLayerVersionByArn,
    GetLayerVersionPolicy: getLayerVersionPolicy,
    GetPolicy: getPolicy,
    GetProvisionedConcurrencyConfig: getProvisionedConcurrencyConfig,
    Invoke: invoke,
    InvokeWithResponseStream: invokeWithResponseStream,
    ListAliases: listAliases,
    ListEventSourceMappings: listEventSourceMappings,
    ListFunctionEventInvokeConfigs: listFunctionEventInvokeConfigs,
    ListFunctions: listFunctions,
    ListFunctionUrlConfigs: listFunctionUrlConfigs,
    ListLayers: listLayers,
    ListLayerVersions: listLayerVersions,
    ListProvisionedConcurrencyConfigs: listProvisionedConcurrencyConfigs,
    ListTags: listTags,
    ListVersionsByFunction: listVersionsByFunction,
    PublishLayerVersion: publishLayerVersion,
    PublishVersion: publishVersion,
    PutFunctionConcurrency: putFunctionConcurrency,
    PutFunctionEventInvokeConfig: putFunctionEventInvokeConfig,
    PutProvisionedConcurrencyConfig: putProvisionedConcurrencyConfig,
    RemoveLayerVersionPermission: removeLayerVersionPermission,
    RemovePermission: removePermission,
    TagResource: tagResource,
    UntagResource: untagResource,
    UpdateAlias: updateAlias,
    UpdateEventSourceMapping: updateEventSourceMapping,
    UpdateFunctionCode: updateFunctionCode,
    UpdateFunctionConfiguration: updateFunctionConfiguration,
    UpdateFunctionEventInvokeConfig: updateFunctionEventInvokeConfig,
    UpdateFunctionUrlConfig: updateFunctionUrlConfig,
  },
  routes: [functionUrlRoute, packageRoute],
  start(cloud) {
    startAllPollers(cloud);
    for (const { account, region } of cloud.scopes('lambda')) {
      for (const found of lambdaState(cloud, account, region).functions.values()) fleetOf(cloud).provision(found);
    }
  },
  async close(cloud) {
    stopAllPollers(cloud);
    closeQueue(cloud);
    await fleetOf(cloud).close();
  },
};
