import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  type CreateNodesResultArray,
  type CreateNodesV2,
  createNodesFromFiles,
  type TargetConfiguration,
} from '@nx/devkit';

/**
 * Infers every project's targets, so that no project has a project.json.
 *
 * A folder of packages/ with a cdk.json is a pattern: `build → synth → cdk`, beside `typecheck, lint, test, proof`.
 * A folder of libs/ or tools/ with a package.json has `typecheck, lint, test`.
 */
export const createNodesV2: CreateNodesV2 = [
  '{packages/*/*/cdk.json,libs/*/package.json,tools/*/package.json}',
  (files, options, context): Promise<CreateNodesResultArray> =>
    createNodesFromFiles(
      (file) => {
        const root = dirname(file);
        const has = (path: string) => existsSync(join(context.workspaceRoot, root, path));
        const targets = { ...checkTargets(has), ...(file.endsWith('cdk.json') ? patternTargets(has) : {}) };
        return {
          projects: { [root]: { root, targets, ...(goesIntoStacks(root) ? {} : { namedInputs: { production: [] } }) } },
        };
      },
      files,
      options,
      context,
    ),
];

type Targets = Record<string, TargetConfiguration>;
type Has = (path: string) => boolean;

/**
 * What developers and proofs run goes into no stack: patterns depend on it to be proven, and still a change to it makes no
 * stack affected.
 */
function goesIntoStacks(root: string): boolean {
  return !root.startsWith('tools/') && root !== 'libs/proof-kit';
}

/** The tool's own folder as seen from a pattern, three levels down. */
const tool = '../../../tools/nx-stackyard/src';

function command(line: string, rest: Partial<TargetConfiguration>): TargetConfiguration {
  return { executor: 'nx:run-commands', options: { command: line, cwd: '{projectRoot}' }, ...rest };
}

function checkTargets(has: Has): Targets {
  return {
    typecheck: command('tsc -p .', { cache: true, inputs: ['default', '^default'] }),
    lint: command('biome check --error-on-warnings .', {
      cache: true,
      inputs: ['default', '{workspaceRoot}/biome.json'],
    }),
    ...(has('test') ? { test: vitest('test', 'vitest.config.ts') } : {}),
  };
}

/** Results are written as JSON beside the cache entry, so that a run answered from the cache can still be counted. */
function vitest(name: string, config: string, rest: Partial<TargetConfiguration> = {}): TargetConfiguration {
  const results = `.stackyard/${name}.json`;
  const line = `vitest run --config ${config} --reporter=default --reporter=json --outputFile.json=${results}`;
  return command(line, {
    cache: true,
    inputs: ['default', '^default', '{workspaceRoot}/vitest.config.base.ts'],
    outputs: [`{projectRoot}/${results}`],
    ...rest,
  });
}

function patternTargets(has: Has): Targets {
  const synthesised = [
    'production',
    '^production',
    { env: 'STACKYARD_STAGE' },
    { env: 'STACKYARD_USAGE' },
    // An ephemeral stack carries the time of its end, counted from synthesis: it is never taken from the cache.
    { runtime: `node -p "process.env.STACKYARD_USAGE === 'EPHEMERAL' ? Date.now() : 0"` },
  ];
  return {
    build: command('node build.ts', {
      cache: true,
      inputs: ['production', '^production'],
      outputs: ['{projectRoot}/dist'],
    }),
    synth: command('cdk synth --quiet', {
      cache: true,
      dependsOn: ['build'],
      inputs: synthesised,
      outputs: ['{projectRoot}/cdk.out'],
    }),
    // `cdk` hands its verb to `deploy-stack` first, which acts on `deploy` alone and goes through the dependencies in order.
    // So a deploy reaches the core first, and no other verb given to a pattern ever reaches the core.
    'deploy-stack': command(`node ${tool}/cdk.ts --only-deploy`, {
      cache: false,
      dependsOn: ['synth', { dependencies: true, target: 'deploy-stack', params: 'forward' }],
      inputs: synthesised,
    }),
    cdk: command(`node ${tool}/cdk.ts --but-deploy`, {
      cache: false,
      dependsOn: ['synth', { target: 'deploy-stack', params: 'forward' }],
      inputs: synthesised,
      metadata: {
        description: 'Runs the CDK CLI on the synthesised assembly: nx run <pattern>:cdk -- deploy | diff | destroy …',
      },
    }),
    ...(has('proof')
      ? {
          proof: vitest('proof', 'vitest.proof.config.ts', {
            dependsOn: ['synth', { dependencies: true, target: 'synth' }],
            inputs: ['default', '^default', { env: 'STACKYARD_TARGET' }, { env: 'STACKYARD_STAGE' }],
          }),
        }
      : {}),
  };
}
