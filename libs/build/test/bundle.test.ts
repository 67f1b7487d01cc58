import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundle } from '../src/index.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bundle-'));
  await writeFile(join(folder, 'old-style.cjs'), "module.exports = { platform: require('os').platform() };");
  await writeFile(
    join(folder, 'handler.ts'),
    [
      "import { platform } from './old-style.cjs';",
      'export const handler = async (): Promise<string> => platform;',
      "if (process.argv[2] === 'fail') failHere();",
      "function failHere(): never { throw new Error('broken'); }",
    ].join('\n'),
  );
});
afterAll(() => rm(folder, { recursive: true }));

const built = async (name: string) => {
  const outdir = join(folder, name);
  await bundle({ entries: { handler: join(folder, 'handler.ts') }, outdir });
  return outdir;
};

describe('a bundle', () => {
  test('is an ES module that still serves CommonJS dependencies', async () => {
    const { handler } = await import(join(await built('module'), 'handler.mjs'));
    expect(await handler()).toBe(process.platform);
  });

  test('has the same bytes each time, and nothing of an earlier build beside it', async () => {
    const outdir = await built('twice');
    const first = await readFile(join(outdir, 'handler.mjs'), 'utf8');
    await writeFile(join(outdir, 'stale.mjs'), '');
    await built('twice');
    expect(await readFile(join(outdir, 'handler.mjs'), 'utf8')).toBe(first);
    expect((await readdir(outdir)).sort()).toEqual(['handler.mjs', 'handler.mjs.map']);
  });

  test('gives stack traces in terms of the sources', async () => {
    const outdir = await built('traces');
    const run = () =>
      execFileSync(process.execPath, ['--enable-source-maps', join(outdir, 'handler.mjs'), 'fail'], { stdio: 'pipe' });
    expect(run).toThrow(/failHere \(.*handler\.ts:4/);
  });
});
