import { execFileSync } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

let opt: string;
beforeAll(async () => {
  opt = await mkdtemp(join(tmpdir(), 'opt with a blank-'));
  await mkdir(join(opt, 'extensions'));
  await mkdir(join(opt, 'telemetry'));
  await cp(fileURLToPath(new URL('../image/telemetry.sh', import.meta.url)), join(opt, 'extensions/telemetry'));
  await chmod(join(opt, 'extensions/telemetry'), 0o755);
  await writeFile(
    join(opt, 'telemetry/index.mjs'),
    'console.log(JSON.stringify({ file: import.meta.filename, launcher: process.argv[2], options: process.env.NODE_OPTIONS }));',
  );
});
afterAll(() => rm(opt, { recursive: true }));

test("starts the extension beside it, wherever /opt is, with its own path and without the function's NODE_OPTIONS", () => {
  const env = { PATH: process.env['PATH'], NODE_OPTIONS: '--import=/nowhere.mjs' };
  const output = execFileSync(join(opt, 'extensions/telemetry'), { cwd: '/', env, encoding: 'utf8' });
  expect(JSON.parse(output)).toEqual({
    file: join(opt, 'telemetry/index.mjs'),
    launcher: join(opt, 'extensions/telemetry'),
  });
});
