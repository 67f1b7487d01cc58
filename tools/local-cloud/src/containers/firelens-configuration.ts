import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ContainerDefinition } from '@aws-sdk/client-ecs';
import { lastPart } from '../services/ecs/state.ts';
import { routerSocket } from './firelens.ts';
import type { TaskSpec } from './types.ts';

const configurationFile = '/fluent-bit/etc/fluent-bit.conf';
/** Options of the log driver itself; the others are the output's. */
const driverOptions = ['Name', 'include-pattern', 'exclude-pattern', 'log-driver-buffer-limit'];

/**
 * The configuration that ECS makes for a Fluent Bit router: inputs, patterns of the containers' log options, ECS metadata,
 * the custom file, one output per container that names one (amazon-ecs-agent, agent/taskresource/firelens).
 */
export async function writeRouterConfiguration(
  { firelensConfiguration }: ContainerDefinition,
  { task, definition }: TaskSpec,
  root: string,
): Promise<void> {
  const options = firelensConfiguration?.options ?? {};
  const routed = (definition.containerDefinitions ?? []).filter(
    ({ logConfiguration }) => logConfiguration?.logDriver === 'awsfirelens',
  );
  const metadata = {
    ecs_cluster: lastPart(task.clusterArn ?? ''),
    ecs_task_arn: task.taskArn,
    ecs_task_definition: `${definition.family}:${definition.revision}`,
  };
  const custom = options['config-file-value'];
  const parts = [
    section('INPUT', { Name: 'forward', unix_path: routerSocket }),
    section('INPUT', { Name: 'forward', Listen: '127.0.0.1', Port: '24224' }),
    ...routed.flatMap(patternFilters),
    // On by default.
    ...(options['enable-ecs-log-metadata'] === 'false'
      ? []
      : [
          `[FILTER]\n    Name record_modifier\n    Match *\n${Object.entries(metadata)
            .map(([key, value]) => `    Record ${key} ${value}\n`)
            .join('')}`,
        ]),
    ...(custom ? [`@INCLUDE ${custom}\n`] : []),
    ...routed.flatMap(output),
  ];
  const file = join(root, configurationFile);
  await mkdir(dirname(file), { recursive: true });
  await mkdir(dirname(join(root, routerSocket)), { recursive: true });
  await writeFile(file, parts.join('\n'));
}

const tagPattern = ({ name }: ContainerDefinition) => `${name}-firelens*`;

function patternFilters(container: ContainerDefinition): string[] {
  const { options = {} } = container.logConfiguration ?? {};
  const grep = (key: string, pattern: string | undefined) =>
    pattern ? [section('FILTER', { Name: 'grep', Match: tagPattern(container), [key]: `log ${pattern}` })] : [];
  return [...grep('Regex', options['include-pattern']), ...grep('Exclude', options['exclude-pattern'])];
}

function output(container: ContainerDefinition): string[] {
  const { options = {} } = container.logConfiguration ?? {};
  if (!options['Name']) return [];
  const own = Object.entries(options).filter(([key]) => !driverOptions.includes(key));
  return [section('OUTPUT', { Name: options['Name'], Match: tagPattern(container), ...Object.fromEntries(own) })];
}

function section(name: string, entries: Readonly<Record<string, string>>): string {
  const lines = Object.entries(entries).map(([key, value]) => `    ${key} ${value}\n`);
  return `[${name}]\n${lines.join('')}`;
}
