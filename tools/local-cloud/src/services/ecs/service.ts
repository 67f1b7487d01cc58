import type { Service } from '../../service.ts';

/**
 * Amazon ECS on Fargate: clusters with FARGATE and FARGATE_SPOT, task definitions, tasks whose containers run as processes of
 * this machine, and services that are deployed by rolling updates, behind load balancers if they say so.
 */
export const ecs: Service = {
  name: 'ecs',
  model: () => import('@aws-sdk/client-ecs'),
  validationCode: 'InvalidParameterException',
  operations: async () => (await import('./operations.ts')).operations,
  start(cloud) {
    const scopes = cloud.scopes('ecs');
    if (scopes.length === 0) return;
    void import('./services.ts').then(({ resumeServices }) => {
      for (const { account, region } of scopes) resumeServices({ cloud, account, region });
    });
  },
  async close(cloud) {
    if (cloud.scopes('ecs').length === 0) return;
    (await import('./scheduler.ts')).closeSchedulers(cloud);
    await (await import('./start-task.ts')).stopAllTasks(cloud);
  },
};
