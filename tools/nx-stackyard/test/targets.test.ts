import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';

/** The workspace's project graph as Nx itself reports it. */
interface Project {
  root: string;
  targets: Record<string, { dependsOn?: unknown[]; cache?: boolean; inputs?: unknown[]; outputs?: string[] }>;
}

let pattern: Project;

beforeAll(async () => {
  const { stdout } = await promisify(execFile)('nx', ['show', 'project', '@stackyard/lambda-zip', '--json'], {
    cwd: new URL('../../..', import.meta.url),
    env: { ...process.env, NX_DAEMON: 'false' },
  });
  pattern = JSON.parse(stdout) as Project;
});

test('a cdk.json implies every target of a pattern', () => {
  expect(Object.keys(pattern.targets).sort()).toEqual(
    ['build', 'cdk', 'deploy-stack', 'lint', 'proof', 'synth', 'test', 'typecheck'].sort(),
  );
});

test('a deploy reaches the dependencies first, because deploy-stack follows the graph with the verb forwarded', () => {
  expect(pattern.targets['cdk']?.dependsOn).toContainEqual({ target: 'deploy-stack', params: 'forward' });
  expect(pattern.targets['deploy-stack']?.dependsOn).toContainEqual({
    dependencies: true,
    target: 'deploy-stack',
    params: 'forward',
  });
});

test('everything but talking to a cloud is cached', () => {
  const uncached = Object.entries(pattern.targets).filter(([, { cache }]) => !cache);
  expect(uncached.map(([name]) => name).sort()).toEqual(['cdk', 'deploy-stack']);
});
