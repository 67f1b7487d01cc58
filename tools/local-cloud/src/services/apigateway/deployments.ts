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
  UpdateDeploymentCommandInput,
  UpdateDeploymentCommandOutput,
} from '@aws-sdk/client-api-gateway';
import { operation } from '../../service.ts';
import { badRequest, found, unsupported } from './errors.ts';
import { page } from './page.ts';
import { patched, takeOver, text } from './patch.ts';
import { apiOf } from './rest-apis.ts';
import { newStage } from './stages.ts';
import { type Api, type ApiDefinition, type ApiResource, newId } from './state.ts';

export const createDeployment = operation<CreateDeploymentCommandInput, CreateDeploymentCommandOutput>({
  run(input, call) {
    const api = apiOf(input, call);
    if (input.canarySettings) throw unsupported('canary deployments (canarySettings)');
    checkDeployable(api);
    const now = new Date(call.cloud.clock.now());
    const description: Deployment = {
      id: newId(6),
      createdDate: now,
      ...(input.description !== undefined && { description: input.description }),
    };
    const { stageName, stageDescription, variables, cacheClusterEnabled, tracingEnabled } = input;
    const deploymentId = description.id as string;
    const stage = stageName === undefined ? undefined : api.stages.get(stageName);
    const made =
      stageName !== undefined && !stage
        ? newStage(
            { stageName, deploymentId, description: stageDescription, variables, cacheClusterEnabled, tracingEnabled },
            now,
          )
        : undefined;
    api.deployments.set(deploymentId, { description, snapshot: snapshotOf(api) });
    if (made) api.stages.set(stageName as string, made);
    if (stage) {
      stage.deploymentId = deploymentId;
      stage.lastUpdatedDate = now;
      if (variables) stage.variables = { ...stage.variables, ...variables };
    }
    return description;
  },
});

export const getDeployment = operation<GetDeploymentCommandInput, GetDeploymentCommandOutput>({
  run(input, call) {
    const { description, snapshot } = found(apiOf(input, call).deployments, input.deploymentId, 'Deployment');
    return input.embed?.includes('apisummary') ? { ...description, apiSummary: summaryOf(snapshot) } : description;
  },
});

export const getDeployments = operation<GetDeploymentsCommandInput, GetDeploymentsCommandOutput>({
  run: (input, call) =>
    page(
      [...apiOf(input, call).deployments.values()].map(({ description }) => description),
      input,
    ),
});

export const updateDeployment = operation<UpdateDeploymentCommandInput, UpdateDeploymentCommandOutput>({
  run(input, call) {
    const { description } = found(apiOf(input, call).deployments, input.deploymentId, 'Deployment');
    const after = patched(description, input.patchOperations, [text<Deployment>('/description', 'description')]);
    return takeOver(description, after);
  },
});

export const deleteDeployment = operation<DeleteDeploymentCommandInput, DeleteDeploymentCommandOutput>({
  run(input, call) {
    const api = apiOf(input, call);
    const { description } = found(api.deployments, input.deploymentId, 'Deployment');
    if ([...api.stages.values()].some(({ deploymentId }) => deploymentId === description.id)) {
      throw badRequest('Active stages pointing to this deployment must be moved or deleted');
    }
    api.deployments.delete(description.id as string);
    return {};
  },
});

function snapshotOf({
  settings,
  resources,
  authorizers,
  models,
  requestValidators,
  gatewayResponses,
}: Api): ApiDefinition {
  return structuredClone({ settings, resources, authorizers, models, requestValidators, gatewayResponses });
}

function checkDeployable({ resources }: Api): void {
  const methods = [...resources.values()].flatMap((resource) => [...resource.methods.values()]);
  if (methods.length === 0) throw badRequest("The REST API doesn't contain any methods");
  if (methods.some(({ methodIntegration }) => !methodIntegration))
    throw badRequest('No integration defined for method');
}

function summaryOf({ resources }: ApiDefinition): NonNullable<Deployment['apiSummary']> {
  const methods = (resource: ApiResource) =>
    Object.fromEntries(
      [...resource.methods].map(([name, { authorizationType, apiKeyRequired }]) => [
        name,
        { authorizationType, apiKeyRequired },
      ]),
    );
  return Object.fromEntries([...resources.values()].map((resource) => [resource.path, methods(resource)]));
}
