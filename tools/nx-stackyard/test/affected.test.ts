import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

/** Projects whose target a change to these files touches, as `nx affected` would run them. */
async function affected(target: string, files: readonly string[]): Promise<string[]> {
  const args = ['show', 'projects', '--affected', '--json', `--files=${files}`, `--withTarget=${target}`];
  const { stdout } = await promisify(execFile)('nx', args, {
    cwd: new URL('../../..', import.meta.url),
    env: { ...process.env, NX_DAEMON: 'false' },
  });
  return JSON.parse(stdout) as string[];
}

test('pages, tests, proofs and what developers run make no stack affected', async () => {
  const files = [
    'README.md',
    'packages/observability/lambda-zip/README.md',
    'packages/observability/lambda-zip/test/handler.test.ts',
    'packages/observability/lambda-zip/proof/delivery.proof.ts',
    'packages/observability/lambda-zip/demo.ts',
    'libs/cdk-core/test/stacks.ts',
    'libs/proof-kit/src/ledger.ts',
    'tools/local-cloud/src/clock.ts',
  ];
  expect(await affected('cdk', files)).toEqual([]);
});

test("a pattern's own source affects its stack and no other", async () => {
  expect(await affected('cdk', ['packages/observability/lambda-zip/src/handler.ts'])).toEqual([
    '@stackyard/lambda-zip',
  ]);
});

test('a library affects the stacks it goes into', async () => {
  const stacks = await affected('cdk', ['libs/handler-kit/src/logger.ts']);
  expect(stacks).toContain('@stackyard/lambda-zip');
  expect(stacks).not.toContain('@stackyard/observability-core');
});

test('a change to the embedded cloud is proven anew by every pattern', async () => {
  expect(await affected('proof', ['tools/local-cloud/src/clock.ts'])).toContain('@stackyard/lambda-zip');
});
