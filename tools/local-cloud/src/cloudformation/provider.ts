import type { Clock } from '../clock.ts';
import type { Cloud } from '../service.ts';

/** A resource's properties as evaluated and turned into their documented types. */
// biome-ignore lint/suspicious/noExplicitAny: each provider knows the documented types; the specification has checked them.
export type Properties = Readonly<Record<string, any>>;

/** What a provider is given to work on one resource. */
export interface ResourceRequest {
  readonly logicalId: string;
  readonly type: string;
  /** What the resource should be; on deletion, what it was last. */
  readonly properties: Properties;
  readonly stack: { readonly id: string; readonly name: string; readonly capabilities: readonly string[] };
  readonly account: string;
  readonly region: string;
  readonly cloud: Cloud;
  readonly clock: Clock;
  /** Aborted when the operation is cancelled because another resource failed, or the cloud closes. */
  readonly signal: AbortSignal;
  /** Calls another service's operation as the stack's role, or as the caller when it has none. */
  call<Output = unknown>(service: string, operation: string, input: object): Promise<Output>;
}

export interface CreateRequest extends ResourceRequest {
  /**
   * Says that the resource exists from now on under this ID, so that a failure later in its creation leaves nothing
   * behind: the rollback deletes it.
   */
  created(physicalId: string): void;
}

export interface UpdateRequest extends ResourceRequest {
  readonly physicalId: string;
  /** What the resource was last; after a failed update, what that update wanted. */
  readonly previous: Properties;
  readonly attributes: Readonly<Record<string, unknown>>;
}

export interface DeleteRequest extends ResourceRequest {
  readonly physicalId: string;
}

/** Asks for a resource as it stands; `properties` are what the stack last gave it. */
export type ReadRequest = DeleteRequest;

/** A resource after it was created or updated. */
export interface ResourceResult {
  /** What `Ref` returns. Another one than before means that the old resource is to be deleted. */
  readonly physicalId: string;
  /** What `Fn::GetAtt` returns, by name. */
  readonly attributes?: Readonly<Record<string, unknown>>;
}

/** A resource as its service has it. */
export interface ReadResult extends ResourceResult {
  /**
   * As a template would write them. A property that is not set is there with the value `undefined`; one that can't be
   * read (a function's code) is left out.
   */
  readonly properties: Properties;
}

/** How one resource type is created, updated and deleted through the public API of its service. */
export interface ResourceProvider {
  /** `AWS::Kinesis::Stream`; `Custom::*` stands for every type with that prefix. */
  readonly type: string;
  /** The documented properties it carries out; others are refused. `any` for types whose properties are free. */
  readonly properties: readonly string[] | 'any';
  create(request: CreateRequest): Promise<ResourceResult>;
  /** Absent for types of which every property is create-only. */
  update?(request: UpdateRequest): Promise<ResourceResult>;
  /** A resource that is already gone is success. */
  delete(request: DeleteRequest): Promise<void>;
  /**
   * What the service has now; `undefined` when the resource is gone. Absent for types without drift detection and import.
   */
  read?(request: ReadRequest): Promise<ReadResult | undefined>;
}
