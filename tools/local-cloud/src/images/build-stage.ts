import { mkdir, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { baseImage } from './base-images.ts';
import { configured } from './container-config.ts';
import { copyFiles } from './copy-files.ts';
import type { ParsedDockerfile, Stage, Step } from './dockerfile.ts';
import { expandWord } from './expand-word.ts';
import { ecrRegistry, readImageReference } from './image-reference.ts';
import type { ImageStore } from './image-store.ts';
import { applyLayer, packLayer } from './layers.ts';
import { type Architecture, type ContainerConfig, type Descriptor, ImageError, mediaTypes } from './oci.ts';

export interface BuildRequest {
  /** Folder that COPY reads from. */
  readonly context: string;
  /** Path of the Dockerfile in the context. Default: `Dockerfile`. */
  readonly file?: string | undefined;
  /** Stage to build. Default: the last. */
  readonly target?: string | undefined;
  readonly architecture: Architecture;
  readonly buildArgs: Readonly<Record<string, string>>;
}

/** What a build needs besides its request. */
export interface BuildSurroundings {
  readonly store: ImageStore;
  /** Fetches an image of the embedded cloud's ECR into the store. */
  readonly pull: (name: string) => Promise<void>;
  readonly warn: (line: string) => void;
}

/** A stage as far as it is built. */
export interface BuiltStage {
  /** Its files. */
  readonly root: string;
  config: ContainerConfig;
  /** Whether this stage has a CMD of its own, which an ENTRYPOINT leaves alone. */
  hasCmd: boolean;
  readonly layers: { readonly descriptor: Descriptor; readonly diffId: string }[];
  /** ARGs declared so far. */
  readonly args: Record<string, string>;
}

export interface BuildContext {
  readonly request: BuildRequest;
  readonly surroundings: BuildSurroundings;
  readonly scratch: string;
  readonly file: string;
  readonly parsed: ParsedDockerfile;
  /** Stages are built when something needs them, and once. */
  readonly build: Map<Stage, Promise<BuiltStage>>;
}

/** A stage by the name after AS, or by its number. */
export function stageNamed(stages: readonly Stage[], name: string): Stage | undefined {
  return (
    stages.find((stage) => stage.name === name.toLowerCase()) ?? (/^\d+$/.test(name) ? stages[Number(name)] : undefined)
  );
}

/** Builds a stage, unless that has been done; those it copies from come with it. Throws ImageError with file and line. */
export function buildStage(stage: Stage, context: BuildContext): Promise<BuiltStage> {
  let built = context.build.get(stage);
  if (!built) {
    built = runStage(stage, context);
    context.build.set(stage, built);
  }
  return built;
}

async function runStage(stage: Stage, context: BuildContext): Promise<BuiltStage> {
  const globals = globalArgs(context);
  const built = await at(stage.from, context, () => startStage(stage, globals, context));
  for (const step of stage.steps) await at(step, context, () => runStep(step, built, globals, context));
  return built;
}

/** Puts file and line in front of an ImageError's message. */
async function at<Result>({ line }: Step, { file }: BuildContext, run: () => Promise<Result>): Promise<Result> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof ImageError) || error.message.startsWith(`${file}:`)) throw error;
    throw new ImageError(`${file}:${line}: ${error.message}`);
  }
}

function globalArgs({ parsed, request }: BuildContext): Record<string, string> {
  const platform = `linux/${request.architecture}`;
  const args: Record<string, string> = {
    TARGETPLATFORM: platform,
    TARGETOS: 'linux',
    TARGETARCH: request.architecture,
  };
  for (const { pairs } of parsed.globalArgs) {
    for (const { name, value } of pairs) {
      args[name] = request.buildArgs[name] ?? expandWord(value ?? '', args);
    }
  }
  return args;
}

async function startStage(
  { from }: Stage,
  globals: Record<string, string>,
  context: BuildContext,
): Promise<BuiltStage> {
  const name = expandWord(from.args[0] ?? '', globals);
  const root = await mkdtemp(join(context.scratch, 'root-'));
  const { stages } = context.parsed;
  // Only stages above this one can be meant: `FROM base AS base` names an image.
  const parent = stageNamed(
    stages.slice(
      0,
      stages.findIndex((stage) => stage.from === from),
    ),
    name,
  );
  const start = parent ? await buildStage(parent, context) : await startImage(name, context);
  for (const { descriptor } of start.layers) {
    await applyLayer(root, await context.surroundings.store.readBlob(descriptor.digest));
  }
  return { root, config: start.config, hasCmd: false, layers: [...start.layers], args: {} };
}

async function startImage(name: string, context: BuildContext): Promise<Pick<BuiltStage, 'config' | 'layers'>> {
  const { store } = context.surroundings;
  if (await needsStore(name, context)) {
    const { manifest, config } = await store.image(name);
    const layers = manifest.layers.map((descriptor, i) => ({ descriptor, diffId: config.rootfs.diff_ids[i] ?? '' }));
    return { config: config.config, layers };
  }
  const { config, folders, write } = baseImage(name);
  if (folders.length === 0 && !write) return { config, layers: [] };
  const folder = await mkdtemp(join(context.scratch, 'base-'));
  for (const each of folders) await mkdir(join(folder, each), { recursive: true });
  await write?.(folder);
  return { config, layers: [await addLayer(folder, store)] };
}

/** Whether an image comes from the store: an ECR image always (fetched now, tags may have moved), others if built here. */
async function needsStore(name: string, { surroundings: { store, pull } }: BuildContext): Promise<boolean> {
  if (name === 'scratch') return false;
  if (ecrRegistry(readImageReference(name).host)) {
    await pull(name);
    return true;
  }
  return (await store.find(name)) !== undefined;
}

async function runStep(
  step: Step,
  built: BuiltStage,
  globals: Record<string, string>,
  context: BuildContext,
): Promise<void> {
  const env = Object.fromEntries((built.config.Env ?? []).map((entry) => entry.split(/=(.*)/s).slice(0, 2)));
  const expand = (text: string) => expandWord(text, { ...built.args, ...env });
  if (step.keyword === 'ARG') return declareArgs(step, built, globals, context, expand);
  if (step.keyword === 'COPY' || step.keyword === 'ADD') return copy(step, built, context, expand);
  const config = configured(built, step, expand);
  if (!config) throw unsupported(step);
  built.config = config;
  built.hasCmd ||= step.keyword === 'CMD';
  if (step.keyword !== 'WORKDIR' || config.WorkingDir === undefined) return;
  const folder = await mkdtemp(join(context.scratch, 'layer-'));
  await mkdir(join(folder, config.WorkingDir), { recursive: true });
  await extend(built, folder, context);
}

function unsupported({ keyword }: Step): ImageError {
  if (keyword !== 'RUN') return new ImageError(`${keyword} is not supported by the embedded cloud's image builder`);
  return new ImageError(
    "RUN needs a container to run in, and the embedded cloud has none. Do this step before the image is built, in the package's own build, and COPY its result.",
  );
}

function declareArgs(
  { pairs }: Step,
  built: BuiltStage,
  globals: Record<string, string>,
  { request }: BuildContext,
  expand: (text: string) => string,
): void {
  for (const { name, value } of pairs) {
    const declared = request.buildArgs[name] ?? (value === undefined ? globals[name] : expand(value));
    if (declared !== undefined) built.args[name] = declared;
  }
}

async function copy(
  step: Step,
  built: BuiltStage,
  context: BuildContext,
  expand: (text: string) => string,
): Promise<void> {
  const words = (step.json ?? step.args).map(expand);
  const destination = words.at(-1);
  if (words.length < 2 || destination === undefined)
    throw new ImageError(`${step.keyword} takes sources and a destination`);
  const sources = words.slice(0, -1);
  checkCopy(step, sources);
  const from = step.flags.get('from');
  const chmod = step.flags.get('chmod');
  const folder = await mkdtemp(join(context.scratch, 'layer-'));
  const request = {
    from: from === undefined ? context.request.context : await rootOf(expand(from), context),
    sources,
    destination,
    workingDir: built.config.WorkingDir ?? '/',
    mode: chmod === undefined ? undefined : Number.parseInt(chmod, 8),
  };
  await copyFiles(request, built.root, folder);
  await extend(built, folder, context);
}

function checkCopy({ keyword, flags }: Step, sources: readonly string[]): void {
  const chmod = flags.get('chmod');
  if (chmod !== undefined && !/^[0-7]{3,4}$/.test(chmod)) {
    throw new ImageError(`--chmod=${chmod}: only octal modes such as 755 are supported`);
  }
  // --link only changes how layers are cached.
  const unknown = [...flags.keys()].find((flag) => !['from', 'chmod', 'link'].includes(flag));
  if (unknown) throw new ImageError(`${keyword} --${unknown} is not supported by the embedded cloud's image builder`);
  if (keyword !== 'ADD') return;
  const remote = sources.find((source) => /^([a-z]+:\/\/|git@)/.test(source) || /\.(tar|tgz|tar\.\w+)$/.test(source));
  if (remote)
    throw new ImageError(
      `ADD ${remote}: only plain local files are supported; fetch or unpack it first and COPY the result`,
    );
}

/** Files of what `--from` names: a stage, or an image. */
async function rootOf(name: string, context: BuildContext): Promise<string> {
  const stage = stageNamed(context.parsed.stages, name);
  if (stage) return (await buildStage(stage, context)).root;
  const root = await mkdtemp(join(context.scratch, 'root-'));
  const { layers } = await startImage(name, context);
  for (const { descriptor } of layers) {
    await applyLayer(root, await context.surroundings.store.readBlob(descriptor.digest));
  }
  return root;
}

async function extend(built: BuiltStage, folder: string, { surroundings }: BuildContext): Promise<void> {
  const layer = await addLayer(folder, surroundings.store);
  built.layers.push(layer);
  await applyLayer(built.root, await surroundings.store.readBlob(layer.descriptor.digest));
}

async function addLayer(folder: string, store: ImageStore): Promise<BuiltStage['layers'][number]> {
  const { content, diffId } = await packLayer(folder);
  const digest = await store.writeBlob(content);
  return { descriptor: { mediaType: mediaTypes.layer, digest, size: content.length }, diffId };
}
