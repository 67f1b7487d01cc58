import type {
  CreateServiceCommandOutput,
  DescribeServicesCommandOutput,
  Service,
  UpdateServiceCommandOutput,
} from '@aws-sdk/client-ecs';
import { physicalName } from '../physical-name.ts';
import type { Properties, ResourceProvider, ResourceRequest } from '../provider.ts';
import { unlessGone, until } from './calls.ts';
import { changeEcsTags } from './ecs-cluster.ts';
import { lowerFirst } from './ecs-input.ts';

/** What UpdateService takes. */
const updated = [
  'AvailabilityZoneRebalancing',
  'CapacityProviderStrategy',
  'DeploymentConfiguration',
  'DesiredCount',
  'HealthCheckGracePeriodSeconds',
  'LoadBalancers',
  'NetworkConfiguration',
  'PlatformVersion',
  'PropagateTags',
  'TaskDefinition',
];

/** Stands when its deployment is complete, and fails when the circuit breaker has ended that. */
export const ecsService: ResourceProvider = {
  type: 'AWS::ECS::Service',
  properties: [
    ...updated,
    'Cluster',
    'DeploymentController',
    'EnableECSManagedTags',
    'LaunchType',
    'SchedulingStrategy',
    'ServiceName',
    'Tags',
  ],
  async create(request) {
    const { ServiceName, ...rest } = request.properties;
    const serviceName = ServiceName ?? physicalName(request, { longest: 255 });
    const input = { ...lowerFirst(rest), serviceName };
    const { service } = await request.call<CreateServiceCommandOutput>('ecs', 'CreateService', input);
    const arn = service?.serviceArn ?? '';
    request.created(arn);
    await deployed(request, arn, service);
    return { physicalId: arn, attributes: { Name: serviceName, ServiceArn: arn } };
  },
  async update(request) {
    const { physicalId: arn, properties, previous, attributes } = request;
    if (properties['ServiceName'] !== previous['ServiceName']) {
      throw new Error('A service cannot change its name (ServiceName): give it another logical ID as well.');
    }
    const input = { cluster: properties['Cluster'], service: arn, ...inputOf(properties) };
    const { service } = await request.call<UpdateServiceCommandOutput>('ecs', 'UpdateService', input);
    await deployed(request, arn, service);
    await changeEcsTags(request, arn, previous);
    return { physicalId: arn, attributes };
  },
  async delete(request) {
    const { Cluster: cluster } = request.properties;
    const gone = ['ServiceNotFoundException', 'ServiceNotActiveException', 'ClusterNotFoundException'];
    await unlessGone(gone, () =>
      request.call('ecs', 'DeleteService', { cluster, service: request.physicalId, force: true }),
    );
    await unlessGone(gone, () =>
      until(request, async () => (await describe(request, request.physicalId))?.status !== 'DRAINING'),
    );
  },
};

function inputOf(properties: Properties): object {
  const given = updated.filter((name) => properties[name] !== undefined);
  return lowerFirst(Object.fromEntries(given.map((name) => [name, properties[name]])));
}

async function describe({ call, properties }: ResourceRequest, service: string): Promise<Service | undefined> {
  const input = { cluster: properties['Cluster'], services: [service] };
  return (await call<DescribeServicesCommandOutput>('ecs', 'DescribeServices', input)).services?.[0];
}

/** Waits until the deployment that the call has started is complete. */
async function deployed(request: ResourceRequest, arn: string, started: Service | undefined): Promise<void> {
  const id = started?.deployments?.[0]?.id;
  await until(request, async () => {
    const deployments = (await describe(request, arn))?.deployments ?? [];
    const own = deployments.find((deployment) => deployment.id === id);
    // One that is no longer listed was rolled back.
    if (!own || own.rolloutState === 'FAILED') {
      throw new Error("Error occurred during operation 'ECS Deployment Circuit Breaker was triggered'.");
    }
    return own.rolloutState === 'COMPLETED';
  });
}
