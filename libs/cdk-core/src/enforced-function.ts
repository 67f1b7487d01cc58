import { existsSync } from 'node:fs';
import type { Duration } from 'aws-cdk-lib';
import { Effect, type IManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  ApplicationLogLevel,
  Architecture,
  Code,
  type EcrImageCode,
  Handler,
  type ILayerVersion,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { contextVariablesOf } from './enforced-stack.ts';
import { CdkCoreError } from './errors.ts';

interface CommonProps {
  readonly description: string;
  /** MB, 128 to 10,240. */
  readonly memorySize: number;
  readonly timeout: Duration;
  readonly environment?: Readonly<Record<string, string>>;
  /** At most so many environments at once, kept for this function. Without it the account's limit is the only one. */
  readonly reservedConcurrentExecutions?: number;
  /** Attached to the function's role. */
  readonly managedPolicies?: readonly IManagedPolicy[];
  /**
   * `own-group`: the role may write to the function's log group and to no other. `denied`: it may write to no log group at
   * all, whatever else is attached to it, so CloudWatch ingests and bills nothing; logs leave by a telemetry extension.
   * @default own-group
   */
  readonly cloudWatchLogs?: 'own-group' | 'denied';
  /** @default ONE_WEEK */
  readonly logRetention?: RetentionDays;
}

export interface EnforcedFunctionProps extends CommonProps {
  /** Absolute path of the folder that the package's build wrote. */
  readonly code: string;
  /** `file.export`, e.g. `handler.handler` for the export `handler` of `handler.mjs`. */
  readonly handler: string;
  readonly layers?: readonly ILayerVersion[];
}

export interface EnforcedImageFunctionProps extends CommonProps {
  /** For arm64. Built upon AWS's Node 24 image, its CMD names the handler. */
  readonly image: EcrImageCode;
}

/**
 * A function as this repository runs them: Node 24 on arm64, JSON logs, stack traces in terms of the sources, the stack's
 * context as service name, a log group of its own with a retention, a role of its own with nothing but what is granted to it.
 *
 * @throws CdkCoreError (`FUNCTION_CODE_MISSING`) when the package isn't built, (`NO_ENFORCED_STACK`) outside an EnforcedStack.
 */
export class EnforcedFunction extends LambdaFunction {
  constructor(scope: Construct, id: string, props: EnforcedFunctionProps) {
    if (!existsSync(props.code)) {
      throw new CdkCoreError('FUNCTION_CODE_MISSING', [
        `${scope.node.path}/${id} has its code in ${props.code}, which doesn't exist; run the package's build first`,
      ]);
    }
    super(scope, id, {
      ...commonProps(scope, id, props),
      code: Code.fromAsset(props.code),
      handler: props.handler,
      runtime: Runtime.NODEJS_24_X,
      layers: [...(props.layers ?? [])],
    });
  }
}

/**
 * The same for a function packaged as a container image.
 *
 * @throws CdkCoreError (`NO_ENFORCED_STACK`) outside an EnforcedStack.
 */
export class EnforcedImageFunction extends LambdaFunction {
  constructor(scope: Construct, id: string, props: EnforcedImageFunctionProps) {
    super(scope, id, {
      ...commonProps(scope, id, props),
      code: props.image,
      handler: Handler.FROM_IMAGE,
      runtime: Runtime.FROM_IMAGE,
    });
  }
}

function commonProps(scope: Construct, id: string, props: CommonProps) {
  const logGroup = new LogGroup(scope, `${id}Logs`, { retention: props.logRetention ?? RetentionDays.ONE_WEEK });
  return {
    description: props.description,
    architecture: Architecture.ARM_64,
    memorySize: props.memorySize,
    timeout: props.timeout,
    ...(props.reservedConcurrentExecutions !== undefined && {
      reservedConcurrentExecutions: props.reservedConcurrentExecutions,
    }),
    environment: {
      NODE_OPTIONS: '--enable-source-maps',
      POWERTOOLS_SERVICE_NAME: contextVariablesOf(scope).context,
      ...props.environment,
    },
    role: ownRole(scope, `${id}Role`, logGroup, props),
    logGroup,
    loggingFormat: LoggingFormat.JSON,
    applicationLogLevelV2: ApplicationLogLevel.INFO,
    systemLogLevelV2: SystemLogLevel.INFO,
  };
}

/** Without AWSLambdaBasicExecutionRole, which lets a function write to every log group of the account. */
function ownRole(scope: Construct, id: string, logGroup: LogGroup, props: CommonProps): Role {
  const role = new Role(scope, id, {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    managedPolicies: [...(props.managedPolicies ?? [])],
  });
  if (props.cloudWatchLogs !== 'denied') {
    logGroup.grantWrite(role);
    return role;
  }
  role.addToPolicy(
    new PolicyStatement({
      effect: Effect.DENY,
      actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
      // A denial of every log group: naming one would leave the others open.
      resources: ['*'],
    }),
  );
  return role;
}
