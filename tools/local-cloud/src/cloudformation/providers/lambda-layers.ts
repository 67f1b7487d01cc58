import type { PublishLayerVersionCommandOutput } from '@aws-sdk/client-lambda';
import { randomText } from '../physical-name.ts';
import type { ResourceProvider } from '../provider.ts';
import { unlessGone } from './calls.ts';

export const lambdaLayerVersion: ResourceProvider = {
  type: 'AWS::Lambda::LayerVersion',
  properties: ['CompatibleArchitectures', 'CompatibleRuntimes', 'Content', 'Description', 'LayerName', 'LicenseInfo'],
  async create(request) {
    const LayerName = request.properties['LayerName'] ?? `${request.logicalId.slice(0, 132)}${randomText(8)}`;
    const input = { ...request.properties, LayerName };
    const layer = await request.call<PublishLayerVersionCommandOutput>('lambda', 'PublishLayerVersion', input);
    const LayerVersionArn = layer.LayerVersionArn ?? '';
    return { physicalId: LayerVersionArn, attributes: { LayerVersionArn } };
  },
  async delete(request) {
    await request.call('lambda', 'DeleteLayerVersion', layerVersionOf(request.physicalId));
  },
};

export const lambdaLayerVersionPermission: ResourceProvider = {
  type: 'AWS::Lambda::LayerVersionPermission',
  properties: ['Action', 'LayerVersionArn', 'OrganizationId', 'Principal'],
  async create(request) {
    const { LayerVersionArn, ...statement } = request.properties;
    const StatementId = `${request.stack.name}-${request.logicalId}-${randomText(12)}`.slice(-100);
    const input = { ...layerVersionOf(LayerVersionArn), ...statement, StatementId };
    await request.call('lambda', 'AddLayerVersionPermission', input);
    const physicalId = `${LayerVersionArn}#${StatementId}`;
    return { physicalId, attributes: { Id: physicalId } };
  },
  async delete(request) {
    const [arn = '', StatementId] = request.physicalId.split('#');
    await unlessGone(['ResourceNotFoundException'], () =>
      request.call('lambda', 'RemoveLayerVersionPermission', { ...layerVersionOf(arn), StatementId }),
    );
  },
};

/** `arn:aws:lambda:<region>:<account>:layer:<name>:<version>` as the API asks for it. */
function layerVersionOf(arn: string): { readonly LayerName: string; readonly VersionNumber: number } {
  const end = arn.lastIndexOf(':');
  return { LayerName: arn.slice(0, end), VersionNumber: Number(arn.slice(end + 1)) };
}
