import type { Deployment } from '@aws-sdk/client-api-gateway';
import type { ResourceProvider } from '../provider.ts';
import { replacements } from './apigateway-patches.ts';
import { unlessGone } from './calls.ts';

export const apiGatewayDeployment: ResourceProvider = {
  type: 'AWS::ApiGateway::Deployment',
  properties: ['Description', 'RestApiId', 'StageName'],
  async create(request) {
    const { RestApiId: restApiId, Description: description, StageName: stageName } = request.properties;
    const { id = '' } = await request.call<Deployment>('apigateway', 'CreateDeployment', {
      restApiId,
      ...(description && { description }),
      ...(stageName && { stageName }),
    });
    return { physicalId: id, attributes: { DeploymentId: id } };
  },
  async update(request) {
    const { physicalId: deploymentId, properties } = request;
    await request.call('apigateway', 'UpdateDeployment', {
      restApiId: properties['RestApiId'],
      deploymentId,
      patchOperations: replacements(request, { Description: '/description' }),
    });
    return { physicalId: deploymentId, attributes: { DeploymentId: deploymentId } };
  },
  async delete(request) {
    const { RestApiId: restApiId, StageName: stageName } = request.properties;
    if (stageName) {
      await unlessGone(['NotFoundException'], () =>
        request.call('apigateway', 'DeleteStage', { restApiId, stageName }),
      );
    }
    await unlessGone(['NotFoundException'], () =>
      request.call('apigateway', 'DeleteDeployment', { restApiId, deploymentId: request.physicalId }),
    );
  },
};
