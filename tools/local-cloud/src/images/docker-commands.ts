import { resolve } from 'node:path';
import { arch } from 'node:process';
import { parseArgs } from 'node:util';
import { buildImage } from './build.ts';
import { readImageReference } from './image-reference.ts';
import type { ImageStore } from './image-store.ts';
import { type Architecture, ImageError } from './oci.ts';
import { logIn, pullImage, pushImage } from './registry-client.ts';

export interface Terminal {
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
  /** All of standard input. */
  readonly input: () => Promise<string>;
  /** Working directory: build contexts are relative to it. */
  readonly cwd: string;
}

type Command = (args: string[], store: ImageStore, terminal: Terminal) => Promise<void>;

const commands: Record<string, Command> = { build, images, inspect, login, pull, push, tag };

/**
 * Runs one command line of the Docker CLI, as far as the CDK CLI uses it: build, images, inspect, login, pull, push, tag.
 * Returns the exit code; what went wrong is on `terminal.err`.
 */
export async function runDocker(argv: readonly string[], store: ImageStore, terminal: Terminal): Promise<number> {
  // The CDK CLI may pass a folder of credential helpers in front; images come from nowhere that would need them.
  const [name = '', ...args] = argv[0] === '--config' ? argv.slice(2) : argv;
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  try {
    if (!command) {
      throw new ImageError(
        `there is no '${name}' here; this stand-in for Docker has ${Object.keys(commands).join(', ')}`,
      );
    }
    await command([...args], store, terminal);
    return 0;
  } catch (error) {
    const expected = error instanceof ImageError || (error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS');
    terminal.err(`${name}: ${expected ? (error as Error).message : (error as Error).stack}`);
    return 1;
  }
}

const buildOptions = {
  'build-arg': { type: 'string', multiple: true },
  tag: { type: 'string', short: 't' },
  target: { type: 'string' },
  file: { type: 'string', short: 'f' },
  platform: { type: 'string' },
  'cache-from': { type: 'string', multiple: true },
  'cache-to': { type: 'string' },
  'no-cache': { type: 'boolean' },
} as const;

async function build(args: string[], store: ImageStore, { err, cwd }: Terminal): Promise<void> {
  const { values, positionals } = parseArgs({ args, options: buildOptions, allowPositionals: true });
  if (positionals.length !== 1) throw new ImageError('it takes one folder as the build context');
  const request = {
    context: resolve(cwd, positionals[0] ?? ''),
    file: values.file,
    target: values.target,
    architecture: architectureOf(values.platform),
    buildArgs: Object.fromEntries((values['build-arg'] ?? []).map(readBuildArg)),
  };
  const digest = await buildImage(request, { store, pull: (name) => pullImage(name, store), warn: err });
  if (values.tag !== undefined) await store.tag(values.tag, digest);
  err(`built ${values.tag ?? digest}`);
}

/** Without a value the variable of the environment is meant. */
function readBuildArg(text: string): [string, string] {
  const [name = '', value] = text.split(/=(.*)/s);
  return [name, value ?? process.env[name] ?? ''];
}

function architectureOf(platform: string | undefined): Architecture {
  if (platform === undefined) return arch === 'arm64' ? 'arm64' : 'amd64';
  const [, name] = /^linux\/(amd64|arm64)(?:\/v8)?$/.exec(platform) ?? [];
  if (name) return name as Architecture;
  throw new ImageError(`--platform ${platform}: Lambda and Fargate run linux/amd64 and linux/arm64`);
}

async function inspect(args: string[], store: ImageStore, { out }: Terminal): Promise<void> {
  const names = parseArgs({ args, allowPositionals: true }).positionals;
  const found = await Promise.all(names.map((name) => store.image(name)));
  const described = found.map(({ digest, manifest, config }, i) => ({
    Id: manifest.config.digest,
    RepoTags: [names[i]],
    RepoDigests: [digest],
    Architecture: config.architecture,
    Os: config.os,
    Config: config.config,
    RootFS: { Type: 'layers', Layers: config.rootfs.diff_ids },
  }));
  out(JSON.stringify(described, undefined, 2));
}

async function tag(args: string[], store: ImageStore): Promise<void> {
  const [source, target] = parseArgs({ args, allowPositionals: true }).positionals;
  if (source === undefined || target === undefined) throw new ImageError('it takes an image and its new name');
  await store.tag(target, (await store.image(source)).digest);
}

async function login(args: string[], store: ImageStore, { input, out }: Terminal): Promise<void> {
  const options = { username: { type: 'string', short: 'u' }, 'password-stdin': { type: 'boolean' } } as const;
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const [host] = positionals;
  if (values.username !== 'AWS' || !values['password-stdin'] || host === undefined) {
    throw new ImageError('it takes --username AWS --password-stdin and the host of an ECR registry');
  }
  await logIn(host.replace(/^https?:\/\/|\/$/g, ''), (await input()).trim(), store);
  out('Login Succeeded');
}

async function push(args: string[], store: ImageStore, { out }: Terminal): Promise<void> {
  const [name = ''] = parseArgs({ args, allowPositionals: true }).positionals;
  out(`pushed ${name} (${await pushImage(name, store)})`);
}

async function pull(args: string[], store: ImageStore, { out }: Terminal): Promise<void> {
  const [name = ''] = parseArgs({ args, allowPositionals: true }).positionals;
  await pullImage(name, store);
  out(`pulled ${name}`);
}

/** Only the form in which the CDK CLI looks for an image by its tag: any repository, one tag. */
async function images(args: string[], store: ImageStore, { out }: Terminal): Promise<void> {
  const options = { format: { type: 'string' }, filter: { type: 'string' } } as const;
  const { values } = parseArgs({ args, options });
  const [, wanted] = /^reference=\*\/\*:(.+)$/.exec(values.filter ?? '') ?? [];
  if (values.filter !== undefined && wanted === undefined) {
    throw new ImageError(`--filter ${values.filter}: only reference=*/*:<tag> is supported`);
  }
  for (const name of await store.names()) {
    const { repository, reference } = readImageReference(name);
    const matches = wanted === undefined || (name.includes('/') && repository !== '' && reference === wanted);
    if (matches) out(name);
  }
}
