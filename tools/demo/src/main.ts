import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import {
  CloudFormationClient,
  paginateDescribeStacks,
  paginateListStackResources,
} from '@aws-sdk/client-cloudformation';
import { defaultPort, dockerStandIn, type LaunchedCloud, launchCloud } from '@stackyard/local-cloud';
import { bootstrap } from '@stackyard/proof-kit';
import { Listr } from 'listr2';
import { demoEgress } from './egress/main.ts';
import { findShapes } from './find-shapes.ts';
import { observe } from './observe.ts';
import { runCommand } from './run-command.ts';
import type { Shape } from './shape.ts';
import { ledgerTable, mismatches, recordsTable, type ShapeResult, stacksTable } from './tables.ts';

const workspace = fileURLToPath(new URL('../../..', import.meta.url));
const stage = process.env['STACKYARD_STAGE'] ?? 'dev';

/** Of the hundreds of lines that Nx and the CDK CLI print, those that say how far they are. */
const worthShowing =
  /> nx run|✅|❌|: deploying\.\.\.|Published|CREATE_COMPLETE .*CloudFormation::Stack|FAILED|rror|Successfully ran/;

interface Demo {
  cloud: LaunchedCloud;
  shapes: Shape[];
  stacks: { name: string; status: string; resources: number; outputs: Record<string, string> }[];
  results: ShapeResult[];
}

async function main(): Promise<void> {
  const demo = {} as Demo;
  try {
    await steps(demo).run();
    const differences = mismatches(demo.results);
    process.stdout.write(report(demo, differences));
    if (differences.length > 0) process.exitCode = 1;
    else if (process.stdin.isTTY && process.stdout.isTTY) await stayUp(demo);
  } catch (error) {
    process.stderr.write(`\nThe demo failed: ${(error as Error).message}\n`);
    process.exitCode = 1;
  } finally {
    await demo.cloud?.stop();
  }
}

function steps(demo: Demo) {
  return new Listr(
    [
      {
        title: 'Start the embedded cloud',
        task: async (_, task) => {
          demo.shapes = await findShapes(workspace);
          demo.cloud = await launchCloud({ port: defaultPort }).catch(() => launchCloud());
          Object.assign(process.env, demo.cloud.environment);
          task.title = `The embedded cloud runs on ${demo.cloud.endpoint}`;
        },
      },
      {
        title: 'cdk bootstrap',
        task: () => bootstrap({ ...demo.cloud.environment, CDK_DOCKER: dockerStandIn }),
      },
      {
        title: 'nx run-many -t cdk -- deploy',
        task: (_, task) =>
          runCommand(
            'nx',
            [
              'run-many',
              '-t',
              'cdk',
              '--projects=tag:family:observability',
              '--outputStyle=stream',
              '--',
              'deploy',
              '--progress=events',
            ],
            {
              cwd: workspace,
              environment: { ...demo.cloud.environment, NX_DAEMON: 'false' },
              onLine(line) {
                const text = stripVTControlCharacters(line);
                if (worthShowing.test(text)) task.output = text;
              },
            },
          ),
      },
      {
        title: 'Send requests and read the stream',
        task: async (_, task) => {
          demo.stacks = await standingStacks();
          demo.results = await observe(demo.shapes, demo.stacks, stage, (line) => {
            task.output = line;
          });
        },
      },
    ],
    { fallbackRenderer: 'verbose', rendererOptions: { collapseSubtasks: false } },
  );
}

async function standingStacks(): Promise<Demo['stacks']> {
  const client = new CloudFormationClient({});
  const stacks: Demo['stacks'] = [];
  for await (const page of paginateDescribeStacks({ client }, {})) {
    for (const { StackName = '', StackStatus = '', Outputs = [] } of page.Stacks ?? []) {
      let resources = 0;
      for await (const list of paginateListStackResources({ client }, { StackName })) {
        resources += list.StackResourceSummaries?.length ?? 0;
      }
      const outputs = Object.fromEntries(
        Outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
      );
      stacks.push({ name: StackName, status: StackStatus, resources, outputs });
    }
  }
  return stacks.sort((a, b) => a.name.localeCompare(b.name));
}

function report({ stacks, results }: Demo, differences: readonly string[]): string {
  const verdict =
    differences.length === 0
      ? 'Every line reached the Kinesis stream exactly once.'
      : `Something differs:\n${differences.map((line) => `  - ${line}`).join('\n')}`;
  return [
    '',
    stacksTable(stacks),
    recordsTable(results, process.stdout.columns ?? 160),
    ledgerTable(results),
    verdict,
    '',
  ].join('\n');
}

/** In a terminal the cloud stays, so that its user can look around. Ctrl-C ends it. */
async function stayUp({ cloud, shapes, stacks }: Demo): Promise<void> {
  const exports = Object.entries(cloud.environment)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `  export ${name}=${value}`);
  const commands = shapes.flatMap((shape) => shape.next(outputsOf(stacks, shape))).map((line) => `  ${line}`);
  process.stdout.write(
    `\nThe cloud stays up until Ctrl-C. In another shell:\n\n${exports.join('\n')}\n\n${commands.join('\n')}\n  npx -y pnpm@12.21.0 logs --follow --level info\n  aws --endpoint-url ${cloud.endpoint} cloudformation describe-stacks --query 'Stacks[].StackName'\n`,
  );
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
}

function outputsOf(stacks: Demo['stacks'], shape: Shape): Record<string, string> {
  return stacks.find(({ name }) => name === `${stage}-${shape.stack}`)?.outputs ?? {};
}

const [part] = process.argv.slice(2);
if (part === undefined) await main();
else if (part === 'egress') await demoEgress(workspace);
else {
  process.stderr.write(
    `There is no part '${part}'. pnpm demo shows observability, pnpm demo egress the egress patterns.\n`,
  );
  process.exitCode = 1;
}
