import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from './clock.ts';
import type { AwsError } from './errors.ts';
import type { PolicyDocument } from './iam/policy-document.ts';
import type { Work } from './work.ts';

/** Who is calling, after the signature was verified. */
export interface Caller {
  /** 12 digits. */
  readonly account: string;
  /**
   * `root` (the account's own key: not limited by identity policies), `user`, `role` (an assumed role's session),
   * `service` (one of the cloud's own services acting for itself, e.g. `lambda.amazonaws.com`) or `federated` (somebody
   * an identity provider vouches for).
   */
  readonly type: 'root' | 'user' | 'role' | 'service' | 'federated';
  /** `arn:aws:iam::…:root`, `arn:aws:iam::…:user/x`, `arn:aws:sts::…:assumed-role/Role/session`, a service principal, or the identity provider. */
  readonly arn: string;
  /** What STS GetCallerIdentity calls UserId. */
  readonly userId: string;
  /** The role behind an assumed-role session. */
  readonly roleArn?: string;
  /** Policies passed to AssumeRole: they can only narrow what the role may do. */
  readonly sessionPolicies?: readonly PolicyDocument[];
  /** Tags passed to AssumeRole: `aws:PrincipalTag/…`, in front of the role's own. */
  readonly sessionTags?: Readonly<Record<string, string>>;
  /** Keys of the session tags that sessions taken with this one inherit. */
  readonly transitiveTagKeys?: readonly string[];
  /** Who is behind the session, as AssumeRole was told; sessions taken with this one keep it. */
  readonly sourceIdentity?: string;
  readonly accessKeyId?: string;
  /** Of services: the resource the service acts for, `aws:SourceArn`. */
  readonly sourceArn?: string;
}

/** Everything one call of an operation may need beside its input. */
export interface Call {
  readonly cloud: Cloud;
  readonly caller: Caller;
  /** The account the call acts in: the caller's. */
  readonly account: string;
  readonly region: string;
  readonly requestId: string;
  /** Aborted when the client goes away. */
  readonly signal?: AbortSignal;
}

/** One thing the caller must be allowed to do before the operation runs. */
export interface Demand {
  /** `service:Action` as the service authorization reference names it. */
  readonly action: string;
  /** The resource's ARN, or `*` where the action knows no resources. */
  readonly resource: string;
  /** Condition keys this request carries, lower-cased names are fine: `{ 'iam:PassedToService': 'lambda.amazonaws.com' }`. */
  readonly context?: Record<string, string | readonly string[]>;
  /** The policy attached to the resource itself, if it has one. */
  readonly resourcePolicy?: PolicyDocument | undefined;
}

// biome-ignore lint/suspicious/noExplicitAny: operations of one service have different inputs; each is typed where it is defined.
export type AnyOperation = Operation<any, any>;

/** One operation: what it demands of the caller, and what it does. Both sync or async. Throws {@link AwsError}. */
export interface Operation<Input, Output> {
  /** Default: one demand, `<service.iamPrefix>:<OperationName>` on `*`. */
  demands?(input: Input, call: Call): readonly Demand[] | Promise<readonly Demand[]>;
  run(input: Input, call: Call): Output | Promise<Output>;
}

/** Gives an operation its types; the SDK client's `XCommandInput`/`XCommandOutput` (without `$metadata`) are the usual ones. */
export function operation<Input, Output>(
  definition: Operation<Input, Omit<Output, '$metadata'>>,
): Operation<Input, Omit<Output, '$metadata'>> {
  return definition;
}

export type Operations = Readonly<Record<string, AnyOperation>>;

/** The operations of a service, loaded if they are not yet. */
export async function operationsOf({ operations }: Service): Promise<Operations> {
  return typeof operations === 'function' ? operations() : operations;
}

/** A service of the cloud: its wire model comes from the SDK client, its behaviour from `operations`. */
export interface Service {
  /** The name in the signature's credential scope: `kinesis`, `logs`, `ssm`, `s3`. */
  readonly name: string;
  /** Where its requests are signed in another service's name: that name, and what their paths begin with. */
  readonly signedAs?: { readonly name: string; readonly path: string };
  /** Prefix of its IAM actions where it differs from `name`. */
  readonly iamPrefix?: string;
  /** The SDK v3 client's module, whose exported schemas describe every operation and error. Imported at the first call. */
  model(): Promise<Record<string, unknown>>;
  /** Which REST protocol it speaks, if any; JSON, CBOR and query requests are recognised by themselves. */
  readonly rest?: 'json' | 'xml';
  /** Query requests are of EC2's dialect: capitalised names, flat lists, answers and errors without a wrapper. */
  readonly ec2Query?: boolean;
  /** JSON answers tell the code that query clients know as well (`awsQueryCompatible` in the service's model). */
  readonly queryCompatible?: boolean;
  /** XML namespace of query and rest-xml answers. */
  readonly xmlNamespace?: string;
  /** What it answers when a required member is missing. Default: `ValidationException`, `ValidationError` in query services. */
  readonly validationCode?: string;
  /** The same where the text is another, too; named is the first member that is missing. */
  missingMember?(name: string): AwsError;
  /** What it answers when it throttles. Default: `ThrottlingException`, `Throttling` in query services. */
  readonly throttlingCode?: string;
  /** By name. A function where the code is large: it is loaded at the first call, so that others start without it. */
  readonly operations: Operations | (() => Promise<Operations>);
  /** Operations that take requests without a signature, as they are addressed: `Action` of the query protocol, `X-Amz-Target`. */
  readonly unsigned?: readonly string[];
  /** Requests that are not AWS operations: function URLs, the image registry, custom-resource answers. */
  readonly routes?: readonly Route[];
  /** The same where bodies are passed on as they come, not read first: load balancers. */
  readonly streams?: readonly StreamRoute[];
  /** Takes up what state kept with `--data` was waiting for. Called once, before the first request. */
  start?(cloud: Cloud): void;
  /** Stops whatever the service has running (processes, pollers). Called once, when the cloud closes. */
  close?(cloud: Cloud): Promise<void>;
}

/** Plain HTTP served beside the AWS protocols. The handler verifies the caller itself with `cloud.authenticate`. */
export interface Route {
  matches(request: RawRequest): boolean;
  handle(request: RawRequest, response: ServerResponse, cloud: Cloud): Promise<void>;
}

/** Plain HTTP whose request has not been read yet. */
export interface StreamRoute {
  matches(path: string): boolean;
  handle(request: IncomingMessage, response: ServerResponse, cloud: Cloud): Promise<void>;
}

/** A request as it came, body read to its end. */
export interface RawRequest {
  readonly method: string;
  /** Path and query exactly as sent. */
  readonly url: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  /** Names, as sent, and values in turn; names that came twice are there twice. */
  readonly rawHeaders: readonly string[];
  /** Where it comes from, IPv4: any of 127.0.0.0/8. */
  readonly sourceIp: string;
  readonly body: Buffer;
  readonly signal: AbortSignal;
}

/** Keys an SDK client signs with. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/** What services see of the cloud they are part of. */
export interface Cloud {
  readonly clock: Clock;
  readonly work: Work;
  /** `http://127.0.0.1:<port>`, no slash at the end. */
  readonly endpoint: string;
  /** A folder of this process for unpacked code and the like; removed when the cloud closes. */
  readonly scratch: string;
  /**
   * The state of one service in one account and region, created empty at the first use. Must be plain data that
   * `node:v8` can serialise (Map, Set, Date, Buffer, objects; no functions or class instances): `--data` keeps it.
   * IAM, STS and other global services use the region `global`.
   */
  store<State extends object>(service: string, account: string, region: string, create: () => State): State;
  /** Every account and region in which the service has state. */
  scopes(service: string): readonly { account: string; region: string }[];
  /** Calls an operation in-process as `caller`: authorised, fault-injected and run exactly as if it had come over HTTP. */
  call<Output = Record<string, unknown>>(
    service: string,
    operationName: string,
    input: Record<string, unknown>,
    /** `signal` ends what waits within the call. */
    as: { caller: Caller; region: string; signal?: AbortSignal },
  ): Promise<Output>;
  /** Throws AccessDenied in AWS's words unless `caller` may do all that is demanded. */
  authorize(caller: Caller, demands: readonly Demand[], call: { region: string; service: string }): void;
  /** Verifies a request's signature for a service; throws AWS's errors. `undefined` when it carries none. */
  authenticate(request: RawRequest): Promise<{ caller: Caller; region: string; service: string } | undefined>;
  /**
   * Temporary credentials of a role's session. `trustedAs` is the principal that takes the role and must be in its trust
   * policy: a service (`lambda.amazonaws.com`) or a caller. Throws AccessDenied when it is not.
   */
  assumeRole(
    roleArn: string,
    sessionName: string,
    trustedAs: string | Caller,
    /** Condition keys for the trust policy, such as `aws:SourceArn` of what a service acts for. */
    context?: Record<string, string | readonly string[]>,
  ): Promise<{ credentials: Credentials; caller: Caller }>;
  /** One line on the cloud's own log (stderr), never a secret. */
  log(line: string): void;
}
