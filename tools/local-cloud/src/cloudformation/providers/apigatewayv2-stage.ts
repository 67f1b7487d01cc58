import type { Deployment } from '@aws-sdk/client-apigatewayv2';
import type { ResourceProvider } from '../provider.ts';
import { unlessGone } from './calls.ts';

export const apiGatewayV2Stage: ResourceProvider = {
  type: 'AWS::ApiGatewayV2::Stage',
  properties: [
    'AccessLogSettings',
    'ApiId',
    'AutoDeploy',
    'DefaultRouteSettings',
    'DeploymentId',
    'Description',
    'RouteSettings',
    'StageName',
    'StageVariables',
    'Tags',
  ],
  async create(request) {
    await request.call('apigatewayv2', 'CreateStage', request.properties);
    return { physicalId: request.properties['StageName'] };
  },
  async update(request) {
    const { Tags, ...given } = request.properties;
    const before = { Description: '', StageVariables: {}, DefaultRouteSettings: {} };
    const stage = { ApiId: given['ApiId'], StageName: request.physicalId };
    if (!given['AccessLogSettings']) await request.call('apigatewayv2', 'DeleteAccessLogSettings', stage);
    await request.call('apigatewayv2', 'UpdateStage', { ...before, ...given });
    const ResourceArn = `arn:aws:apigateway:${request.region}::/apis/${given['ApiId']}/stages/${request.physicalId}`;
    if (Tags) await request.call('apigatewayv2', 'TagResource', { ResourceArn, Tags });
    return { physicalId: request.physicalId };
  },
  async delete(request) {
    const { ApiId } = request.properties;
    await unlessGone(['NotFoundException'], () =>
      request.call('apigatewayv2', 'DeleteStage', { ApiId, StageName: request.physicalId }),
    );
  },
};

export const apiGatewayV2Deployment: ResourceProvider = {
  type: 'AWS::ApiGatewayV2::Deployment',
  properties: ['ApiId', 'Description', 'StageName'],
  async create(request) {
    const { DeploymentId = '' } = await request.call<Deployment>(
      'apigatewayv2',
      'CreateDeployment',
      request.properties,
    );
    return { physicalId: DeploymentId, attributes: { DeploymentId } };
  },
  async delete(request) {
    const { ApiId } = request.properties;
    await unlessGone(['NotFoundException'], () =>
      request.call('apigatewayv2', 'DeleteDeployment', { ApiId, DeploymentId: request.physicalId }),
    );
  },
};
