import type {
  Architecture,
  Cors,
  DestinationConfig,
  FunctionUrlAuthType,
  ImageConfig,
  InvokeMode,
  LogFormat,
  Runtime,
  TracingMode,
} from '@aws-sdk/client-lambda';
import type { PolicyStatement } from '../../iam/policy-document.ts';
import type { ContainerConfig } from '../../images/oci.ts';
import type { Cloud } from '../../service.ts';

/** A .zip file archive as it was uploaded. */
export interface CodePackage {
  readonly zip: Uint8Array;
  /** Base64, as Lambda shows it. */
  readonly sha256: string;
  readonly unzippedBytes: number;
}

/** A container image in ECR, as it was when the function got it. */
export interface ContainerImage {
  /** As the request named it. */
  readonly imageUri: string;
  /** By digest. */
  readonly resolvedUri: string;
  /** Hexadecimal, as Lambda shows it for images. */
  readonly sha256: string;
  readonly config: ContainerConfig;
}

export type FunctionCode = CodePackage | ContainerImage;

export function isImage(code: FunctionCode): code is ContainerImage {
  return 'imageUri' in code;
}

export interface LoggingSettings {
  readonly format: LogFormat;
  readonly applicationLevel: string | undefined;
  readonly systemLevel: string | undefined;
  readonly group: string;
}

/** What a function is configured with, defaults filled in. */
export interface FunctionSettings {
  readonly role: string;
  /** Runtime and handler are those of a deployment package; an image brings its own. */
  readonly runtime: Runtime | undefined;
  readonly handler: string | undefined;
  /** Overrides of what an image says of its start. */
  readonly imageConfig: ImageConfig | undefined;
  readonly description: string;
  /** Seconds. */
  readonly timeout: number;
  /** MB. */
  readonly memorySize: number;
  readonly variables: Readonly<Record<string, string>> | undefined;
  /** ARNs of layer versions, in the order in which they are merged. */
  readonly layers: readonly string[];
  readonly architecture: Architecture;
  /** MB of `/tmp`; remembered, not enforced. */
  readonly ephemeralStorage: number;
  readonly tracing: TracingMode;
  readonly logging: LoggingSettings;
  /** Queue or topic for events that could not be processed. */
  readonly deadLetterArn: string | undefined;
}

/** One version. Never changed: an update of `$LATEST` puts another in its place. */
export interface FunctionVersion {
  /** `$LATEST` or a number. */
  readonly version: string;
  readonly revisionId: string;
  readonly settings: FunctionSettings;
  readonly code: FunctionCode;
  /** Layers keep working when their version is deleted, so their code is held here. */
  readonly layerCode: readonly CodePackage[];
  /** Milliseconds since the epoch. */
  readonly lastModified: number;
}

export interface Alias {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  /** Share of invocations by further version, 0 to 1. */
  readonly weights: Readonly<Record<string, number>>;
  readonly revisionId: string;
}

export interface ResourcePolicy {
  readonly statements: readonly PolicyStatement[];
  readonly revisionId: string;
}

export interface FunctionUrl {
  readonly id: string;
  readonly authType: FunctionUrlAuthType;
  readonly invokeMode: InvokeMode;
  readonly cors: Cors | undefined;
  readonly created: string;
  readonly lastModified: string;
}

export interface EventInvokeSettings {
  readonly maximumRetryAttempts: number | undefined;
  /** Seconds. */
  readonly maximumEventAge: number | undefined;
  readonly destinations: DestinationConfig;
  readonly lastModified: number;
}

export interface ProvisionedConcurrency {
  /** Environments kept ready. */
  readonly requested: number;
  readonly lastModified: string;
}

export interface LambdaFunction {
  readonly name: string;
  /** Unqualified. */
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  latest: FunctionVersion;
  /** Published ones by number, oldest first. */
  readonly versions: Map<string, FunctionVersion>;
  /** Version numbers are never used again. */
  versionsPublished: number;
  readonly aliases: Map<string, Alias>;
  /** By qualifier; `$LATEST` stands for the unqualified function. */
  readonly policies: Map<string, ResourcePolicy>;
  readonly urls: Map<string, FunctionUrl>;
  readonly eventInvokeSettings: Map<string, EventInvokeSettings>;
  reservedConcurrency: number | undefined;
  /** By version number or alias. */
  readonly provisioned: Map<string, ProvisionedConcurrency>;
  readonly tags: Map<string, string>;
}

export interface LayerVersion {
  readonly arn: string;
  readonly version: number;
  readonly description: string;
  readonly licenseInfo: string | undefined;
  readonly compatibleRuntimes: readonly Runtime[] | undefined;
  readonly compatibleArchitectures: readonly Architecture[] | undefined;
  readonly created: string;
  readonly code: CodePackage;
  policy: ResourcePolicy | undefined;
}

export interface Layer {
  readonly name: string;
  readonly arn: string;
  readonly versions: Map<number, LayerVersion>;
  versionsPublished: number;
}

export interface LambdaState {
  readonly functions: Map<string, LambdaFunction>;
  readonly layers: Map<string, Layer>;
}

export function lambdaState(cloud: Cloud, account: string, region: string): LambdaState {
  return cloud.store('lambda', account, region, () => ({ functions: new Map(), layers: new Map() }));
}
