import { NormalizedSchema } from '@smithy/core/schema';
import type { $Schema, SchemaTraitsObject } from '@smithy/types';
import type { Service } from '../service.ts';

/** One operation as the SDK client's own schemas describe it. */
export interface OperationModel {
  readonly name: string;
  /** `{ http: [method, uriTemplate, status] }` for REST services. */
  readonly traits: SchemaTraitsObject & { readonly http?: readonly [string, string, number] };
  readonly input: NormalizedSchema;
  readonly output: NormalizedSchema;
}

/** One error shape: its wire code, HTTP status and members. */
export interface ErrorModel {
  readonly name: string;
  readonly code: string;
  readonly status: number;
  readonly schema: NormalizedSchema;
  readonly members: readonly string[];
}

/** A service's wire model, read off the schemas that its SDK v3 client exports (`PutRecords$`, `NoSuchBucket$`). */
export interface ServiceModel {
  readonly service: Service;
  /** `com.amazonaws.kinesis` */
  readonly namespace: string;
  readonly operations: ReadonlyMap<string, OperationModel>;
  /** By shape name and by wire code. */
  readonly errors: ReadonlyMap<string, ErrorModel>;
}

type StaticOperation = readonly [9, string, string, unknown, Lazy, Lazy];
type StaticStructure = readonly [3 | -3, string, string, unknown, readonly string[], readonly unknown[], number?];
type Lazy = $Schema | (() => $Schema);

const models = new WeakMap<Service, Promise<ServiceModel>>();

/** Loads a service's model once; the SDK client's module is imported at the first call only. */
export function modelOf(service: Service): Promise<ServiceModel> {
  let model = models.get(service);
  if (!model) {
    model = service.model().then((module) => readModel(service, module));
    models.set(service, model);
  }
  return model;
}

function readModel(service: Service, module: Record<string, unknown>): ServiceModel {
  const operations = new Map<string, OperationModel>();
  const errors = new Map<string, ErrorModel>();
  let namespace = '';
  for (const [name, value] of Object.entries(module)) {
    if (!name.endsWith('$') || !Array.isArray(value)) continue;
    if (value[0] === 9) {
      const operation = lazyOperation(value as unknown as StaticOperation);
      operations.set(operation.name, operation);
      namespace = value[1];
    }
    if (value[0] === -3) {
      const error = readError(value as unknown as StaticStructure);
      errors.set(error.name, error);
      errors.set(error.code, error);
    }
  }
  return { service, namespace, operations, errors };
}

/** Operations of large services run into the hundreds: each normalises its schemas when it is first called. */
function lazyOperation([, , name, traits, input, output]: StaticOperation): OperationModel {
  return {
    name,
    traits: (typeof traits === 'object' ? traits : {}) as OperationModel['traits'],
    get input() {
      return NormalizedSchema.of(unwrap(input));
    },
    get output() {
      return NormalizedSchema.of(unwrap(output));
    },
  };
}

function unwrap(schema: Lazy): $Schema {
  return typeof schema === 'function' ? (schema as () => $Schema)() : schema;
}

function readError(shape: StaticStructure): ErrorModel {
  const [, , name, , members] = shape;
  const schema = NormalizedSchema.of(shape as unknown as $Schema);
  const traits = schema.getMergedTraits() as {
    error?: string;
    httpError?: number;
    awsQueryError?: readonly [string, number];
  };
  return {
    name,
    code: traits.awsQueryError?.[0] ?? name,
    status: traits.httpError ?? traits.awsQueryError?.[1] ?? (traits.error === 'server' ? 500 : 400),
    schema,
    members,
  };
}

/** Names of the members a structure requires. The static schema lists them first and ends with their count. */
export function requiredMembers(schema: NormalizedSchema): readonly string[] {
  const structure = schema.getSchema() as unknown as StaticStructure;
  if (!Array.isArray(structure)) return [];
  return structure[4].slice(0, structure[6] ?? 0);
}
