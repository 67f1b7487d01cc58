import { stripVTControlCharacters } from 'node:util';
import { dockerStandIn, type LaunchedCloud, launchCloud } from '@stackyard/local-cloud';
import { bootstrap } from '@stackyard/proof-kit';
import { Listr } from 'listr2';
import { runCommand } from '../run-command.ts';
import { drawRates, resultsTable } from './draw.ts';
import { type EgressResult, observe } from './observe.ts';
import { patterns } from './patterns.ts';

interface Demo {
  cloud?: LaunchedCloud;
  readonly results: EgressResult[];
}

/** `pnpm demo egress`: deploys egress patterns, sends each of them events, shows what reached the partner. */
export async function demoEgress(workspace: string): Promise<void> {
  const demo: Demo = { results: [] };
  try {
    await steps(demo, workspace).run();
    const isComplete = demo.results.every(({ lost }) => lost === 0);
    const verdict = isComplete
      ? 'The partner knows the newest of every user, and took no call twice.'
      : 'The partner does not know the newest of every user.';
    process.stdout.write(`\n${resultsTable(demo.results)}\n${drawRates(demo.results)}\n${verdict}\n`);
    if (!isComplete) process.exitCode = 1;
  } catch (error) {
    process.stderr.write(`\nThe demo failed: ${(error as Error).message}\n`);
    process.exitCode = 1;
  } finally {
    await demo.cloud?.stop();
  }
}

function steps(demo: Demo, workspace: string) {
  const projects = ['@stackyard/egress-partner', ...patterns.map(({ project }) => project)];
  return new Listr(
    [
      {
        title: 'Start the embedded cloud',
        task: async (_, task) => {
          demo.cloud = await launchCloud();
          Object.assign(process.env, demo.cloud.environment, { CDK_DOCKER: dockerStandIn });
          task.title = `The embedded cloud runs on ${demo.cloud.endpoint}`;
        },
      },
      { title: 'cdk bootstrap', task: () => bootstrap(demo.cloud?.environment ?? {}) },
      {
        title: 'nx run-many -t cdk -- deploy',
        task: (_, task) =>
          runCommand(
            'nx',
            ['run-many', '-t', 'cdk', `--projects=${projects.join()}`, '--outputStyle=stream', '--', 'deploy'],
            {
              cwd: workspace,
              environment: { NX_DAEMON: 'false' },
              onLine(line) {
                const text = stripVTControlCharacters(line);
                if (/> nx run|✅|❌|FAILED|rror/.test(text)) task.output = text;
              },
            },
          ),
      },
      {
        title: 'Send events and watch the partner',
        task: async (_, task) => {
          for (const pattern of patterns) {
            task.output = `${pattern.name}: events are sent${pattern.leapMs === null ? '' : ', the cloud’s clock runs fast'}`;
            demo.results.push(await observe(pattern));
          }
        },
      },
    ],
    { fallbackRenderer: 'verbose', rendererOptions: { collapseSubtasks: false } },
  );
}
