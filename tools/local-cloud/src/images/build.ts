import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type BuildContext,
  type BuildRequest,
  type BuildSurroundings,
  type BuiltStage,
  buildStage,
  stageNamed,
} from './build-stage.ts';
import { parseDockerfile, type Stage } from './dockerfile.ts';
import type { ImageStore } from './image-store.ts';
import { type Architecture, ImageError, mediaTypes, type OciImageConfig, type OciManifest } from './oci.ts';

/**
 * Builds an image from a Dockerfile without running anything in it, and returns the digest of its manifest in the store.
 * Throws ImageError naming file and line.
 */
export async function buildImage(request: BuildRequest, surroundings: BuildSurroundings): Promise<string> {
  const file = request.file ?? 'Dockerfile';
  const text = await readFile(join(request.context, file), 'utf8').catch(() => {
    throw new ImageError(`${join(request.context, file)} cannot be read; --file names the Dockerfile`);
  });
  const scratch = await mkdtemp(join(tmpdir(), 'stackyard-build-'));
  try {
    const build = new Map<Stage, Promise<BuiltStage>>();
    const context = { request, surroundings, scratch, file, parsed: parseDockerfile(text, file), build };
    warnOfUnusedArgs(context);
    const built = await buildStage(targetOf(context), context);
    return await writeImage(built, request.architecture, surroundings.store);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function targetOf({ request: { target }, parsed: { stages }, file }: BuildContext): Stage {
  const stage = target === undefined ? stages.at(-1) : stageNamed(stages, target);
  if (stage) return stage;
  const names = stages.flatMap(({ name }) => name ?? []).join(', ') || 'none with a name';
  throw new ImageError(`${file}: there is no stage '${target}' to build; its stages: ${names}`);
}

function warnOfUnusedArgs({ request, surroundings, parsed }: BuildContext): void {
  const steps = [...parsed.globalArgs, ...parsed.stages.flatMap(({ steps }) => steps)];
  const declared = steps
    .filter(({ keyword }) => keyword === 'ARG')
    .flatMap(({ pairs }) => pairs.map(({ name }) => name));
  const unused = Object.keys(request.buildArgs).filter((name) => !declared.includes(name));
  if (unused.length > 0) surroundings.warn(`build arguments without an ARG of that name: ${unused.join(', ')}`);
}

async function writeImage(
  { config, layers }: BuiltStage,
  architecture: Architecture,
  store: ImageStore,
): Promise<string> {
  const image: OciImageConfig = {
    architecture,
    os: 'linux',
    config,
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
  };
  const text = JSON.stringify(image);
  const manifest: OciManifest = {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: { mediaType: mediaTypes.config, digest: await store.writeBlob(text), size: Buffer.byteLength(text) },
    layers: layers.map(({ descriptor }) => descriptor),
  };
  return store.writeBlob(JSON.stringify(manifest));
}
