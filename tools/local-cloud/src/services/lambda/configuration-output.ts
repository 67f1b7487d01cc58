import type { AliasConfiguration, FunctionConfiguration } from '@aws-sdk/client-lambda';
import { lambdaDate } from './lambda-date.ts';
import { type Alias, type FunctionVersion, isImage, type LambdaFunction } from './state.ts';

/** A version as GetFunctionConfiguration shows it, under the ARN it was asked for. */
export function configurationOf(found: LambdaFunction, version: FunctionVersion, arn: string): FunctionConfiguration {
  return {
    ...listedConfiguration(found, version, arn),
    State: 'Active',
    LastUpdateStatus: 'Successful',
  };
}

/** The same without what lists leave out. */
export function listedConfiguration(
  found: LambdaFunction,
  { settings, code, layerCode, ...version }: FunctionVersion,
  arn: string,
): FunctionConfiguration {
  const { logging } = settings;
  return {
    FunctionName: found.name,
    FunctionArn: arn,
    ...(settings.runtime && { Runtime: settings.runtime }),
    Role: settings.role,
    ...(settings.handler && { Handler: settings.handler }),
    CodeSize: isImage(code) ? 0 : code.zip.length,
    CodeSha256: code.sha256,
    Description: settings.description,
    Timeout: settings.timeout,
    MemorySize: settings.memorySize,
    LastModified: lambdaDate(version.lastModified),
    Version: version.version,
    RevisionId: version.revisionId,
    PackageType: isImage(code) ? 'Image' : 'Zip',
    ...(settings.imageConfig && { ImageConfigResponse: { ImageConfig: settings.imageConfig } }),
    Architectures: [settings.architecture],
    EphemeralStorage: { Size: settings.ephemeralStorage },
    SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' },
    TracingConfig: { Mode: settings.tracing },
    LoggingConfig: {
      LogFormat: logging.format,
      LogGroup: logging.group,
      ...(logging.format === 'JSON' && {
        ApplicationLogLevel: logging.applicationLevel as 'INFO',
        SystemLogLevel: logging.systemLevel as 'INFO',
      }),
    },
    ...(settings.variables && { Environment: { Variables: { ...settings.variables } } }),
    ...(settings.deadLetterArn && { DeadLetterConfig: { TargetArn: settings.deadLetterArn } }),
    ...(settings.layers.length > 0 && {
      Layers: settings.layers.map((Arn, i) => ({ Arn, CodeSize: layerCode[i]?.zip.length ?? 0 })),
    }),
  };
}

export function aliasConfiguration(found: LambdaFunction, alias: Alias): AliasConfiguration {
  return {
    AliasArn: `${found.arn}:${alias.name}`,
    Name: alias.name,
    FunctionVersion: alias.version,
    Description: alias.description,
    RevisionId: alias.revisionId,
    ...(Object.keys(alias.weights).length > 0 && {
      RoutingConfig: { AdditionalVersionWeights: { ...alias.weights } },
    }),
  };
}
