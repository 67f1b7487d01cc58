import type { GetDashboardCommandOutput, ListTagsForResourceCommandOutput } from '@aws-sdk/client-cloudwatch';
import { physicalName } from '../physical-name.ts';
import type { ResourceProvider, ResourceRequest } from '../provider.ts';
import { ifThere, tagChanges, unlessGone } from './calls.ts';

export const cloudWatchDashboard: ResourceProvider = {
  type: 'AWS::CloudWatch::Dashboard',
  properties: ['DashboardBody', 'DashboardName', 'Tags'],
  async create(request) {
    const DashboardName = request.properties['DashboardName'] ?? physicalName(request, { longest: 255 });
    const { DashboardBody, Tags } = request.properties;
    if (await bodyOf(request, DashboardName)) {
      throw new Error(`Resource of type '${request.type}' with identifier '${DashboardName}' already exists.`);
    }
    await request.call('monitoring', 'PutDashboard', { DashboardName, DashboardBody, ...(Tags && { Tags }) });
    return { physicalId: DashboardName };
  },
  async update(request) {
    const { physicalId: DashboardName, properties, previous } = request;
    await request.call('monitoring', 'PutDashboard', { DashboardName, DashboardBody: properties['DashboardBody'] });
    const ResourceARN = arnOf(request, DashboardName);
    const { set, removed } = tagChanges(previous['Tags'], properties['Tags']);
    if (removed.length > 0) await request.call('monitoring', 'UntagResource', { ResourceARN, TagKeys: removed });
    if (set.length > 0) await request.call('monitoring', 'TagResource', { ResourceARN, Tags: set });
    return { physicalId: DashboardName };
  },
  async delete(request) {
    await unlessGone([notFound], () =>
      request.call('monitoring', 'DeleteDashboards', { DashboardNames: [request.physicalId] }),
    );
  },
  async read(request) {
    const { physicalId: DashboardName } = request;
    const DashboardBody = await bodyOf(request, DashboardName);
    if (DashboardBody === undefined) return undefined;
    const input = { ResourceARN: arnOf(request, DashboardName) };
    const { Tags } = await request.call<ListTagsForResourceCommandOutput>('monitoring', 'ListTagsForResource', input);
    const properties = { DashboardName, DashboardBody, Tags: Tags?.length ? Tags : undefined };
    return { physicalId: DashboardName, properties };
  },
};

const notFound = 'DashboardNotFoundError';

const arnOf = ({ account }: ResourceRequest, name: string) => `arn:aws:cloudwatch::${account}:dashboard/${name}`;

async function bodyOf(request: ResourceRequest, DashboardName: string): Promise<string | undefined> {
  const found = await ifThere([notFound], () =>
    request.call<GetDashboardCommandOutput>('monitoring', 'GetDashboard', { DashboardName }),
  );
  return found?.DashboardBody;
}
