import { isDeepStrictEqual } from 'node:util';
import type { PatchOperation } from '@aws-sdk/client-api-gateway';
import type { Properties, ResourceProvider } from '../provider.ts';
import { mapPatches, replacements } from './apigateway-patches.ts';
import { apiGatewayTags } from './apigateway-tags.ts';
import { tagMap, unlessGone } from './calls.ts';

export const apiGatewayStage: ResourceProvider = {
  type: 'AWS::ApiGateway::Stage',
  properties: [
    'AccessLogSetting',
    'DeploymentId',
    'Description',
    'MethodSettings',
    'RestApiId',
    'StageName',
    'Tags',
    'TracingEnabled',
    'Variables',
  ],
  async create(request) {
    const { RestApiId: restApiId, StageName: stageName, ...given } = request.properties;
    await request.call('apigateway', 'CreateStage', {
      restApiId,
      stageName,
      deploymentId: given['DeploymentId'],
      ...(given['Description'] && { description: given['Description'] }),
      ...(given['Variables'] && { variables: given['Variables'] }),
      ...(given['TracingEnabled'] !== undefined && { tracingEnabled: given['TracingEnabled'] }),
      ...(given['Tags'] && { tags: tagMap(given['Tags']) }),
    });
    request.created(stageName);
    const patchOperations = [...accessLog(request.properties, {}), ...methodSettings(request.properties, {})];
    if (patchOperations.length > 0)
      await request.call('apigateway', 'UpdateStage', { restApiId, stageName, patchOperations });
    return { physicalId: stageName };
  },
  async update(request) {
    const { properties, previous, physicalId: stageName } = request;
    const restApiId = properties['RestApiId'];
    await request.call('apigateway', 'UpdateStage', {
      restApiId,
      stageName,
      patchOperations: [
        ...replacements(
          request,
          { DeploymentId: '/deploymentId', Description: '/description', TracingEnabled: '/tracingEnabled' },
          { TracingEnabled: false },
        ),
        ...mapPatches('/variables', properties['Variables'], previous['Variables']),
        ...accessLog(properties, previous),
        ...methodSettings(properties, previous),
      ],
    });
    await apiGatewayTags(request, `/restapis/${restApiId}/stages/${stageName}`);
    return { physicalId: stageName };
  },
  async delete(request) {
    await unlessGone(['NotFoundException'], () =>
      request.call('apigateway', 'DeleteStage', {
        restApiId: request.properties['RestApiId'],
        stageName: request.physicalId,
      }),
    );
  },
};

function accessLog(
  { AccessLogSetting: after }: Properties,
  { AccessLogSetting: before }: Properties,
): PatchOperation[] {
  if (isDeepStrictEqual(after, before)) return [];
  if (!after) return [{ op: 'remove', path: '/accessLogSettings' }];
  return [
    { op: 'replace', path: '/accessLogSettings/destinationArn', value: after.DestinationArn },
    { op: 'replace', path: '/accessLogSettings/format', value: after.Format },
  ];
}

/** The patch path of each of a method's settings. */
const settings = {
  CachingEnabled: 'caching/enabled',
  DataTraceEnabled: 'logging/dataTrace',
  LoggingLevel: 'logging/loglevel',
  MetricsEnabled: 'metrics/enabled',
  ThrottlingBurstLimit: 'throttling/burstLimit',
  ThrottlingRateLimit: 'throttling/rateLimit',
} as const;

/** Templates write a resource's path as the patch path has it already: `/~1orders`, or `/*` for all. */
function methodSettings(
  { MethodSettings: after = [] }: Properties,
  { MethodSettings: before = [] }: Properties,
): PatchOperation[] {
  if (isDeepStrictEqual(after, before)) return [];
  const pathOf = ({ ResourcePath, HttpMethod }: Properties) =>
    `/${String(ResourcePath).replace(/^\//, '')}/${HttpMethod}`;
  const removed: PatchOperation[] = before.map((one: Properties) => ({ op: 'remove', path: pathOf(one) }));
  const set: PatchOperation[] = after.flatMap((one: Properties) =>
    Object.entries(settings)
      .filter(([name]) => one[name] !== undefined)
      .map(([name, path]) => ({ op: 'replace', path: `${pathOf(one)}/${path}`, value: String(one[name]) })),
  );
  return [...removed, ...set];
}
