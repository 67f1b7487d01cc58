import type { ContainerDefinition, ContainerOverride } from '@aws-sdk/client-ecs';
import type { GetParametersCommandOutput } from '@aws-sdk/client-ssm';
import { AwsError } from '../errors.ts';
import type { ContainerConfig } from '../images/oci.ts';
import type { Caller } from '../service.ts';
import type { Place } from '../services/ecs/state.ts';
import type { MetadataEndpoint } from './metadata-endpoint.ts';
import { searchPath } from './programs.ts';
import { StartError } from './types.ts';

type Variables = Record<string, string>;

interface VariableSources {
  readonly config: ContainerConfig;
  readonly definition: ContainerDefinition;
  readonly override: ContainerOverride | undefined;
  readonly secrets: Variables;
  readonly metadata: MetadataEndpoint;
  readonly hasTaskRole: boolean;
  readonly programs: string;
  readonly endpoint: string;
  readonly region: string;
  readonly hostname: string;
}

/**
 * The environment of a container: the image's, the definition's and what ECS adds; nothing of this process's own. Of the
 * image's PATH nothing is left, as its folders are not where it says.
 */
export function containerVariables(sources: VariableSources): Variables {
  const { definition, override, metadata, region } = sources;
  const ofImage = (sources.config.Env ?? []).map((entry) => entry.split(/=(.*)/s).slice(0, 2) as [string, string]);
  const own = [...(definition.environment ?? []), ...(override?.environment ?? [])];
  const routed = definition.logConfiguration?.logDriver === 'awsfirelens';
  return {
    HOSTNAME: sources.hostname,
    HOME: '/root',
    ...Object.fromEntries(ofImage),
    PATH: searchPath(sources.programs),
    // "Using Fluent logger libraries": where a container reaches the log router of its task.
    ...(routed && { FLUENT_HOST: '127.0.0.1', FLUENT_PORT: '24224' }),
    ...Object.fromEntries(own.map(({ name = '', value = '' }) => [name, value])),
    ...sources.secrets,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EXECUTION_ENV: 'AWS_ECS_FARGATE',
    AWS_ENDPOINT_URL: sources.endpoint,
    ECS_CONTAINER_METADATA_URI_V4: metadata.uriOf(definition.name),
    ...(sources.hasTaskRole && { AWS_CONTAINER_CREDENTIALS_FULL_URI: metadata.credentialsUri }),
  };
}

/**
 * A container's secrets out of SSM parameters, named by name or ARN, read as the execution role ("Pass sensitive data to an
 * Amazon ECS container"). Throws StartError.
 */
export async function readSecrets(
  { secrets = [] }: ContainerDefinition,
  { cloud, region }: Place,
  executionRole: Caller | undefined,
): Promise<Variables> {
  const values: Variables = {};
  for (const { name = '', valueFrom = '' } of secrets) {
    const parameter = valueFrom.replace(/^arn:aws:ssm:[^:]*:\d*:parameter(?=\/)/, '').replace(/^arn:aws:ssm:.*\//, '');
    try {
      if (!executionRole) throw new StartError('the task definition has no execution role');
      const input = { Names: [parameter], WithDecryption: true };
      const { Parameters: found = [] } = await cloud.call<GetParametersCommandOutput>('ssm', 'GetParameters', input, {
        caller: executionRole,
        region,
      });
      if (found[0]?.Value === undefined) throw new StartError(`invalid parameters: ${parameter}`);
      values[name] = found[0].Value;
    } catch (error) {
      if (!(error instanceof AwsError) && !(error instanceof StartError)) throw error;
      throw new StartError(
        `ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secrets from ssm: ${error.message}`,
      );
    }
  }
  return values;
}
