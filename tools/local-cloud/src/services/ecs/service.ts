import type { Service } from '../../service.ts';
import {
  createCluster,
  deleteCluster,
  describeClusters,
  listClusters,
  putClusterCapacityProviders,
  updateCluster,
} from './clusters.ts';
import { registerTaskDefinition } from './register-task-definition.ts';
import { closeSchedulers } from './scheduler.ts';
import {
  createService,
  deleteService,
  describeServices,
  listServices,
  resumeServices,
  updateService,
} from './services.ts';
import { stopAllTasks } from './start-task.ts';
import { listTagsForResource, tagResource, untagResource } from './tags.ts';
import { deregisterTaskDefinition, describeTaskDefinition, listTaskDefinitions } from './task-definitions.ts';
import { describeTasks, listTasks, runTaskOperation, stopTaskOperation } from './tasks.ts';

/**
 * Amazon ECS on Fargate: clusters with FARGATE and FARGATE_SPOT, task definitions, tasks whose containers run as processes of
 * this machine, and services that are deployed by rolling updates, behind load balancers if they say so.
 */
export const ecs: Service = {
  name: 'ecs',
  model: () => import('@aws-sdk/client-ecs'),
  validationCode: 'InvalidParameterException',
  operations: {
    CreateCluster: createCluster,
    CreateService: createService,
    DeleteCluster: deleteCluster,
    DeleteService: deleteService,
    DeregisterTaskDefinition: deregisterTaskDefinition,
    DescribeClusters: describeClusters,
    DescribeServices: describeServices,
    DescribeTaskDefinition: describeTaskDefinition,
    DescribeTasks: describeTasks,
    ListClusters: listClusters,
    ListServices: listServices,
    ListTagsForResource: listTagsForResource,
    ListTaskDefinitions: listTaskDefinitions,
    ListTasks: listTasks,
    PutClusterCapacityProviders: putClusterCapacityProviders,
    RegisterTaskDefinition: registerTaskDefinition,
    RunTask: runTaskOperation,
    StopTask: stopTaskOperation,
    TagResource: tagResource,
    UntagResource: untagResource,
    UpdateCluster: updateCluster,
    UpdateService: updateService,
  },
  start(cloud) {
    for (const { account, region } of cloud.scopes('ecs')) resumeServices({ cloud, account, region });
  },
  async close(cloud) {
    closeSchedulers(cloud);
    await stopAllTasks(cloud);
  },
};
