import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { type Zippable, zipSync } from 'fflate';

const run = promisify(execFile);
const workspace = fileURLToPath(new URL('../../../..', import.meta.url));
const layer = `${workspace}packages/observability/core/dist/layer/`;
const handler = `${workspace}packages/observability/lambda-zip/dist/`;

/** What Lambda starts as the extension. */
export const launcher = `${layer}extensions/telemetry`;

/** Builds the patterns whose built files are measured; from Nx's cache when nothing has changed. */
export async function buildPatterns(): Promise<void> {
  const projects = '@stackyard/observability-core,@stackyard/lambda-zip';
  await run('nx', ['run-many', '-t', 'build', '-p', projects, '--outputStyle=static'], { cwd: workspace });
}

/**
 * Runs with the launcher of the same extension with the AWS SDK's client in it, which is built for that: everything else is the
 * layer's own source.
 */
export async function withSdkVariant<T>(use: (launcher: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'stackyard-sdk-variant-'));
  const client = fileURLToPath(new URL('./sdk-put-records.ts', import.meta.url));
  try {
    await cp(`${layer}extensions`, join(folder, 'extensions'), { recursive: true });
    await build({
      entryPoints: { 'telemetry/index': `${workspace}packages/observability/core/src/extension/main.ts` },
      outdir: folder,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      minify: true,
      platform: 'node',
      target: 'node24',
      format: 'esm',
      mainFields: ['module', 'main'],
      banner: {
        js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
      },
      logLevel: 'error',
      plugins: [
        {
          name: 'sdk',
          setup: ({ onResolve }) => onResolve({ filter: /\/put-records\.ts$/ }, () => ({ path: client })),
        },
      ],
    });
    return await use(join(folder, 'extensions', 'telemetry'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const executable = { os: 3, attrs: (0o100755 << 16) >>> 0 };

/** A layer as CDK publishes it. Default: the pattern's; or the one with this launcher. */
export async function layerZip(of = launcher): Promise<Uint8Array> {
  return zip(join(of, '../../'), { 'extensions/telemetry': executable, 'telemetry/index.mjs': {} });
}

/** A layer whose extension registers and waits. */
export async function idleLayerZip(): Promise<Uint8Array> {
  const program = await readFile(new URL('./idle-extension.mjs', import.meta.url));
  return zipSync({ 'extensions/idle': [program, executable], 'package.json': [Buffer.from('{"type":"module"}'), {}] });
}

/** The code of the pattern `lambda-zip`. */
export async function handlerZip(): Promise<Uint8Array> {
  return zip(handler, { 'handler.mjs': {} });
}

async function zip(folder: string, files: Readonly<Record<string, { os?: number; attrs?: number }>>) {
  const entries: Zippable = {};
  for (const [name, attributes] of Object.entries(files)) {
    entries[name] = [await readFile(`${folder}${name}`), attributes];
  }
  return zipSync(entries);
}
