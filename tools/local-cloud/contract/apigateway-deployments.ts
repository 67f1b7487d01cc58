import {
  CreateDeploymentCommand,
  CreateResourceCommand,
  CreateStageCommand,
  DeleteDeploymentCommand,
  DeleteStageCommand,
  GetDeploymentCommand,
  GetDeploymentsCommand,
  GetStageCommand,
  GetStagesCommand,
  UpdateDeploymentCommand,
  UpdateStageCommand,
} from '@aws-sdk/client-api-gateway';
import { expect } from 'vitest';
import { deployedApi, mockMethod, reference, replace, restApi } from './apigateway-support.ts';
import { type Claim, refusal } from './contract.ts';

/** Claims about deployments and stages. */
export const deploymentClaims: readonly Claim[] = [
  {
    operation: 'CreateDeployment',
    beside: ['GetDeployment', 'GetDeployments', 'UpdateDeployment'],
    claim: 'is a snapshot: later changes show with the next',
    source: reference('CreateDeployment'),
    async run(target) {
      const { gateway, restApiId, resourceId: parentId, deploymentId, get } = await deployedApi(target);
      const { id: resourceId = '' } = await gateway.send(
        new CreateResourceCommand({ restApiId, parentId, pathPart: 'new' }),
      );
      await mockMethod(gateway, { restApiId, resourceId });
      await target.until(async () => expect((await get()).status).toBe(200));
      expect(await get('/new')).toMatchObject({ status: 403, body: { message: 'Missing Authentication Token' } });
      await gateway.send(new CreateDeploymentCommand({ restApiId, stageName: 'test' }));
      await target.until(async () => expect((await get('/new')).status).toBe(200));
      const patchOperations = replace('/description', 'first');
      await gateway.send(new UpdateDeploymentCommand({ restApiId, deploymentId, patchOperations }));
      const first = await gateway.send(new GetDeploymentCommand({ restApiId, deploymentId }));
      expect(first.description).toBe('first');
      expect((await gateway.send(new GetDeploymentsCommand({ restApiId }))).items).toHaveLength(2);
    },
  },
  {
    operation: 'CreateDeployment',
    claim: 'refuses an API without methods',
    source: reference('CreateDeployment'),
    async run(target) {
      const { gateway, restApiId } = await restApi(target);
      const call = gateway.send(new CreateDeploymentCommand({ restApiId }));
      expect((await refusal(call)).name).toBe('BadRequestException');
    },
  },
  {
    operation: 'DeleteDeployment',
    claim: 'refuses one that a stage points to',
    source: reference('DeleteDeployment'),
    async run(target) {
      const { gateway, restApiId, deploymentId } = await deployedApi(target);
      const call = gateway.send(new DeleteDeploymentCommand({ restApiId, deploymentId }));
      expect((await refusal(call)).name).toBe('BadRequestException');
    },
  },
  {
    operation: 'CreateStage',
    beside: ['GetStage', 'GetStages', 'DeleteStage'],
    claim: 'names a deployment, once',
    source: reference('CreateStage'),
    async run(target) {
      const { gateway, restApiId, deploymentId } = await deployedApi(target);
      const stage = { restApiId, stageName: 'prod', deploymentId, variables: { table: 'orders' } };
      await gateway.send(new CreateStageCommand(stage));
      expect((await refusal(gateway.send(new CreateStageCommand(stage)))).name).toBe('ConflictException');
      const named = { restApiId, stageName: 'prod' };
      expect(await gateway.send(new GetStageCommand(named))).toMatchObject({ variables: { table: 'orders' } });
      expect((await gateway.send(new GetStagesCommand({ restApiId }))).item).toHaveLength(2);
      await gateway.send(new DeleteStageCommand(named));
      expect((await refusal(gateway.send(new GetStageCommand(named)))).name).toBe('NotFoundException');
    },
  },
  {
    operation: 'UpdateStage',
    claim: 'sets limits of methods, and refuses values a variable may not have',
    source: reference('Patch Operations'),
    async run(target) {
      const { gateway, restApiId } = await deployedApi(target);
      const stage = { restApiId, stageName: 'test' };
      const patchOperations = replace('/~1/GET/throttling/rateLimit', '5');
      const { methodSettings } = await gateway.send(new UpdateStageCommand({ ...stage, patchOperations }));
      expect(methodSettings?.['~1/GET']).toMatchObject({ throttlingRateLimit: 5 });
      const call = gateway.send(new UpdateStageCommand({ ...stage, patchOperations: replace('/variables/a', 'b c') }));
      expect((await refusal(call)).name).toBe('BadRequestException');
    },
  },
];
