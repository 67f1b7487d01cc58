import type {
  Change,
  ChangeSetStatus,
  ExecutionStatus,
  PropertyDifference,
  ResourceStatus,
  StackStatus,
  Tag,
} from '@aws-sdk/client-cloudformation';
import type { Cloud } from '../service.ts';
import type { ParameterValue } from './evaluate.ts';
import type { DeletionPolicy } from './template.ts';

export interface StackParameter {
  readonly key: string;
  /** As given: for SSM parameter types, the parameter's name. */
  readonly value: string;
  /** What an SSM parameter type resolved to. */
  readonly resolved?: string;
  readonly noEcho?: boolean;
}

/** What a stack is asked to be. */
export interface Deployment {
  readonly templateBody: string;
  readonly parameters: readonly StackParameter[];
  readonly tags: readonly Tag[];
  readonly capabilities: readonly string[];
}

export interface StackOutput {
  readonly key: string;
  readonly value: string;
  readonly description?: string;
  readonly exportName?: string;
}

export interface StackResource {
  readonly logicalId: string;
  readonly type: string;
  /** What `Ref` returns; `undefined` until the service has the resource. */
  physicalId: string | undefined;
  /** As last given to the service. */
  properties: Readonly<Record<string, unknown>>;
  attributes: Readonly<Record<string, unknown>>;
  metadata: unknown;
  deletionPolicy: DeletionPolicy;
  updateReplacePolicy: DeletionPolicy;
  /** Logical IDs it was built on: it is deleted before them. */
  dependencies: readonly string[];
  status: ResourceStatus;
  statusReason: string | undefined;
  updated: Date;
  /** `undefined` until drift was looked for. */
  drift?: ResourceDrift;
}

/** How a resource stood against its template when it was looked at. */
export interface ResourceDrift {
  readonly status: 'IN_SYNC' | 'MODIFIED' | 'DELETED';
  readonly checked: Date;
  /** Both are absent for a deleted resource. */
  readonly expected?: Readonly<Record<string, unknown>>;
  readonly actual?: Readonly<Record<string, unknown>>;
  readonly differences: readonly PropertyDifference[];
}

/** One search for drift in a whole stack. */
export interface DriftDetection {
  readonly id: string;
  readonly started: Date;
  readonly status: 'DETECTION_COMPLETE' | 'DETECTION_FAILED';
  readonly reason: string | undefined;
  readonly drift: 'IN_SYNC' | 'DRIFTED';
  /** How many resources had drifted. */
  readonly drifted: number;
}

export interface StackEvent {
  readonly id: string;
  readonly operationId: string;
  readonly logicalId: string;
  readonly physicalId: string | undefined;
  readonly type: string;
  readonly status: ResourceStatus;
  readonly reason: string | undefined;
  readonly properties: string | undefined;
  readonly token: string | undefined;
  readonly time: Date;
}

/** How a stack stood before the operation that is under way or has failed: what a rollback returns to. */
export interface StableState {
  /** `undefined` when the stack did not exist: the rollback removes everything. */
  readonly deployment: Deployment | undefined;
  readonly resources: ReadonlyMap<string, StackResource>;
  readonly outputs: readonly StackOutput[];
  readonly imports: readonly string[];
}

export interface ValidationProblem {
  readonly logicalId: string;
  readonly type: string;
  /** `/Resources/Function/Properties/Code` */
  readonly path: string;
  readonly message: string;
}

/** A resource that exists and is to become part of a stack. */
export interface ImportedResource {
  readonly logicalId: string;
  readonly physicalId: string;
}

export interface ChangeSet {
  readonly id: string;
  readonly name: string;
  readonly type: 'CREATE' | 'UPDATE' | 'IMPORT';
  /** Of an IMPORT: what is to be taken into the stack. */
  readonly imports?: readonly ImportedResource[];
  readonly description: string | undefined;
  readonly created: Date;
  readonly deployment: Deployment;
  readonly roleArn: string | undefined;
  readonly includeNestedStacks: boolean;
  readonly onStackFailure: string | undefined;
  status: ChangeSetStatus;
  statusReason: string | undefined;
  executionStatus: ExecutionStatus;
  changes: readonly Change[];
  problems: readonly ValidationProblem[];
}

export interface Stack {
  /** The ARN. */
  readonly id: string;
  readonly name: string;
  readonly created: Date;
  status: StackStatus;
  statusReason: string | undefined;
  updated: Date | undefined;
  deleted: Date | undefined;
  description: string | undefined;
  /** `undefined` while only a change set exists (REVIEW_IN_PROGRESS). */
  deployment: Deployment | undefined;
  /** Set while an operation runs, and kept when it failed without a rollback. */
  before: StableState | undefined;
  readonly resources: Map<string, StackResource>;
  outputs: readonly StackOutput[];
  /** Names of exports the stack's values were taken from. */
  imports: readonly string[];
  /** Oldest first. */
  readonly events: StackEvent[];
  readonly changeSets: Map<string, ChangeSet>;
  roleArn: string | undefined;
  terminationProtection: boolean;
  /** A stack policy's text; without one every update is allowed. */
  policy?: string;
  disableRollback: boolean;
  parentId: string | undefined;
  rootId: string | undefined;
  /** Oldest first; `undefined` in stacks that nobody has looked at. */
  driftDetections?: DriftDetection[];
}

export interface CloudFormationState {
  /** By ARN, deleted ones included: AWS shows them for 90 days. */
  readonly stacks: Map<string, Stack>;
}

export function stateOf(cloud: Cloud, account: string, region: string): CloudFormationState {
  return cloud.store('cloudformation', account, region, () => ({ stacks: new Map() }));
}

/** A stack by ARN, or one that is not deleted by name. */
export function findStack(state: CloudFormationState, nameOrArn: string): Stack | undefined {
  if (nameOrArn.startsWith('arn:')) return state.stacks.get(nameOrArn);
  return liveStacks(state).find(({ name }) => name === nameOrArn);
}

export function liveStacks(state: CloudFormationState): Stack[] {
  return [...state.stacks.values()].filter(({ status }) => status !== 'DELETE_COMPLETE');
}

/** Every export of the account and region, by name. */
export function exportsOf(state: CloudFormationState): Map<string, { readonly stack: Stack; readonly value: string }> {
  const found = new Map<string, { stack: Stack; value: string }>();
  for (const stack of liveStacks(state)) {
    for (const { exportName, value } of stack.outputs) if (exportName) found.set(exportName, { stack, value });
  }
  return found;
}

/** The value a parameter has in the template: lists are lists. */
export function parameterValue(type: string, { value, resolved }: StackParameter): ParameterValue {
  const text = resolved ?? value;
  return /^(List<|CommaDelimitedList$|AWS::SSM::Parameter::Value<(List<|CommaDelimitedList>))/.test(type)
    ? text.split(',').map((item) => item.trim())
    : text;
}
