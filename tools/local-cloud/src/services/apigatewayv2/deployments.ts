import type {
  CreateDeploymentCommandInput,
  CreateDeploymentCommandOutput,
  DeleteDeploymentCommandInput,
  DeleteDeploymentCommandOutput,
  Deployment,
  GetDeploymentCommandInput,
  GetDeploymentCommandOutput,
  GetDeploymentsCommandInput,
  GetDeploymentsCommandOutput,
} from '@aws-sdk/client-apigatewayv2';
import { type Call, operation } from '../../service.ts';
import { badRequest, found } from '../apigateway/errors.ts';
import { newId } from '../apigateway/state.ts';
import { list } from './list.ts';
import { type HttpApi, httpApiOf } from './state.ts';

export const createDeployment = operation<CreateDeploymentCommandInput, CreateDeploymentCommandOutput>({
  run(input, call) {
    const api = httpApiOf(input, call);
    const stage = input.StageName === undefined ? undefined : found(api.stages, input.StageName, 'Stage');
    if (stage?.AutoDeploy) throw badRequest('Deployment ID cannot be set on stage with AutoDeploy enabled');
    if (api.routes.size === 0) throw badRequest('At least one route is required before deploying the Api.');
    const deployment = deploy(api, call, { Description: input.Description, AutoDeployed: false });
    if (stage) stage.DeploymentId = deployment.DeploymentId;
    return deployment;
  },
});

export const getDeployment = operation<GetDeploymentCommandInput, GetDeploymentCommandOutput>({
  run: (input, call) => found(httpApiOf(input, call).deployments, input.DeploymentId, 'Deployment').description,
});

export const getDeployments = operation<GetDeploymentsCommandInput, GetDeploymentsCommandOutput>({
  run(input, call) {
    const all = [...httpApiOf(input, call).deployments.values()];
    return list(
      all.map(({ description }) => description),
      input,
    );
  },
});

export const deleteDeployment = operation<DeleteDeploymentCommandInput, DeleteDeploymentCommandOutput>({
  run(input, call) {
    const { deployments, stages } = httpApiOf(input, call);
    const { description } = found(deployments, input.DeploymentId, 'Deployment');
    const id = description.DeploymentId ?? '';
    if ([...stages.values()].some(({ DeploymentId }) => DeploymentId === id)) {
      throw badRequest('Active stages pointing to this deployment must be moved or deleted');
    }
    deployments.delete(id);
    return {};
  },
});

/** A stage with AutoDeploy has every change at once: a deployment of its own. */
export function deployChange(api: HttpApi, call: Pick<Call, 'cloud'>): void {
  const stages = [...api.stages.values()].filter(({ AutoDeploy }) => AutoDeploy);
  if (stages.length === 0) return;
  const before = stages.map(({ DeploymentId = '' }) => DeploymentId);
  const Description = 'Automatic deployment triggered by changes to the Api configuration';
  const { DeploymentId } = deploy(api, call, { Description, AutoDeployed: true });
  for (const stage of stages) stage.DeploymentId = DeploymentId;
  // Nothing can point to them any more.
  for (const id of before)
    if (![...api.stages.values()].some((stage) => stage.DeploymentId === id)) api.deployments.delete(id);
}

function deploy(api: HttpApi, { cloud }: Pick<Call, 'cloud'>, given: Deployment): Deployment {
  const description: Deployment = {
    ...given,
    DeploymentId: newId(6),
    CreatedDate: new Date(cloud.clock.now()),
    DeploymentStatus: 'DEPLOYED',
  };
  const { settings, routes, integrations, authorizers } = api;
  const snapshot = structuredClone({ settings, routes, integrations, authorizers });
  api.deployments.set(description.DeploymentId ?? '', { description, snapshot });
  return description;
}
