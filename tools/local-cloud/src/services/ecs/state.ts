import type { Cluster, Deployment, Service, Tag, Task, TaskDefinition } from '@aws-sdk/client-ecs';
import type { Call, Cloud } from '../../service.ts';

/** A revision of a family, with the tags that DescribeTaskDefinition gives beside it. */
export interface StoredDefinition {
  readonly definition: TaskDefinition;
  tags: Tag[];
}

export interface StoredService {
  readonly description: Service;
  /** The last deployment that completed: what a failed one is rolled back to. */
  completed?: Deployment;
}

/** Services, tasks and clusters are kept as the API describes them. */
export interface EcsState {
  /** By name. */
  readonly clusters: Map<string, Cluster>;
  /** Revisions of each family, the first at 0; deregistered ones stay. */
  readonly families: Map<string, StoredDefinition[]>;
  /** By ARN. */
  readonly services: Map<string, StoredService>;
  /** By ARN. Stopped tasks stay for an hour. */
  readonly tasks: Map<string, Task>;
}

/** Where something is: a call has it, and so has everything that outlives the call. */
export type Place = Pick<Call, 'cloud' | 'account' | 'region'>;

export function ecsState(cloud: Cloud, { account, region }: Pick<Place, 'account' | 'region'>): EcsState {
  return cloud.store<EcsState>('ecs', account, region, () => ({
    clusters: new Map(),
    families: new Map(),
    services: new Map(),
    tasks: new Map(),
  }));
}

/** `arn:aws:ecs:<region>:<account>:<kind>/<path>`, the long format with the cluster's name in it. */
export function ecsArn({ account, region }: Pick<Place, 'account' | 'region'>, path: string): string {
  return `arn:aws:ecs:${region}:${account}:${path}`;
}

/** What comes after the last slash: the name of a cluster or service, the id of a task. */
export function lastPart(nameOrArn: string): string {
  return nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1);
}
