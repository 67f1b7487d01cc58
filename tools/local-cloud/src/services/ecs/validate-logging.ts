import type { ContainerDefinition, LogConfiguration } from '@aws-sdk/client-ecs';
import { clientError, unsupported } from './errors.ts';

/**
 * Log drivers and the FireLens router of a task definition ("Send Amazon ECS logs to an AWS service or AWS Partner", Amazon
 * ECS Developer Guide). Throws ClientException.
 */
export function checkLogging(containers: readonly ContainerDefinition[], executionRoleArn: string | undefined): void {
  const routers = containers.filter(({ firelensConfiguration }) => firelensConfiguration);
  if (routers.length > 1) throw clientError('Only one FireLens container is allowed in a task definition.');
  for (const router of routers) checkRouter(router);
  for (const { name, logConfiguration } of containers) {
    if (!logConfiguration) continue;
    checkDriver(name, logConfiguration, executionRoleArn);
    if (logConfiguration.logDriver === 'awsfirelens' && routers.length === 0) {
      throw clientError(
        `When a container uses the awsfirelens log driver, the task definition must have a FireLens container: ${name}`,
      );
    }
  }
}

function checkRouter({ name, firelensConfiguration, logConfiguration }: ContainerDefinition): void {
  const { type, options = {} } = firelensConfiguration ?? {};
  if (type !== 'fluentbit') throw unsupported(`the FireLens type ${type} of the container ${name}; it has fluentbit`);
  if (logConfiguration?.logDriver === 'awsfirelens') {
    throw clientError(`A FireLens container can't use the awsfirelens log driver itself: ${name}`);
  }
  const known = ['enable-ecs-log-metadata', 'config-file-type', 'config-file-value'];
  const unknown = Object.keys(options).find((key) => !known.includes(key));
  if (unknown) throw clientError(`Invalid FireLens option '${unknown}' of the container ${name}.`);
  const kind = options['config-file-type'];
  if (kind === undefined) return;
  // "Using a custom configuration file": tasks on Fargate take files of the image only.
  if (kind !== 'file')
    throw clientError(`The FireLens config-file-type '${kind}' is not supported on Fargate; use file.`);
  if (!options['config-file-value']?.startsWith('/')) {
    throw clientError('The FireLens config-file-value is the absolute path of a file in the image.');
  }
}

const awslogsOptions = [
  'awslogs-create-group',
  'awslogs-group',
  'awslogs-region',
  'awslogs-stream-prefix',
  'max-buffer-size',
  'mode',
];

function checkDriver(name: string | undefined, log: LogConfiguration, executionRoleArn: string | undefined): void {
  const { logDriver, options = {} } = log;
  if (logDriver === 'awsfirelens') {
    if (log.secretOptions?.length) throw unsupported('secretOptions of a log configuration');
    return;
  }
  if (logDriver !== 'awslogs') {
    throw unsupported(`the log driver ${logDriver} of the container ${name}; it has awslogs and awsfirelens`);
  }
  for (const key of ['awslogs-group', 'awslogs-region', 'awslogs-stream-prefix']) {
    if (!options[key]) throw clientError(`Log driver awslogs requires option: ${key}`);
  }
  const unknown = Object.keys(options).find((key) => !awslogsOptions.includes(key));
  if (unknown) throw unsupported(`the awslogs option ${unknown}`);
  if (!executionRoleArn) {
    throw clientError('Fargate requires task definition to have execution role ARN to support log driver awslogs.');
  }
}
