import { isDeepStrictEqual } from 'node:util';
import type { PatchOperation, UsagePlan } from '@aws-sdk/client-api-gateway';
import { physicalName } from '../physical-name.ts';
import type { Properties, ResourceProvider } from '../provider.ts';
import { camelCased, replacements } from './apigateway-patches.ts';
import { apiGatewayTags } from './apigateway-tags.ts';
import { tagMap, unlessGone } from './calls.ts';

export const apiGatewayUsagePlan: ResourceProvider = {
  type: 'AWS::ApiGateway::UsagePlan',
  properties: ['ApiStages', 'Description', 'Quota', 'Tags', 'Throttle', 'UsagePlanName'],
  async create(request) {
    const { ApiStages = [], Description, Quota, Tags, Throttle, UsagePlanName } = request.properties;
    const { id = '' } = await request.call<UsagePlan>('apigateway', 'CreateUsagePlan', {
      name: UsagePlanName ?? physicalName(request, { longest: 128 }),
      ...(Description && { description: Description }),
      apiStages: ApiStages.map(stageOf),
      ...(Quota && { quota: camelCased(Quota) }),
      ...(Throttle && { throttle: camelCased(Throttle) }),
      ...(Tags && { tags: tagMap(Tags) }),
    });
    return { physicalId: id, attributes: { Id: id } };
  },
  async update(request) {
    const { physicalId: usagePlanId, properties, previous } = request;
    const patchOperations = [
      ...replacements(request, { Description: '/description' }),
      ...(properties['UsagePlanName'] ? replacements(request, { UsagePlanName: '/name' }) : []),
      ...members('quota', properties['Quota'], previous['Quota']),
      ...members('throttle', properties['Throttle'], previous['Throttle']),
      ...stages(properties, previous),
    ];
    await request.call('apigateway', 'UpdateUsagePlan', { usagePlanId, patchOperations });
    await apiGatewayTags(request, `/usageplans/${usagePlanId}`);
    return { physicalId: usagePlanId, attributes: { Id: usagePlanId } };
  },
  async delete(request) {
    const { ApiStages = [] } = request.properties;
    const usagePlanId = request.physicalId;
    await unlessGone(['NotFoundException'], async () => {
      // A plan with stages can't be deleted.
      const patchOperations = ApiStages.map((one: Properties) => ({
        op: 'remove',
        path: '/apiStages',
        value: nameOf(one),
      }));
      const { apiStages = [] } = await request.call<UsagePlan>('apigateway', 'GetUsagePlan', { usagePlanId });
      const standing = patchOperations.filter(({ value }: { value: string }) =>
        apiStages.some(({ apiId, stage }) => `${apiId}:${stage}` === value),
      );
      await request.call('apigateway', 'UpdateUsagePlan', { usagePlanId, patchOperations: standing });
      await request.call('apigateway', 'DeleteUsagePlan', { usagePlanId });
    });
  },
};

function stageOf({ ApiId, Stage, Throttle }: Properties): object {
  const limits = Object.entries((Throttle ?? {}) as Record<string, unknown>).map(([path, one]) => [
    path,
    camelCased(one),
  ]);
  return { apiId: ApiId, stage: Stage, ...(Throttle && { throttle: Object.fromEntries(limits) }) };
}

function nameOf({ ApiId, Stage }: Properties): string {
  return `${ApiId}:${Stage}`;
}

function members(name: string, after: Properties | undefined, before: Properties | undefined): PatchOperation[] {
  if (isDeepStrictEqual(after, before)) return [];
  const removed: PatchOperation[] = before ? [{ op: 'remove', path: `/${name}` }] : [];
  const set = Object.entries(camelCased(after ?? {}) as object).map(
    ([member, value]): PatchOperation => ({ op: 'replace', path: `/${name}/${member}`, value: String(value) }),
  );
  return [...removed, ...set];
}

function stages({ ApiStages: after = [] }: Properties, { ApiStages: before = [] }: Properties): PatchOperation[] {
  const has = (list: Properties[], one: Properties) => list.some((other) => isDeepStrictEqual(other, one));
  const gone = before.filter((one: Properties) => !has(after, one));
  const come = after.filter((one: Properties) => !has(before, one));
  return [
    ...gone.map((one: Properties) => ({ op: 'remove', path: '/apiStages', value: nameOf(one) })),
    ...come.flatMap((one: Properties) => [
      { op: 'add', path: '/apiStages', value: nameOf(one) },
      ...(one['Throttle']
        ? [
            {
              op: 'replace',
              path: `/apiStages/${nameOf(one)}/throttle`,
              value: JSON.stringify((stageOf(one) as { throttle: object }).throttle),
            },
          ]
        : []),
    ]),
  ];
}
