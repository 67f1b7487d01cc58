import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
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

/** The layer as CDK publishes it. */
export async function layerZip(): Promise<Uint8Array> {
  const executable = { os: 3, attrs: (0o100755 << 16) >>> 0 };
  return zip(layer, { 'extensions/telemetry': executable, 'telemetry/index.mjs': {} });
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
